public import Linux
import Values

/// A program of a package manager, run with its own words: no shell, nothing on its standard input, an environment that
/// holds nothing of ours, and all that it prints bounded.
public struct PackageProgram: Sendable, Hashable {
    /// Absolute.
    public var path: String
    public var arguments: [String]
    /// Beside what every program gets: `DEBIAN_PRIORITY=critical`.
    public var environment: [String]
    /// Its descriptor 3 is read line by line.
    public var tellsStatus = false
    /// Where it has no such descriptor to tell how far it is: its standard output is read line by line, beside being kept.
    public var tellsOnOutput = false
    /// Of each of its two streams, in bytes: what comes after it is read, handed on and not kept.
    public var limit = 8 << 20

    public init(_ path: String, _ arguments: [String], environment: [String] = []) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    /// In English, since what it says is read by us; and no restarts of services that ask or race (needrestart(1)).
    public static let commonEnvironment = [
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "NEEDRESTART_SUSPEND=1",
    ]

    /// `apt-get`.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// `apt-get -s install -- curl`, for messages.
    public var description: String {
        ([name] + arguments).joined(separator: " ").harmless(limit: 1024)
    }

    /// What came of it.
    public struct Result: Sendable, Hashable {
        public var ending: ChildProgram.Ending
        public var output: [UInt8]
        public var errors: [UInt8]
        /// Why it was ended by us; nil where it ended by itself.
        public var cause: Cause?

        /// Who ended it.
        public enum Cause: Sendable, Hashable {
            case time
            case stop
        }

        public var succeeded: Bool { ending == .exited(0) }
        /// nil where a signal killed it.
        public var exitStatus: Int? { if case .exited(let status) = ending { Int(status) } else { nil } }
        public var outputText: String { String(decoding: output, as: UTF8.self) }
        public var errorText: String { String(decoding: errors, as: UTF8.self) }
        /// `exit status 100`, `killed by signal 9`.
        public var words: String {
            switch ending {
            case .exited(let status): "exit status \(status)"
            case .killed(let signal): "killed by signal \(signal)"
            case .stillRunning: "still running"
            }
        }
    }

    /// When, and on whose word, a program is ended before its time.
    public enum Leniency: Sendable, Hashable {
        /// At that moment of CLOCK_MONOTONIC (microseconds), or when a stop is asked for: SIGTERM, then SIGKILL.
        case until(UInt64)
        /// Never: half a transaction is worse than a late one.
        case unlimited
    }

    /// How long a program may take to end after SIGTERM.
    static let grace: UInt64 = 10_000_000
    /// What is longer than that is no line of a status descriptor.
    static let statusLineLimit = 1 << 16

    /// Runs it and returns when it has ended, whatever children it leaves behind. `heed` is asked each time that
    /// something happens.
    public func run(
        _ leniency: Leniency, heed: borrowing ProgramWatch = ProgramWatch()
    ) throws(SystemError) -> Result {
        let program = try RunningProgram(
            path, arguments, environment: Self.commonEnvironment + environment, tellsStatus: tellsStatus)
        var output = Stream(keeping: limit)
        var errors = Stream(keeping: limit)
        var status = Stream(keeping: 0)
        var lines = StatusLines(limit: Self.statusLineLimit)
        var cause: Result.Cause?
        var killTime = UInt64.max
        var buffer = [UInt8](repeating: 0, count: 1 << 15)
        while true {
            var wishes = [Readiness.Wish.input(program.ended)]
            if output.isOpen { wishes.append(.input(program.output.raw)) }
            if errors.isOpen { wishes.append(.input(program.errors.raw)) }
            if status.isOpen { wishes.append(.input(program.status.raw)) }
            if let stop = heed.stopDescriptor, !heed.stopWasAsked() { wishes.append(.input(stop)) }
            var deadline = killTime
            if case .until(let moment) = leniency, cause == nil { deadline = moment }
            Readiness.wait(for: wishes, until: min(deadline, heed.due()))
            if Clock.monotonic >= heed.due() { heed.catchUp() }
            // First this, then the pipes: what it printed before its end is in them.
            let hasEnded = try program.handle.waitForEnd(Interval(microseconds: 0))
            try output.take(from: program.output, &buffer) { bytes in
                heed.printed(bytes)
                if tellsOnOutput { lines.add(bytes) { heed.told($0) } }
            }
            try errors.take(from: program.errors, &buffer) { heed.printed($0) }
            try status.take(from: program.status, &buffer) { lines.add($0) { heed.told($0) } }
            if hasEnded { break }
            let isStopped = heed.stopWasAsked()
            guard case .until(let moment) = leniency else { continue }
            let now = Clock.monotonic
            if cause == nil, isStopped || now >= moment {
                cause = isStopped ? .stop : .time
                killTime = now + Self.grace
                program.send(.terminate)
            } else if now >= killTime {
                killTime = .max
                program.send(.kill)
            }
        }
        // What it left running in its group ends with it, where it was ended at all.
        if cause != nil { program.send(.kill) }
        let ending = try program.waitForStatus()
        return Result(ending: ending, output: output.kept, errors: errors.kept, cause: cause)
    }
}

/// Who looks on while a program runs.
public struct ProgramWatch {
    /// Becomes readable when somebody asks for a stop.
    public var stopDescriptor: Int32?
    public var stopWasAsked: () -> Bool
    /// What it printed, as it comes, both streams together.
    public var printed: (ArraySlice<UInt8>) -> Void
    /// A line of its status descriptor.
    public var told: (String) -> Void
    /// When `catchUp` is to be called, by CLOCK_MONOTONIC in microseconds; the largest number for never.
    public var due: () -> UInt64 = { .max }
    public var catchUp: () -> Void = {}

    public init(
        stopDescriptor: Int32? = nil, stopWasAsked: @escaping () -> Bool = { false },
        printed: @escaping (ArraySlice<UInt8>) -> Void = { _ in }, told: @escaping (String) -> Void = { _ in }
    ) {
        self.stopDescriptor = stopDescriptor
        self.stopWasAsked = stopWasAsked
        self.printed = printed
        self.told = told
    }
}

/// One of the pipes from a program.
private struct Stream {
    private(set) var isOpen = true
    private(set) var kept: [UInt8] = []
    private let limit: Int

    init(keeping limit: Int) { self.limit = limit }

    /// All that is there now.
    mutating func take(
        from pipe: borrowing Descriptor, _ buffer: inout [UInt8], _ handOn: (ArraySlice<UInt8>) -> Void
    ) throws(SystemError) {
        // A program that never stops printing must not keep us from looking at the clock.
        for _ in 0..<64 where isOpen {
            guard let count = try pipe.readAtOnce(into: &buffer) else { return }
            isOpen = count > 0
            kept += buffer[..<min(count, max(0, limit - kept.count))]
            if count > 0 { handOn(buffer[..<count]) }
        }
    }
}

/// Cuts what comes through a pipe into lines.
private struct StatusLines {
    private var rest: [UInt8] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func add(_ bytes: ArraySlice<UInt8>, _ body: (String) -> Void) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                body(String(decoding: rest, as: UTF8.self))
                rest.removeAll(keepingCapacity: true)
            } else if rest.count < limit {
                rest.append(byte)
            }
        }
    }
}
