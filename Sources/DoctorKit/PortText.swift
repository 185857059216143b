import Evidence
import Values

/// The answer to "who holds it" for a tired person: the verdict first, within 80 columns.
struct PortText: CustomStringConvertible {
    private(set) var description = ""
    private let answer: PortAnswer
    private let now: WallTime
    private let isRoot: Bool
    private static let columns = 80

    init(_ answer: PortAnswer, now: WallTime, isRoot: Bool) {
        self.answer = answer
        self.now = now
        self.isRoot = isRoot
        line(Self.wrapped("", verdict))
        for listener in answer.listeners { describe(listener) }
        for bound in answer.bound {
            line("")
            line("  \(bound.address)  bound, not listening, socket \(bound.inode)")
            describe(bound.holders)
        }
        describeClients()
        if answer.listeners.isEmpty, !answer.otherStates.isEmpty {
            line("")
            line(
                "  other sockets: "
                    + answer.otherStates.sorted { $0.key < $1.key }.map { "\($1) \($0)" }.joined(separator: ", "))
        }
        line("")
        line(scope)
    }

    private var verdict: String {
        let port = "port \(answer.port)"
        if !answer.listeners.isEmpty {
            let known = unique(answer.listeners.flatMap(\.holders))
            let hidden = answer.stoppedAtFirst ? 0 : answer.listeners.filter(\.holders.isEmpty).count
            if known.isEmpty { return "\(port) is held, and nobody here can be seen to hold it" }
            let also = hidden > 0 ? ", and by somebody who can't be seen" : ""
            return "\(port) is held by " + naming(known) + also
        }
        let owners = unique(answer.bound.flatMap(\.holders))
        if !answer.bound.isEmpty { return "\(port) is bound, without listening, by " + naming(owners) }
        if !answer.clients.isEmpty {
            let users = unique(answer.clients.flatMap(\.holders))
            return "nobody listens on \(port); connections use it: "
                + (users.isEmpty ? "of somebody who can't be seen" : naming(users))
        }
        if let waiting = answer.otherStates["TIME_WAIT"] {
            return "nobody listens on \(port); \(waiting) closed connections of it are still in TIME_WAIT"
        }
        return answer.complete && answer.boundLookedFor ? "\(port) is free" : "nobody listens on \(port)"
    }

    private func naming(_ holders: [PortAnswer.Holder]) -> String {
        let first = holders.prefix(3).map { "pid \($0.pid)" + ($0.name.map { " (\($0.harmless(limit: 32)))" } ?? "") }
        return first.joined(separator: ", ") + (holders.count > 3 ? " and \(holders.count - 3) more" : "")
    }

    private func unique(_ holders: [PortAnswer.Holder]) -> [PortAnswer.Holder] {
        var seen: Set<Int32> = []
        return holders.filter { seen.insert($0.pid).inserted }
    }

    private mutating func describe(_ listener: PortAnswer.Listener) {
        line("")
        line("  \(listener.address)  LISTEN, socket \(listener.inode)")
        if listener.holders.isEmpty, answer.stoppedAtFirst {
            line("    its holders were not looked for")
        } else if listener.holders.isEmpty {
            line("    made by user \(listener.uid); its process can't be seen: another PID")
            line("    namespace, or no permission")
        }
        describe(listener.holders)
    }

    private mutating func describeClients() {
        for client in answer.clients.prefix(8) {
            line("")
            line("  \(client.local) to \(client.remote)  \(client.state), socket \(client.inode)")
            describe(client.holders)
        }
        if answer.clients.count > 8 { line("  and \(answer.clients.count - 8) more connections") }
    }

    private mutating func describe(_ holders: [PortAnswer.Holder]) {
        for holder in holders {
            guard let name = holder.name else {
                line("    pid \(holder.pid), descriptor \(holder.fd): it ended in the meantime")
                continue
            }
            line("    pid \(holder.pid) (\(name.harmless(limit: 32))), descriptor \(holder.fd)" + states(holder))
            field("user", holder.user?.harmless(limit: 64) ?? holder.uid.map { "\($0)" } ?? "unknown")
            if let started = holder.started {
                field("started", "\(started.readable), \((now - started).readable) ago")
            }
            field("program", program(of: holder))
            field("command", (holder.args ?? []).joined(separator: " "))
            field("unit", [holder.unit, holder.userUnit].compactMap { $0 }.joined(separator: ", "))
            field("parents", (holder.parents ?? []).map { "\($0.name) (\($0.pid))" }.joined(separator: " < "))
        }
    }

    private func states(_ holder: PortAnswer.Holder) -> String {
        switch holder.state {
        case "T", "t": ", stopped"
        case "Z", "X": ", a zombie"
        case "D": ", in uninterruptible sleep"
        default: ""
        }
    }

    private func program(of holder: PortAnswer.Holder) -> String {
        guard let exe = holder.exe else { return "may not be read" }
        return exe + (holder.exeDeleted == true ? " (deleted or replaced since)" : "")
    }

    /// What the answer is worth.
    private var scope: String {
        let seen =
            counted(answer.processesScanned, "process", "processes") + " and "
            + counted(answer.descriptorsScanned, "descriptor", "descriptors") + " were looked at"
        if answer.complete { return seen + ", all there are" }
        if answer.stoppedAtFirst, answer.isAnswered { return "stopped at the first holder: there may be others" }
        var reasons: [String] = []
        if answer.processesHidden { reasons.append("other users' processes are hidden (hidepid)") }
        if let first = answer.unreadable.first {
            let count = answer.unreadable.count
            reasons.append(
                count == 1
                    ? "pid \(first.pid) could not be read (\(first.why))"
                    : "\(count) processes could not be read (\(first.why))")
        }
        if reasons.isEmpty { reasons.append("the search for merely bound sockets was cut short") }
        return Self.wrapped("", "not everything could be seen: " + reasons.joined(separator: "; ")) + "\n" + seen
            + "\nhint: "
            + (isRoot
                ? "even root is kept from these here; look again from outside of this container"
                : "run as root; without it a holder may stay unseen")
    }

    private func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    private mutating func field(_ label: String, _ value: String) {
        guard !value.isEmpty else { return }
        let head = "      " + label + String(repeating: " ", count: 9 - label.count)
        line(Self.wrapped(head, value.harmless(limit: 400), margin: head.count))
    }

    /// Words behind `head` in rows that fit the columns; a word that is longer than a row is cut into several.
    private static func wrapped(_ head: String, _ text: String, margin: Int = 0) -> String {
        let width = columns - margin
        var rows = [""]
        for word in text.split(separator: " ") {
            var rest = word[...]
            if let row = rows.last, !row.isEmpty, row.count + 1 + rest.count <= width {
                rows[rows.count - 1] += " " + rest
                continue
            }
            while !rest.isEmpty {
                if rows.last?.isEmpty == false { rows.append("") }
                rows[rows.count - 1] += rest.prefix(width)
                rest = rest.dropFirst(width)
            }
        }
        return head + rows.joined(separator: "\n" + String(repeating: " ", count: margin))
    }

    private mutating func line(_ text: String) { description += text + "\n" }
}
