public import Evidence
public import Values

/// Adds up what a watch tells, in bounded room however long it goes on.
public struct WatchTally: Sendable {
    public private(set) var fact: WatchFact
    private var tail: [WatchedAttempt] = []
    private static let head = 20
    private static let tailLimit = 40

    public init(began: WallTime) { fact = WatchFact(began: began, ended: began, end: .interrupted) }

    public mutating func take(_ event: WatchEvent) {
        fact.ended = max(fact.ended, event.time)
        switch event.news {
        case .state(let look):
            guard let look else { return }
            if fact.restartsBefore == nil { fact.restartsBefore = look.nRestarts }
            fact.restartsAfter = look.nRestarts
        case .running, .attemptBegan, .portFree: return
        case .attemptEnded(let attempt, _): add(attempt)
        case .missed(let count): fact.missed += count
        case .portHeld(let holder):
            if fact.holders.count < WatchFact.holderLimit {
                fact.holders.append(holder)
            } else {
                fact.otherHolders += 1
            }
        case .portLeft(let holder):
            guard let place = fact.holders.lastIndex(where: holder.isSame) else { return }
            fact.holders[place].isGone = true
            fact.holders[place].last = holder.last
        case .unseen(let absence):
            if fact.unseen.count < 16, !fact.unseen.contains(absence) { fact.unseen.append(absence) }
        case .ended(let end):
            fact.end = end
            for index in fact.holders.indices where !fact.holders[index].isGone {
                fact.holders[index].last = event.time
            }
            fact.kept += tail
            tail = []
        }
    }

    /// The counter as it stood last.
    public mutating func count(restarts: UInt32) {
        if fact.restartsBefore == nil { fact.restartsBefore = restarts }
        fact.restartsAfter = restarts
    }

    private mutating func add(_ attempt: WatchedAttempt) {
        fact.attempts += 1
        if let place = fact.patterns.firstIndex(where: { $0.covers(attempt) }) {
            fact.patterns[place].add(attempt)
        } else if fact.patterns.count < WatchFact.patternLimit {
            var pattern = WatchedPattern(attempt)
            pattern.add(attempt)
            fact.patterns.append(pattern)
        } else {
            fact.otherAttempts += 1
        }
        if fact.kept.count < Self.head { return fact.kept.append(attempt) }
        tail.append(attempt)
        if tail.count > Self.tailLimit { tail.removeFirst() }
    }
}

/// Lines for the bundle: the first ones and the last ones, and how many between them were let go.
public struct KeptLines: Sendable {
    private var head: [[UInt8]] = []
    private var tail: [[UInt8]] = []
    /// Where the tail's oldest line is, which the next one takes the place of.
    private var oldest = 0
    public private(set) var leftOut = 0
    private let limits: (head: Int, tail: Int)

    public init(head: Int = 300, tail: Int = 700) { limits = (head, tail) }

    public mutating func append(_ line: [UInt8]) {
        if head.count < limits.head { return head.append(line) }
        if tail.count < limits.tail { return tail.append(line) }
        tail[oldest] = line
        oldest = (oldest + 1) % limits.tail
        leftOut += 1
    }

    /// All that is kept, each line with a line feed at its end.
    public var content: [UInt8] {
        (head + tail[oldest...] + tail[..<oldest]).flatMap { $0 + [UInt8(ascii: "\n")] }
    }
}
