import Values

/// One record of PID 1 about the unit, with the one or two numbers of it that matter.
struct ManagerRecord: Sendable {
    var moment: Moment
    var result = UnitResult.unknown
    var status: UInt8 = 0
}

/// One attempt of the service that failed.
struct Attempt: Sendable {
    /// When systemd called it failed, at once after its last process ended.
    var failed: Moment
    var result: UnitResult
    /// How its process ended: `.none` where there was none, or nobody has looked.
    var code = ExitCode.none
    var status: UInt8 = 0
    /// What its own processes say is received until here: `Moment.order` of the restart that follows it.
    var until: UInt64

    /// How it ended: `exited 1`, `killed 9`, `203/EXEC`; systemd's word where that says more, or all.
    var ending: String {
        if result.isSystemdsDoing || result == .resources || result == .protocol { return result.word }
        return switch code {
        case .none: result.word
        case .exited: SpawnStatus.name(of: status).map { "\(status)/\($0)" } ?? "exited \(status)"
        case .killed: "killed \(status)"
        case .dumped: "dumped \(status)"
        }
    }

    /// Equal for attempts with equal `ending`.
    struct EndingKey: Hashable {
        var result: UnitResult
        var code: ExitCode
        var status: UInt8
    }

    /// Takes the end of the process that made the unit fail.
    mutating func end(with exit: ManagerRecord) {
        code = ExitCode(result)
        status = exit.status
    }

    var endingKey: EndingKey { EndingKey(result: result, code: code, status: status) }

    /// Whether the process could not even be made: systemd's own exit statuses (systemd.exec(5)).
    var couldNotSpawn: Bool { code == .exited && SpawnStatus.name(of: status) != nil }
}

extension Attempt {
    /// How far behind its failure a line of the service may be received: the journal reads a service's output and
    /// systemd's messages from different sockets.
    private static let lag: UInt64 = 100_000

    /// Joins what PID 1 recorded, each list in order of time.
    ///
    /// `refusals` are the moments at which the start limit refused a start: the failure that systemd records with one
    /// is no attempt. `memoryKills` are those at which the kernel killed a process of the unit.
    static func joining(
        failures: [ManagerRecord], restarts: [UInt64], refusals: [Moment] = [], memoryKills: [Moment] = []
    ) -> [Attempt] {
        var attempts: [Attempt] = []
        attempts.reserveCapacity(failures.count)
        var restart = restarts.startIndex
        var refusal = refusals.startIndex
        var kill = memoryKills.startIndex
        for (index, failure) in failures.enumerated() {
            let next = index + 1 < failures.count ? failures[index + 1].moment.order : UInt64.max
            var attempt = Attempt(failed: failure.moment, result: failure.result, until: 0)
            var refused = failure.result == .startLimit
            while refusal < refusals.endIndex, refusals[refusal] < failure.moment {
                refused = refusals[refusal].isJustBefore(failure.moment)
                refusal += 1
            }
            if refused { continue }

            while restart < restarts.endIndex, restarts[restart] < failure.moment.order { restart += 1 }
            let nextRestart = restart < restarts.endIndex ? restarts[restart] : UInt64.max
            attempt.until = min(nextRestart, next, failure.moment.order + lag)
            if nextRestart < next, nextRestart >> 48 == failure.moment.order >> 48 { attempt.until = nextRestart }
            while kill < memoryKills.endIndex, memoryKills[kill].order <= attempt.until {
                if memoryKills[kill].order > attempts.last?.until ?? 0 { attempt.result = .outOfMemory }
                kill += 1
            }
            attempts.append(attempt)
        }
        return attempts
    }

    /// Tells attempts by what process exit each failed, both in order of time.
    static func end(_ attempts: inout [Attempt], with exits: [ManagerRecord]) {
        var exit = exits.startIndex
        for index in attempts.indices {
            // The first process that failed is the cause; a clean-up command that fails after it is not.
            var isFirst = true
            while exit < exits.endIndex, exits[exit].moment <= attempts[index].failed {
                if isFirst, exits[exit].moment.rank == attempts[index].failed.rank {
                    attempts[index].end(with: exits[exit])
                    isFirst = false
                }
                exit += 1
            }
        }
    }
}

extension Moment {
    /// systemd records a refused start and the failure that comes of it in one go.
    fileprivate func isJustBefore(_ other: Moment) -> Bool {
        interval(to: other).map { $0 < .seconds(1) } ?? false
    }
}

/// Exit statuses by which systemd says what kept it from running a program (systemd.exec(5), "Process Exit Codes").
enum SpawnStatus {
    static func name(of status: UInt8) -> String? {
        guard status >= 200 else { return nil }
        let index = Int(status) - 200
        return index < names.count ? names[index] : nil
    }

    private static let names = [
        "CHDIR", "NICE", "FDS", "EXEC", "MEMORY", "LIMITS", "OOM_ADJUST", "SIGNAL_MASK", "STDIN", "STDOUT", "CHROOT",
        "IOPRIO", "TIMERSLACK", "SECUREBITS", "SETSCHEDULER", "CPUAFFINITY", "GROUP", "USER", "CAPABILITIES", "CGROUP",
        "SETSID", "CONFIRM", "STDERR", nil, "PAM", "NETWORK", "NAMESPACE", "NO_NEW_PRIVILEGES", "SECCOMP",
        "SELINUX_CONTEXT", "PERSONALITY", "APPARMOR_PROFILE", "ADDRESS_FAMILIES", "RUNTIME_DIRECTORY", nil, "CHOWN",
        "SMACK_PROCESS_LABEL", "KEYRING", "STATE_DIRECTORY", "CACHE_DIRECTORY", "LOGS_DIRECTORY",
        "CONFIGURATION_DIRECTORY", "NUMA_POLICY", "CREDENTIALS", nil, "BPF",
    ]
}
