import Foundation
import Linux
import Testing
import Values

@testable import Observe

@Suite struct SocketUnitFilesTests {
    @Test(
        arguments: [
            ("12443", 12443), ("0.0.0.0:12443", 12443), ("[::]:12443", 12443), ("127.0.0.1:80", 80),
            ("/run/agent.sock", nil), ("@abstract:12443", nil), ("vsock::x", nil), ("99999", nil),
        ] as [(String, UInt16?)])
    func `a port is read in each spelling of systemd`(address: String, port: UInt16?) {
        #expect(SocketUnitFiles.port(of: address) == port)
    }

    @Test func `the unit that asks for the port is named, and the one that has precedence counts`() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "socket-units-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        func write(_ path: String, _ text: String) throws {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try write("etc/systemd/system/billing.socket", "[Socket]\nListenStream = 12443\n")
        try write("etc/systemd/system/moved.socket", "[Socket]\nListenStream=9999\n")
        try write("usr/lib/systemd/system/moved.socket", "[Socket]\nListenStream=12443\n")
        try write("usr/lib/systemd/system/datagram.socket", "[Socket]\nListenDatagram=12443\n")
        #expect(SocketUnitFiles(below: HostRoot(root.path)).units(listeningOn: .agent) == ["billing.socket"])
    }
}
