import Evidence
import Linux
import Systemd
import Values

/// The journal that a look reads: the machine's own, that of a disk, or a directory of files.
struct JournalSource {
    let place: Journal.Place
    /// It is this machine's, so that its end is the present.
    let isOwn: Bool
    /// What of it can't be read.
    let gap: String?

    /// `directory` comes before what the root itself holds. Throws where there is nothing to read, or where nobody can
    /// say whose it is; `what` names it then.
    init(of root: HostRoot, directory: String? = nil, for what: String) throws(Absence) {
        isOwn = directory == nil && root.isLive
        var files: JournalFiles
        if let directory = directory ?? root.journal {
            files = JournalFiles(within: directory)
            files.removeDamaged()
            place = .files(files.readable, of: directory)
        } else if root.isLive {
            files = JournalFiles(in: JournalFiles.systemDirectories, systemOnly: true)
            place = .system
        } else {
            files = JournalFiles(below: root, machine: MachineNumber.of(root))
            files.removeDamaged()
            place = .files(files.readable, of: root(JournalFiles.systemDirectories[0]))
        }
        if let absence = files.absence(of: what, in: place) { throw absence }
        if !isOwn { try Self.requireOneMachine(in: place, for: what) }
        gap = files.gap
    }

    /// Failures of several hosts would make one story that is nobody's.
    private static func requireOneMachine(in place: Journal.Place, for what: String) throws(Absence) {
        let machines: [String]
        do throws(JournalError) {
            var journal = try Journal(place)
            machines = try journal.values(of: "_MACHINE_ID", limit: 100)
        } catch {
            throw Absence(what, error.isNotPermitted ? .notPermitted : .failed, why: error.description.harmless())
        }
        guard machines.count > 1 else { return }
        throw Absence(
            what, .notAvailable,
            why:
                "'\(place.description.harmless())' holds the journals of \(machines.count) machines; give the files of "
                + "one: --journal DIR")
    }
}

/// machine-id(5) of a root.
enum MachineNumber {
    /// nil where there is none, or the file holds something else.
    static func of(_ root: HostRoot) -> String? {
        guard let bytes = try? root.contents(of: "/etc/machine-id", limit: 64) else { return nil }
        let number = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        return isOne(number) ? number : nil
    }

    static func isOne(_ number: String) -> Bool {
        number.utf8.count == 32 && number.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}

/// Who wrote a journal, by its newest entry.
struct JournalIdentity {
    var hostName: String?
    var machine: String?
    /// In the kernel's own spelling, with dashes.
    var boot: String?

    init?(of root: HostRoot) {
        guard let source = try? JournalSource(of: root, for: "journal"), var journal = try? Journal(source.place),
            (try? journal.seek(.tail)) != nil
        else { return nil }
        var found = JournalIdentity()
        _ = try? journal.read(.backward) { entry in
            found.hostName = entry.text("_HOSTNAME", limit: 255)?.harmless(limit: 255)
            found.machine = entry.text("_MACHINE_ID", limit: 64)
            found.boot = Self.dashed(entry.monotonic.boot.description)
            return .stop
        }
        self = found
    }

    private init() {}

    private static func dashed(_ id: String) -> String {
        let digits = Array(id)
        guard digits.count == 32 else { return id }
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }
}
