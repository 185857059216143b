import Evidence
import Values

/// How an attempt to run the service ended: from the unit's properties, or from the journal where those have
/// forgotten it.
struct Failure: Hashable {
    /// systemd's results (systemd.exec(5), `$SERVICE_RESULT`), with those told apart that it lumps together.
    enum Cause: Hashable {
        case exited(Int32)
        case killed(Signal)
        case outOfMemory
        case startTimeout
        /// A stop, or the whole run, took too long.
        case otherTimeout
        case watchdog
        /// It ended or forked in a way that its Type= does not allow.
        case protocolViolation
        case dependency
        case startLimit
        case other(String)
    }

    var cause: Cause
    /// When it ended.
    var time: WallTime?
    /// What says so.
    var fact: Fact

    var exitStatus: Int32? { if case .exited(let status) = cause { status } else { nil } }

    /// As a sentence ends: `exited with status 203 (EXEC)`.
    var words: String {
        switch cause {
        case .exited(let status):
            "exited with status \(status)"
                + ((StartStep(status: status)?.name ?? ExitMeaning(status: status)?.name).map { " (\($0))" } ?? "")
        case .killed(let signal): "was killed by \(signal.name)"
        case .outOfMemory: "was killed for lack of memory"
        case .startTimeout: "did not start in time"
        case .otherTimeout: "did not stop in time"
        case .watchdog: "missed its watchdog's deadline"
        case .protocolViolation: "broke the protocol of its Type="
        case .dependency: "was not started because a dependency failed"
        case .startLimit: "was refused by the start limit"
        case .other(let result): "ended with '\(result.harmless(limit: 40))'"
        }
    }
}

extension Failure.Cause {
    /// From the properties of a unit that is not running; nil where they tell of no failure.
    init?(_ look: UnitLook) {
        switch look.result {
        case "", "success": return nil
        case "oom-kill": self = .outOfMemory
        case "watchdog": self = .watchdog
        case "protocol": self = .protocolViolation
        case "start-limit-hit": self = .startLimit
        case "timeout":
            // A unit that has been active since its process began did not fail to start.
            let wasActive = look.activeEnter.flatMap { enter in look.execMainStart.map { enter >= $0 } } ?? false
            self = wasActive ? .otherTimeout : .startTimeout
        case "exit-code" where look.execMainCode == 1 && look.execMainStatus != 0: self = .exited(look.execMainStatus)
        case "signal", "core-dump": self = .killed(Signal(number: look.execMainStatus))
        default: self = .other(look.result)
        }
    }

    /// From a failure as the journal tells it: `exited 1`, `203/EXEC`, `killed 9`, one of systemd's results, or a result
    /// and what became of the process, `timeout, killed 15`.
    init(_ epoch: Epoch) {
        let words = epoch.sample.lowercased()
        let result = epoch.ending.split(separator: ",").first.map(String.init) ?? ""
        let number = epoch.ending.split { !("0"..."9").contains($0) }.first.flatMap { Int32($0) }
        if result == "oom-kill" || words.saysOutOfMemory {
            self = .outOfMemory
        } else if result == "watchdog" || words.contains("watchdog timeout") {
            self = .watchdog
        } else if result == "timeout" || words.contains("operation timed out. terminating") {
            self =
                words.contains("state 'stop-") || words.contains("runtime time limit") ? .otherTimeout : .startTimeout
        } else if result == "dependency" {
            self = .dependency
        } else if result == "protocol" {
            self = .protocolViolation
        } else if result == "start-limit-hit" {
            self = .startLimit
        } else if let number, result.hasPrefix("killed") || result.hasPrefix("dumped") {
            self = .killed(Signal(number: number))
        } else if let number {
            self = .exited(number)
        } else {
            self = .other(epoch.ending)
        }
    }
}

extension Snapshot {
    /// How the last attempt failed; nil where the service runs well or where nothing failed.
    ///
    /// A unit that is up counts as failing only while its run is younger than twice the run after which it used to
    /// fail: what failed before that is history, and its old values accuse nobody.
    var lastFailure: Failure? {
        get throws(Absence) {
            if isOffline {
                _ = try journal.required
                return failureInJournal
            }
            let fact = try unit.required
            guard let last = fact.last else { return nil }
            if last.isActive, !fact.moved { return mayFailAgain(last) ? failureInJournal : nil }
            for look in fact.looks.reversed() where !look.isActive {
                guard let cause = Failure.Cause(look) else { continue }
                var failure = Failure(
                    cause: cause, time: look.execMainExit ?? look.stateChange,
                    fact: unit.fact(
                        "\(look.activeState)/\(look.subState), Result=\(look.result), ExecMainCode=\(look.execMainCode), "
                            + "ExecMainStatus=\(look.execMainStatus)"))
                if failure.cause == .killed(.kill), lastLine(where: \.saysOutOfMemory) != nil {
                    failure.cause = .outOfMemory
                }
                // At the limit a unit that exits cleanly shows only that; what led there is in the journal.
                return failure
            }
            _ = try journal.required
            return failureInJournal
        }
    }

    /// Whether a run is younger than twice the run after which the service used to fail.
    func mayFailAgain(_ look: UnitLook) -> Bool {
        guard let typical = journal.known?.typicalRun, let start = look.execMainStart else { return false }
        return (now - start).microseconds / 2 <= typical.microseconds
    }

    private var failureInJournal: Failure? {
        guard case .value(let journal, let source) = self.journal, let epoch = journal.epochs.last else { return nil }
        return Failure(
            cause: Failure.Cause(epoch), time: epoch.last,
            fact: Fact(
                source: "journal cursor \(epoch.cursor)", path: source.path,
                value: "\(epoch.last.rfc3339): \(epoch.ending): \(epoch.sample)"))
    }

    /// The latest line of the last attempt that fits, as a citation.
    func lastLine(where fits: (String) -> Bool) -> (message: String, fact: Fact)? {
        guard case .value(let journal, let source) = self.journal else { return nil }
        if let line = journal.lastLines.last(where: { fits($0.message) }) {
            let fact = Fact(
                source: "journal cursor \(line.cursor)", path: source.path,
                value: "\(line.time.rfc3339) \(line.identifier): \(line.message)")
            return (line.message, fact)
        }
        guard let epoch = journal.epochs.last, fits(epoch.sample) else { return nil }
        let fact = Fact(
            source: "journal cursor \(epoch.cursor)", path: source.path,
            value: "\(epoch.first.rfc3339): \(epoch.sample)")
        return (epoch.sample, fact)
    }

    /// The latest line of the last attempt that contains all of these words, given in lower case.
    func lastLine(saying words: String...) -> (message: String, fact: Fact)? {
        lastLine { line in words.allSatisfy(line.lowercased().contains) }
    }
}

extension Optional<Failure> {
    /// The answer of a rule about one way to fail, where the last attempt did not fail in that way.
    var acquits: Verdict {
        guard let self else { return .notApplicable }
        return .pass("the last attempt \(self.words)", [self.fact])
    }
}

extension String {
    /// The words of systemd and of the kernel for it.
    var saysOutOfMemory: Bool {
        let words = lowercased()
        return words.contains("oom-kill") || words.contains("oom killer") || words.contains("out of memory: kill")
            || words.contains("memory cgroup out of memory")
    }
}
