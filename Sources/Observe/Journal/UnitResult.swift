import Systemd

/// How a unit or its start job ended: UNIT_RESULT, or JOB_RESULT where no process was ever started.
enum UnitResult: UInt8, Sendable {
    case unknown, exitCode, signal, coreDump, timeout, watchdog, outOfMemory, startLimit, resources, `protocol`
    case dependency, assertion, other

    /// systemd's own word.
    var word: String {
        switch self {
        case .unknown: "unknown result"
        case .exitCode: "exit-code"
        case .signal: "signal"
        case .coreDump: "core-dump"
        case .timeout: "timeout"
        case .watchdog: "watchdog"
        case .outOfMemory: "oom-kill"
        case .startLimit: "start-limit-hit"
        case .resources: "resources"
        case .protocol: "protocol"
        case .dependency: "dependency"
        case .assertion: "assert"
        case .other: "another result"
        }
    }

    private static let known: [(bytes: [UInt8], result: UnitResult)] = [
        .exitCode, .signal, .coreDump, .timeout, .watchdog, .outOfMemory, .startLimit, .resources, .protocol,
        .dependency, .assertion,
    ].map { (Array($0.word.utf8), $0) }

    init(_ word: Span<UInt8>) {
        self = UnitResult.known.first { word.isEqual(to: $0.bytes) }?.result ?? .other
    }

    /// What systemd itself did to the process says more than the process's last line does.
    var isSystemdsDoing: Bool {
        switch self {
        case .timeout, .watchdog, .outOfMemory: true
        default: false
        }
    }
}

/// `si_code` of waitid(2) in systemd's words.
enum ExitCode: UInt8, Sendable {
    case none, exited, killed, dumped

    /// How a process ended whose end led to this result.
    init(_ result: UnitResult) {
        self = result == .signal ? .killed : result == .coreDump ? .dumped : .exited
    }
}

extension Span<UInt8> {
    func isEqual(to bytes: [UInt8]) -> Bool {
        guard count == bytes.count else { return false }
        for index in 0..<count where self[index] != bytes[index] { return false }
        return true
    }

    /// A decimal number without a sign; nil for anything else, or for more than nine digits.
    var decimal: Int? {
        guard count > 0, count <= 9 else { return nil }
        var value = 0
        for index in 0..<count {
            let digit = self[index] &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }
}
