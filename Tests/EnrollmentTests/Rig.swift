import DevManager
import Identity
import Linux
import NIOPosix
import OpenSSL
import Synchronization
import TestKit
import Trust
import Values
import Wire

@testable import Enrollment

/// A host beside a development manager: real files, real TLS over loopback, a day lived in seconds.
final class Rig: Sendable {
    let manager: DevelopmentManager
    let directory: TemporaryDirectory
    let state: StateDirectory
    let reports = Reports()

    static let host = "web1.example.org"

    init(_ rules: Desk.Rules = Desk.Rules(), misbehaving words: [String] = []) async throws {
        directory = try TemporaryDirectory()
        var options = DevelopmentManager.Options(state: directory.path + "/manager")
        options.rules = rules
        options.bucket = Bucket(burst: 100_000, interval: .seconds(1))
        options.misbehaviours = try [Misbehaviour].parse(words)
        manager = try await DevelopmentManager.start(options)
        state = try StateDirectory(opening: directory.path + "/state")
    }

    var store: GenerationStore { GenerationStore(state) }

    var paths: CertificatePaths {
        let place = directory.path + "/certs"
        return CertificatePaths(
            ca: place + "/ca.pem", certificate: place + "/server.pem", key: place + "/server.key.pem",
            crl: place + "/crl.pem")
    }

    static var pace: Pace {
        var pace = Pace().scaled(by: 1000)
        pace.answer = .seconds(1)
        pace.connect = .seconds(1)
        return pace
    }

    enum Trusting { case pin, authority, nothing, anything }

    func client(_ trusting: Trusting = .pin, url: String? = nil) throws -> ManagerClient {
        let anchors = CertificateBundle(Array(manager.authority.utf8)).certificates
        let trust = try ManagerTrust(
            pins: trusting == .pin ? [manager.fingerprint] : [], anchors: trusting == .authority ? anchors : [],
            usesSystemRoots: false, isFirstContactOpen: trusting == .anything)
        return try ManagerClient(
            endpoint: try ManagerEndpoint(url ?? manager.url), trust: trust,
            group: MultiThreadedEventLoopGroup.singleton, pace: Self.pace)
    }

    func enroller(
        _ mode: EnrollmentMachine.Mode = .service, _ trusting: Trusting = .pin, url: String? = nil
    ) throws -> Enroller {
        let reports = reports
        var enroller = Enroller(
            client: try client(trusting, url: url), state: state, store: store, paths: paths, mode: mode,
            pace: Self.pace, identify: { _ throws(HostIdentity.Fault) in Self.identity },
            report: { record, line in reports.add(record, line) })
        enroller.note = { reports.add($0) }
        return enroller
    }

    static let identity = HostIdentity(
        machineID: "0123456789abcdef0123456789abcdef", fqdn: host, hostname: "web1",
        address: IPAddress(ipv4: 0xC000_0207), details: OSDetails())

    func misbehave(_ words: String...) throws {
        let faults = try [Misbehaviour].parse(words)
        try manager.update { $0.misbehave(faults) }
    }

    func approve() throws {
        _ = try manager.update { try $0.approve(Self.host, replace: true, at: Clock.wall) }
    }

    /// What the agent would start with.
    var published: CertificateStatus { store.status(published: paths, at: Clock.wall) }
}

/// What a person was told so far, and a way to wait for the next of it.
final class Reports: Sendable {
    private struct State {
        var records: [EnrollmentRecord] = []
        var words: [String] = []
        var waiting: [(phase: EnrollmentRecord.Phase, CheckedContinuation<EnrollmentRecord, Never>)] = []
    }

    private let state = Mutex(State())

    func add(_ record: EnrollmentRecord, _ line: String) {
        let ready = state.withLock { state in
            state.records.append(record)
            state.words.append(line)
            let ready = state.waiting.filter { $0.phase == record.phase }
            state.waiting.removeAll { $0.phase == record.phase }
            return ready
        }
        ready.forEach { $0.1.resume(returning: record) }
    }

    func add(_ note: String) { state.withLock { $0.words.append(note) } }

    var words: String { state.withLock { $0.words.joined(separator: "\n") } }
    var phases: [EnrollmentRecord.Phase] { state.withLock { $0.records.map(\.phase) } }

    /// A report of the phase, be it an earlier one.
    func once(_ phase: EnrollmentRecord.Phase) async -> EnrollmentRecord {
        await withCheckedContinuation { continuation in
            let found = state.withLock { state in
                let found = state.records.last { $0.phase == phase }
                if found == nil { state.waiting.append((phase, continuation)) }
                return found
            }
            if let found { continuation.resume(returning: found) }
        }
    }
}
