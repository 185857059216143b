import Evidence
import Linux
import Values

/// Tells instances of the agent from processes that merely have its name on their command line: by what they execute,
/// never by what they were told.
///
/// `sudo linux-patch-api --enroll …` and `sh -c "linux-patch-api --enroll …"` execute sudo and sh.
struct AgentRecognition {
    private let path: String
    /// The kernel keeps 15 bytes of a process's name.
    private let name: String
    private let file: FileStatus?
    private let root: HostRoot
    /// What runs the program where it is a script.
    private let interpreter: FileIdentity?
    private var compared: [FileIdentity: Bool] = [:]
    /// Content is compared with at most this many different files of the program's size.
    private static let comparisons = 16
    private static let largest: UInt64 = 1 << 29

    init(program: String, at root: HostRoot) {
        path = program
        let name = program.split(separator: "/").last ?? ""
        self.name = String(decoding: name.utf8.prefix(15), as: UTF8.self)
        file = try? FileStatus(of: root(program))
        self.root = root
        interpreter = ScriptInterpreter(of: program, at: root).flatMap { try? FileStatus(of: root($0.path)) }?.identity
    }

    /// The grounds on which this process is an instance of the agent; nil where its executable may not be read and
    /// its name says nothing, so that nobody can tell.
    mutating func grounds(of process: borrowing ProcessDirectory, named name: String) -> [AgentGround]? {
        let link: String
        do throws(SystemError) {
            link = try process.link("exe")
        } catch {
            // Kernel threads and zombies have no executable.
            guard error.isNotPermitted else { return [] }
            return name == self.name ? [.name] : nil
        }
        var grounds: [AgentGround] = []
        if ProcessWords.executable(ofLink: link).path == path { grounds.append(.path) }
        guard root.isLive, let own = try? process.executable(), let file else { return grounds }
        if own.identity == file.identity { return grounds + [.sameFile] }
        if let interpreter, own.identity == interpreter, runsProgram(process) { return grounds + [.script] }
        let suspect = name == self.name || Self.carriesEnroll(process)
        if grounds.isEmpty, suspect, own.size == file.size, hasSameContent(process, own.identity) {
            grounds.append(.sameContent)
        }
        return grounds
    }

    /// Whether the interpreter was given the program to run: its first argument that is no option.
    private func runsProgram(_ process: borrowing ProcessDirectory) -> Bool {
        guard let bytes = try? process.contents("cmdline").bytes else { return false }
        return ProcessWords.arguments(parsing: bytes.span).dropFirst().first { !$0.hasPrefix("-") } == path
    }

    private static func carriesEnroll(_ process: borrowing ProcessDirectory) -> Bool {
        guard let bytes = try? process.contents("cmdline").bytes else { return false }
        return Enrollment(arguments: ProcessWords.arguments(parsing: bytes.span)) != nil
    }

    private mutating func hasSameContent(_ process: borrowing ProcessDirectory, _ identity: FileIdentity) -> Bool {
        if let known = compared[identity] { return known }
        guard compared.count < Self.comparisons, let file, file.size <= Self.largest,
            let theirs = try? process.openExecutable(), let ours = try? Descriptor(reading: root(path))
        else { return false }
        let same = (try? theirs.hasSameContent(as: ours)) ?? false
        compared[identity] = same
        return same
    }
}

/// `--enroll URL` or `--enroll=URL` among a process's own arguments.
struct Enrollment {
    /// nil where none is given.
    let url: String?

    init?(arguments: [String]) {
        let own = arguments.dropFirst().prefix { $0 != "--" }
        guard let index = own.firstIndex(where: { $0 == "--enroll" || $0.hasPrefix("--enroll=") }) else { return nil }
        if own[index] != "--enroll" {
            url = String(own[index].dropFirst("--enroll=".count))
        } else {
            let next = own.dropFirst(index - own.startIndex + 1).first
            url = next.flatMap { $0.hasPrefix("-") ? nil : $0 }
        }
    }
}
