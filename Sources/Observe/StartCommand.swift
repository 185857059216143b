import Evidence
import Linux
import Systemd
import Values

/// What the unit starts: program, arguments, and the directory that relative paths count from.
struct StartCommand: Hashable {
    var program: String
    /// Without the program's own name.
    var arguments: [String]
    var workingDirectory = "/"

    init(program: String, arguments: [String], workingDirectory: String = "/") {
        self.program = program
        self.arguments = arguments
        self.workingDirectory = workingDirectory
    }

    /// As systemd holds it; without systemd, or where it does not hold the unit, as the files on disk say.
    init?(of unit: UnitName, under root: HostRoot) {
        if let bus = try? SystemBus(of: root), (try? bus.isLoaded(unit)) == true,
            let properties = try? bus.properties(of: unit)
        {
            let look = UnitLook(properties, time: Clock.wall, monotonic: Clock.monotonic)
            if let command = look.execStart.first {
                self.init(
                    program: command.path, arguments: Array(command.arguments.dropFirst()),
                    workingDirectory: properties["WorkingDirectory"]?.string ?? "/")
                return
            }
        }
        self.init(onDiskOf: unit, under: root)
    }

    private init?(onDiskOf unit: UnitName, under root: HostRoot) {
        let files = UnitFileSearch(for: unit, under: root)
        var commands: [String] = []
        var directory = "/"
        for path in files.fragments.prefix(1) + files.dropIns {
            guard let content = try? root.contents(of: path) else { continue }
            for setting in UnitFileText(parsing: content).settings where setting.section == "Service" {
                switch setting.key {
                case "ExecStart" where setting.value.isEmpty: commands = []
                case "ExecStart": commands.append(setting.value)
                case "WorkingDirectory": directory = setting.value
                default: break
                }
            }
        }
        guard let words = commands.first.map(Self.words), let program = words.first else { return nil }
        // Prefixes of ExecStart= (systemd.service(5)): `-/usr/bin/agent`.
        let path = program.drop { "@-:+!|".contains($0) }
        self.init(program: String(path), arguments: Array(words.dropFirst()), workingDirectory: directory)
    }

    /// A command line's words, quotes taken away (systemd.service(5), "Command lines").
    static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character == " " || character == "\t" {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    /// What a shell, env(1) or their like start in the end, where that can be told.
    func unwrapped(isProgram: (String) -> Bool) -> StartCommand {
        guard Self.wrappers.contains(programName) else { return self }
        let words = arguments.flatMap(Self.words)
        guard let place = words.firstIndex(where: { $0.hasPrefix("/") && isProgram($0) }) else { return self }
        return StartCommand(
            program: words[place], arguments: Array(words[(place + 1)...]), workingDirectory: workingDirectory)
    }

    /// The value of `--config` or `-c`, in any spelling. A shell's own `-c` is no configuration.
    var configuration: String? {
        if let path = value(of: "--config") { return path }
        return Self.wrappers.contains(programName) ? nil : value(of: "-c")
    }

    private func value(of option: String) -> String? {
        for (index, word) in arguments.enumerated() {
            if word == option { return arguments.dropFirst(index + 1).first }
            if word.hasPrefix(option + "=") { return String(word.dropFirst(option.count + 1)) }
        }
        return nil
    }

    private var programName: String { program.split(separator: "/").last.map(String.init) ?? "" }

    private static let wrappers: Set<String> = [
        "sh", "bash", "dash", "env", "nice", "ionice", "setpriv", "runuser", "sudo", "stdbuf", "taskset",
    ]
}
