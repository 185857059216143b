public import Evidence
import Files
public import Linux
public import Values
import YAML

/// Reads the agent's record of its enrollment. JSON is YAML too, and the reader of configurations is bounded.
public struct EnrollmentReader {
    private let root: HostRoot

    public init(below root: HostRoot) { self.root = root }

    /// Where the agent keeps its state.
    private static let directory = "/var/lib/linux_patch_api"
    private static let folder = directory + "/enrollment"
    public static let record = folder + "/status.json"
    private static let lock = folder + "/lock"
    private static let generations = directory + "/generations"
    private static let limit = 64 << 10
    private static let version: Int64 = 1
    private static let generationLimit = 1000

    /// The fact, and the record as it lies there; throws where the directory is closed to us.
    public func read(_ processes: ProcessesFact?, _ time: WallTime) throws(SystemError) -> (
        fact: EnrollmentFact, raw: [RawItem]
    ) {
        let observation = FileObservation(Self.record, below: root)
        if let failure = observation.walk.failure, !failure.isNotFound { throw failure }
        let directory = FileObservation(Self.directory, below: root)
        var fact = EnrollmentFact(directory: directory.fact, file: observation.fact)
        var raw: [RawItem] = []
        if observation.fact.exists {
            do throws(Absence) {
                let (state, kept) = try state(in: observation, time)
                fact.record = state
                raw.append(kept)
            } catch {
                fact.unread = error
            }
        }
        fact.generations = root.names(in: Self.generations, limit: Self.generationLimit).compactMap { UInt32($0) }
            .sorted()
        fact.lock = lock(processes, time)
        return (fact, raw)
    }

    // MARK: - The record

    /// A link is refused: nobody but the agent writes here, and the token lies beside the record.
    private func state(
        in observation: FileObservation, _ time: WallTime
    ) throws(Absence) -> (EnrollmentState, RawItem) {
        guard observation.fact.kind == .regular, observation.walk.linkTarget == nil,
            observation.walk.location == Self.record
        else { throw unusable("it is no plain file at its place") }
        guard observation.fact.size <= UInt64(Self.limit) else { throw unusable("it is larger than any record") }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try observation.content(limit: Self.limit)
        } catch {
            throw Absence(Self.record, error)
        }
        guard let document = try? Document(bytes), let fields = document.root, fields.entries != nil else {
            throw unusable("it is not the JSON of a record")
        }
        let state = try state(fields)
        let text = RedactedText(Self.withoutEscapedSlashes(bytes))
        let source = Source(Self.record, path: "raw/enrollment/status.json", time: time)
        return (
            state,
            RawItem("enrollment/status.json", content: text.bytes, source: source, redactions: text.redactions)
        )
    }

    /// JSON may write `/` as `\/`, behind which a password in an address would not be recognised.
    private static func withoutEscapedSlashes(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isEscaped = false
        for byte in bytes {
            if isEscaped, byte == UInt8(ascii: "/") { result.removeLast() }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            result.append(byte)
        }
        return result
    }

    private func state(_ fields: Node) throws(Absence) -> EnrollmentState {
        func text(_ key: String, limit: Int = 256) -> String? {
            guard let scalar = fields[key]?.scalar, !scalar.isNull else { return nil }
            return scalar.text.harmless(limit: limit)
        }
        func time(_ key: String) -> WallTime? { (fields[key]?.scalar?.text).flatMap { WallTime(rfc3339: $0) } }
        guard let version = fields["version"]?.scalar?.integer, version == Self.version else {
            throw unusable("its version is not known to this patch-doctor")
        }
        guard let word = text("phase", limit: 32), let phase = EnrollmentState.Phase(rawValue: word) else {
            throw unusable("its phase is not known to this patch-doctor")
        }
        guard let since = time("since"), let pid = fields["pid"]?.scalar?.integer.flatMap({ Int32(exactly: $0) }) else {
            throw unusable("it does not say since when, and whose it is")
        }
        let manager = text("manager", limit: 512) ?? ""
        var state = EnrollmentState(
            phase: phase, manager: RedactedText.withoutUserinfo(manager), since: since, pid: pid)
        state.fqdn = text("fqdn") ?? ""
        state.address = text("address", limit: 64) ?? ""
        state.machineID = text("machineID", limit: 64) ?? ""
        state.registeredAt = time("registeredAt")
        state.expiresAt = time("expiresAt")
        state.answeredAt = time("answeredAt")
        state.nextAttempt = time("nextAttempt")
        state.fault = text("fault", limit: 400)
        state.registrations = (fields["registrations"]?.scalar?.integer).map { Int(clamping: $0) } ?? 0
        return state
    }

    private func unusable(_ why: String) -> Absence { Absence("enrollment record \(Self.record)", .failed, why: why) }

    // MARK: - The lock

    /// The kernel's list instead of a try to lock, which could keep an agent from it.
    private func lock(_ processes: ProcessesFact?, _ time: WallTime) -> Reading<[LockHolder]> {
        let source = Source("/proc/locks", time: time)
        let file = FileObservation(Self.lock, below: root)
        guard root.extent == .whole else {
            return .missing(Absence("lock of the enrollment", .notAvailable, why: HostRoot.notRunning))
        }
        guard file.fact.exists, let identity = file.fact.identity else { return .value([], source) }
        let locks: FileLocks
        do throws(SystemError) {
            locks = FileLocks(parsing: try contents(of: root("/proc/locks"), limit: 4 << 20))
        } catch {
            return .missing(Absence("lock of the enrollment", error))
        }
        let words = String(decoding: (try? file.content(limit: 256)) ?? [], as: UTF8.self)
            .split(whereSeparator: \.isWhitespace)
        let (certain, possible) = locks.flocks(of: identity)
        // Under another name of the device it is believed of an agent only.
        let agents = possible.filter { lock in processes?[lock.pid]?.isAgent == true }
        let holders = (certain.isEmpty ? agents : certain).map { lock in
            let isNamed = words.count == 3 && Int32(words[0]) == lock.pid && ["service", "command"].contains(words[2])
            return LockHolder(pid: lock.pid, role: isNamed ? String(words[2]) : nil)
        }
        return .value(holders, source)
    }
}
