import Linux
public import Values

/// Where a step of a transaction runs its programs and says how far it is: it knows how long anybody waits, whether a stop
/// was asked for, and where what is printed goes.
///
/// Used by one thread only.
public final class TransactionStage {
    /// What the process around a transaction does with what it is told.
    public struct Audience {
        public var watch: ProgramWatch
        /// Per cent of the whole transaction, and one line for a person.
        public var progressed: (Int, String) -> Void

        public init(watch: ProgramWatch, progressed: @escaping (Int, String) -> Void) {
            self.watch = watch
            self.progressed = progressed
        }
    }

    private let audience: Audience?
    /// Of CLOCK_MONOTONIC, in microseconds.
    private let deadline: UInt64
    private let patience: Interval
    /// The part of the whole that the present step takes, in per cent.
    public var share = 0...100
    /// What the transaction is for; nil for a simulation.
    public let order: PackageOrder?
    /// What the summary should say beside what changed: a repository that did not answer.
    public private(set) var remarks: [String] = []
    /// Of the last program that was run, for the outcome.
    public private(set) var lastExitStatus: Int?

    /// For a simulation, with nobody looking on, or for a transaction, with an audience.
    public init(patience: Interval, order: PackageOrder? = nil, audience: Audience? = nil) {
        self.order = order
        self.patience = patience
        self.audience = audience
        let now = Clock.monotonic
        let (sum, overflows) = now.addingReportingOverflow(UInt64(max(0, patience.microseconds)))
        deadline = overflows ? .max : sum
    }

    /// What is left of the patience, in whole seconds; 0 where there is none.
    public var secondsLeft: Int {
        let now = Clock.monotonic
        return now >= deadline ? 0 : Int(clamping: (deadline - now) / 1_000_000)
    }

    /// `part` is how much of this step is done, 0 to 1.
    public func report(_ message: String, part: Double = 0) {
        let whole = Double(share.upperBound - share.lowerBound) * min(max(part, 0), 1)
        audience?.progressed(share.lowerBound + Int(whole), message.harmless(limit: 200))
    }

    /// Adds a line of ours to what the programs printed.
    public func note(_ line: String) { audience?.watch.printed(Array((line.harmless(limit: 1024) + "\n").utf8)[...]) }

    /// Adds to what the summary says.
    public func remark(_ words: String) {
        remarks.append(words.harmless(limit: 300))
        note(words)
    }

    /// Waits a moment, unless a stop is asked for before it is over.
    public func pause(_ time: Interval) {
        var wishes: [Readiness.Wish] = []
        if let stop = audience?.watch.stopDescriptor { wishes.append(.input(stop)) }
        Readiness.wait(for: wishes, until: min(deadline, Clock.monotonic + UInt64(max(0, time.microseconds))))
    }

    /// Throws INTERRUPTED where a stop was asked for, TIMEOUT where the patience has ended.
    public func goOn() throws(TransactionFault) {
        if audience?.watch.stopWasAsked() == true { throw Self.stopped }
        if Clock.monotonic >= deadline { throw timedOut("the transaction") }
    }

    /// Runs a program that changes no package, and ends it when the patience ends (TIMEOUT) or a stop is asked for
    /// (INTERRUPTED). How it ended otherwise is the caller's to judge.
    public func run(
        _ program: PackageProgram, told: @escaping (String) -> Void = { _ in }
    ) throws(TransactionFault) -> PackageProgram.Result {
        try goOn()
        let result = try run(program, .until(deadline), told)
        switch result.cause {
        case .stop: throw Self.stopped
        case .time: throw timedOut("'\(program.description)'")
        case nil: return result
        }
    }

    /// Runs a program that changes packages: nothing ends it.
    public func runToTheEnd(
        _ program: PackageProgram, told: @escaping (String) -> Void = { _ in }
    ) throws(TransactionFault) -> PackageProgram.Result {
        try run(program, .unlimited, told)
    }

    private func run(
        _ program: PackageProgram, _ leniency: PackageProgram.Leniency, _ told: @escaping (String) -> Void
    ) throws(TransactionFault) -> PackageProgram.Result {
        note("+ " + program.description)
        var watch = audience?.watch ?? ProgramWatch()
        watch.told = told
        do throws(SystemError) {
            let result = try program.run(leniency, heed: watch)
            lastExitStatus = result.exitStatus
            return result
        } catch {
            throw TransactionFault(starting: program, error)
        }
    }

    private func timedOut(_ what: String) -> TransactionFault {
        TransactionFault(
            .timeout, "\(what) was not done after \(patience.readable) and was ended; no package was touched")
    }

    private static let stopped = TransactionFault(
        .interrupted, "a stop was asked for before the first package was unpacked: no package was touched")
}

extension TransactionFault {
    init(starting program: PackageProgram, _ error: SystemError) {
        if error.isNotFound {
            self.init(.commandNotFound, "\(error.description): install the package that holds it")
        } else if error.isNotPermitted {
            self.init(.permissionDenied, "\(error.description): the agent has to run as root")
        } else if error.code == SystemError.noSpace {
            self.init(.diskFull, "\(error.description)")
        } else {
            self.init(.packageManager, "\(error.description)")
        }
    }
}
