// Serves one fixed answer over mutual TLS, for serving.sh: what the transport costs without what the agent does on top.
//
//   serving-bench PORT DIRECTORY      with ca.pem, server.pem and server.key in the directory
import Glibc
import Linux
import NIOCore
import NIOPosix
import OpenSSL
import Serving
import Trust
import Values

func fail(_ words: String) -> Never {
    let line = Array("serving-bench: error: \(words)\n".utf8)
    _ = unsafe write(2, line, line.count)
    exit(1)
}

func contents(of path: String) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { fail("cannot open \(path)") }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
}

guard CommandLine.arguments.count == 3, let port = UInt16(CommandLine.arguments[1]) else {
    fail("usage: serving-bench PORT DIRECTORY")
}
let directory = CommandLine.arguments[2]
let anchors = CertificateBundle(contents(of: directory + "/ca.pem")).certificates
let answer = ByteBuffer(
    string: #"{"success":true,"request_id":"f81d4fae-7dec-41d0-a765-00a0c91e6bf6","#
        + #""timestamp":"2026-11-23T20:00:00+00:00","#
        + #""data":{"status":"healthy","uptime_seconds":1,"version":"1.2.0"},"error":null}"#)
do {
    let judge = try PeerJudge(anchors: anchors, list: .missing, purpose: .client)
    let material = try TLSMaterial(
        certificateChainPEM: contents(of: directory + "/server.pem"), keyPEM: contents(of: directory + "/server.key"),
        clientAnchorsPEM: contents(of: directory + "/ca.pem")
    ) { chain in
        switch judge.judge(chain, at: Clock.wall) {
        case .accepted: .accepted
        case .refused(let fault): .refused(reason: fault.description)
        }
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    var limits = ServerLimits()
    limits.connections = 4096
    limits.connectionsPerPeer = 4096
    limits.idle = .seconds(600)
    let server = try HTTPServer.binding(
        to: [ListenAddress(IPAddress(ipv4: 0x7F00_0001), port: port)], group: group, tls: TLSHolder(material),
        limits: limits, admit: { _ in true },
        respond: { _ in .now(HTTPResponse(body: answer)) }
    ).wait()
    try group.any().makePromise(of: Void.self).futureResult.wait()
    try server.draining(within: .seconds(1)).wait()
} catch {
    fail("\(error)")
}
