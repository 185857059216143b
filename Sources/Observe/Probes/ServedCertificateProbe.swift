public import Evidence
public import Linux
import OpenSSL
import Trust
import Values

/// The certificate that the service shows to a TLS client.
///
/// This is the one look that the host can notice: a connection that asks for nothing and is reset. Nobody but the
/// service itself is called: a connection to a socket unit would start what lies behind it.
public struct ServedCertificateProbe: Probe {
    public let subject = "served certificate"
    public let volatility = Volatility.files
    public let needs = HostRoot.Extent.whole

    /// For the whole conversation: a listener that never answers must not hold up the report.
    static let patience = Interval.seconds(2)

    public init() {}

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let what = "served certificate"
        func missing(_ absence: Absence) -> Observation { Observation { $0.served = .missing(absence) } }
        guard root.isLive else {
            return missing(Absence(what, .notAvailable, why: "this is not the running host"))
        }
        guard target.hasConfiguration else {
            return missing(Absence(what, .notLookedFor, why: target.configurationSource))
        }
        let port: PortFact
        switch seen.port {
        case .value(let fact, _): port = fact
        case .missing(let absence):
            return missing(Absence(what, absence.reason, why: "\(absence.what): \(absence.why)"))
        }
        let own = port.listeners.filter { $0.holders.contains { seen.isService($0.process) } }
        guard let listener = own.first(where: { $0.family == .ipv4 }) ?? own.first else {
            let why =
                port.listeners.isEmpty
                ? "nobody listens" : "the service is not seen to listen, and nobody else is called"
            return missing(Absence(what, .notAvailable, why: why))
        }
        let address = ServedCertificateProbe.address(for: listener)
        let (fact, certificate) = ServedCertificateProbe.ask(address, port.port)
        let time = Clock.wall
        let path = certificate == nil ? nil : "raw/certs/served.pem"
        let source = Source("TLS hand-shake with \(fact.address)", path: path, time: time)
        let raw = certificate.map { [RawItem("certs/served.pem", content: $0.pem, source: source)] } ?? []
        return Observation(raw: raw) { $0.served = .value(fact, source) }
    }

    /// Where to connect: a wildcard is reached by loopback.
    static func address(for listener: Listener) -> String {
        guard let address = IPAddress(listener.address) else { return listener.address }
        guard address.unmapped.isWildcard else { return address.unmapped.description }
        return address.unmapped.family == .ipv4 ? "127.0.0.1" : "::1"
    }

    private static func ask(_ address: String, _ port: Port) -> (ServedCertificateFact, Certificate?) {
        let name = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        func failed(_ words: String) -> (ServedCertificateFact, Certificate?) {
            (ServedCertificateFact(address: name, handshake: false, failure: words), nil)
        }
        let deadline = Clock.monotonic + UInt64(patience.microseconds)
        do {
            let connection = try TCPConnection(to: address, port, deadline: deadline)
            var glance = try TLSGlance()
            var received: [UInt8] = []
            var total = 0
            while true {
                switch glance.advance(with: received) {
                case .exchange(let bytes):
                    try connection.send(bytes)
                    received = try connection.receive()
                    total += received.count
                    guard !received.isEmpty else { return failed("the listener closed the connection") }
                    guard total <= 1 << 20 else { return failed("the listener sent 1 MiB and no certificate") }
                case .seen(let certificate, let version):
                    let fact = ServedCertificateFact(
                        address: name, handshake: true, protocolVersion: version, certificate: X509Fact(certificate))
                    return (fact, certificate)
                case .failed(let words): return failed(words)
                }
            }
        } catch let error as SystemError {
            return failed(error.description)
        } catch {
            return failed("\(error)")
        }
    }
}

extension Snapshot {
    /// Whether a process is the unit's main process or lives in the unit's cgroup.
    fileprivate func isService(_ process: ProcessIdentity) -> Bool {
        if let main = unit.known?.last?.mainPID, main > 0, process.pid == main { return true }
        return processes.known?[process]?.unit == target.unit.rawValue
    }
}
