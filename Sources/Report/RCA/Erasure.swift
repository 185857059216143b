/// A command of a runbook, and what evidence running it destroys: the destruction map.
///
/// What systemctl(1) does to the counters was measured on systemd 252 and read in its sources (service.c, unit.c).
public struct Erasure: Sendable, Encodable {
    public let command: String
    /// nil where that is not known.
    public let erases: String?

    /// What a command that only reads erases.
    public static let nothing = "nothing"

    /// The commands of a runbook's section in their order, each once.
    public static func all(in section: String) -> [Erasure] {
        var seen: Set<String> = []
        return commands(in: section).filter { seen.insert($0).inserted }.map {
            Erasure(command: $0, erases: erased(by: $0))
        }
    }

    /// Lines to be copied, and words in backticks that begin as a command known here does.
    static func commands(in section: String) -> [String] {
        var found: [String] = []
        for block in RunbookBlock.all(in: section) {
            switch block {
            case .commands(let lines): found += joined(lines).flatMap(parts).filter(isCommand)
            case .paragraph(let words), .item(let words):
                let quoted = words.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset % 2 == 1 }.map { String($0.element) }
                found += quoted.flatMap(parts).filter { $0.contains(" ") && erased(by: $0) != nil }
            }
        }
        return found
    }

    /// A line that ends in a backslash goes on in the next one.
    private static func joined(_ lines: [String]) -> [String] {
        var result: [String] = []
        var goesOn = false
        for line in lines {
            if goesOn, let last = result.popLast() {
                result.append(last.dropLast() + line)
            } else {
                result.append(line)
            }
            goesOn = line.hasSuffix("\\")
        }
        return result
    }

    /// `a; b && c   # why` → `a`, `b`, `c`.
    private static func parts(_ line: String) -> [String] {
        let code = line.split(separator: " #", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        return code.split(separator: ";").flatMap { $0.split(separator: "&&") }.map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> String {
        let rest = text.drop { $0 == " " }
        return String(rest[..<(rest.lastIndex { $0 != " " }.map(rest.index(after:)) ?? rest.startIndex)])
    }

    /// Not a line of a file that is to be written, nor what one is to see.
    private static func isCommand(_ line: String) -> Bool {
        let name = line.prefix { $0 != " " }
        return !["for", "while", "done"].contains(name) && !name.hasPrefix("#") && !name.hasPrefix("[")
            && !name.contains("=")
            && !name.hasSuffix(":")
    }

    private static func erased(by command: String) -> String? {
        let words = command.split(separator: " ").drop { $0 == "do" || $0 == "sudo" }.map(String.init)
        guard let program = words.first else { return nil }
        let verb = words.dropFirst().first { !$0.hasPrefix("-") } ?? ""
        if program == "systemctl" || program == "journalctl" || program == "linux-patch-api" {
            let action = program == "systemctl" ? verb : words.dropFirst().first ?? ""
            return byAction["\(program) \(action.prefix { $0 != "=" })"] ?? (program == "journalctl" ? nothing : nil)
        }
        return byProgram[program]
    }

    private static let file = "the file as it was"
    private static let asItWas = "the setting as it was"
    private static let links = "the unit's links as they were"

    private static let byAction = [
        "systemctl reset-failed": "NRestarts, Result and the count of the start limit",
        "systemctl restart":
            "the running process; NRestarts, where the unit runs; Result and status of the last attempt",
        "systemctl start": "Result and status of the last attempt",
        "systemctl stop": "the running process; NRestarts and status too, where nothing else keeps the unit loaded",
        "systemctl kill": "the running process: memory, descriptors, arguments, start time",
        "systemctl daemon-reload": "before systemd 255, the window of the start limit",
        "systemctl reload": nothing, "systemctl status": nothing, "systemctl show": nothing, "systemctl cat": nothing,
        "systemctl is-active": nothing, "systemctl is-enabled": nothing, "systemctl list-units": nothing,
        "systemctl reload-or-restart": "nothing, where it runs",
        "systemctl enable": links, "systemctl disable": links, "systemctl mask": links, "systemctl unmask": links,
        "systemctl edit": "nothing, where the drop-in is new",
        "journalctl --vacuum-size": "the oldest history, the only durable record of restarts",
        "journalctl --vacuum-time": "the oldest history, the only durable record of restarts",
        "journalctl --rotate": nothing,
        "linux-patch-api --enroll": "the certificate files in place, of which it keeps copies",
        "linux-patch-api --renew-certs": "the certificate files in place, of which it keeps copies",
        "linux-patch-api --check": nothing, "linux-patch-api --version": nothing,
    ]

    private static let byProgram = [
        "kill": "the process: memory, descriptors, arguments, start time and parents",
        "rm": "the file", "mv": "what had the new name", "cp": "what the target held",
        "install": "what the target held",
        "printf": "what the file held", "echo": "what the file held", "editor": file, "sed": file,
        "chmod": "mode and change time of the file", "chown": "owner and change time of the file",
        "chgrp": "owner and change time of the file", "setcap": "capabilities of the file",
        "sysctl": asItWas, "timedatectl": asItWas, "mount": "the mount's options as they were",
        "apt-get": "files and state of the package as they were", "dpkg": "files and state of the package as they were",
        "systemd-sysusers": nothing, "systemd-machine-id-setup": nothing, "mkdir": nothing, "curl": nothing,
        "ls": nothing, "lsinitramfs": nothing, "update-initramfs": "the initial ramdisk as it was",
        "update-grub": "the boot loader's configuration as it was",
        "ss": nothing, "ps": nothing, "cat": nothing, "grep": nothing, "df": nothing, "openssl": nothing, "id": nothing,
        "semanage": asItWas, "patch-doctor": nothing, "systemd-analyze": nothing, "getent": nothing, "stat": nothing,
        "touch": nothing, "cd": nothing, "umask": nothing, "sleep": nothing, "pgrep": nothing, "runuser": nothing,
    ]
}
