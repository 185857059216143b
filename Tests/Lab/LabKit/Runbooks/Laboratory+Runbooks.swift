extension Laboratory {
    /// Runs each command of a page where the situation that it is about holds.
    public func run(_ page: RunbookPage) -> PageOutcome {
        var outcome = PageOutcome(page)
        let start = now()
        var sitting: Sitting?
        defer { sitting?.container.end() }
        do {
            for item in page.items {
                if case .block(let block) = item, let reason = block.reason {
                    outcome.leave(block, reason)
                    continue
                }
                if case .scenario(let id) = item {
                    sitting?.container.end()
                    sitting = nil
                    sitting = try open(ScenarioBook.all.first { $0.id == id }, named: id, &outcome)
                    continue
                }
                if sitting == nil {
                    sitting = try open(RunbookBook.scenario(of: page.name), named: page.name, &outcome)
                }
                try sitting?.carryOut(item, &outcome)
            }
        } catch {
            outcome.complaints.append("\(error)")
        }
        outcome.seconds = now() - start
        return outcome
    }

    /// A container in which the scenario's situation holds.
    private func open(_ scenario: Scenario?, named id: String, _ outcome: inout PageOutcome) throws -> Sitting {
        guard let scenario else {
            throw Command.Failure(description: "no scenario '\(id)': mark the page with 'lab: scenario ID'")
        }
        let container = try container("runbook-\(outcome.page)", of: scenario.patient)
        do {
            if let absence = scenario.needs?.absence { return Sitting(container: container, absence: absence) }
            for step in scenario.steps { try step.carryOut(in: container) }
            for condition in scenario.holds where !until(10, { condition.isSo(in: container) }) {
                throw Command.Failure(description: "\(id): not so that \(condition); \(container.words)")
            }
        } catch {
            container.end()
            throw error
        }
        return Sitting(container: container)
    }
}

/// A person in front of one broken host, with the page in hand.
private struct Sitting {
    let container: Container
    /// Why the situation can't be had on this machine.
    var absence: String?
    var words: [(String, String)] = []

    init(container: Container, absence: String? = nil) {
        self.container = container
        self.absence = absence
    }

    mutating func carryOut(_ item: RunbookPage.Item, _ outcome: inout PageOutcome) throws {
        if let absence {
            if case .block(let block) = item { outcome.leave(block, "not possible here: \(absence)") }
            return
        }
        switch item {
        case .scenario: break
        case .word(let name, let script):
            let value = try container.shell(script).trimmed
            guard !value.isEmpty else { throw Command.Failure(description: "'\(script)' gives no \(name)") }
            words.append((name, value))
        case .before(let script): _ = try container.shell(script)
        case .block(let block): try type(block, &outcome)
        }
    }

    /// The block as it stands, in one shell, each command's end and words taken down.
    private func type(_ block: RunbookPage.Block, _ outcome: inout PageOutcome) throws {
        let commands = block.commands.map { command in
            var command = command
            for (name, value) in words {
                command.text = command.text.replacing(word: name, with: value)
                command.sees = command.sees.map { $0.replacing(word: name, with: value) }
                command.comes = command.comes?.replacing(word: name, with: value)
            }
            return command
        }
        let mark = "lab-" + hexadecimal(.random(in: 0 ... .max))
        // As root at home; the agent's own waits are divided as those of the scenarios are.
        let script =
            "cd; export LINUX_PATCH_API_PACE=100; exec 3>&1\n" + commands.map { Self.script(of: $0, mark) }.joined()
        let said = try container.execute(["bash", "-c", script], within: 90).text
        let told = said.split(separator: mark, omittingEmptySubsequences: false).dropFirst().map(String.init)
        for (number, command) in commands.enumerated() {
            let name = "line \(block.line): '\(command.text)'"
            guard number < told.count else {
                outcome.complaints.append("\(name) was never done, or did not end")
                break
            }
            outcome.ran += 1
            let status = told[number].prefix { $0 != "\n" }
            let output = String(told[number].dropFirst(status.count))
            let wrong = command.complaints(status: Int32(status.trimmed) ?? -1, output: output)
            if !wrong.isEmpty {
                outcome.complaints.append(
                    "\(name) \(wrong.joined(separator: ", ")); it said: \(output.trimmed.prefix(600))")
            }
        }
    }

    /// The end of `a; b` is b's; that a failed must not go unnoticed.
    private static func script(of command: RunbookPage.Command, _ mark: String) -> String {
        let once = """
            failed=0; trap 'failed=$?' ERR
            { \(command.text)
            } >/run/\(mark) 2>&1 </dev/null; status=$?; trap - ERR; test $status != 0 || status=$failed

            """
        let told = "printf '\(mark) %s\\n' $status >&3; cat /run/\(mark) >&3\n"
        guard let words = command.comes else { return once + told }
        let quoted = words.replacing("'", with: #"'\''"#)
        return "for turn in $(seq 100); do\n\(once)grep -qF -e '\(quoted)' /run/\(mark) && break; sleep 0.2\ndone\n"
            + told
    }
}

extension PageOutcome {
    fileprivate mutating func leave(_ block: RunbookPage.Block, _ reason: String) {
        left.append((block.commands.count, block.commands.first?.text ?? "", reason))
    }
}

extension Substring {
    fileprivate var trimmed: String { String(self).trimmed }
}
