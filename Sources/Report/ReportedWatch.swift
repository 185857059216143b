import Evidence
public import Values

extension Report {
    /// What a watch saw, in short; the bundle has every attempt that was kept, and the events.
    public struct Watch: Sendable, Codable {
        public var began: WallTime
        public var ended: WallTime
        public var because: String
        public var attempts: Int
        /// Attempts that went by unseen.
        public var missed: Int
        /// Ways in which attempts ended, in the order in which they were first seen.
        public var endings: [Ending]
        public var otherAttempts: Int
        public var holders: [Holder]

        enum CodingKeys: String, CodingKey {
            case began, ended, because, attempts, missed, endings
            case otherAttempts = "other_attempts"
            case holders
        }

        public struct Ending: Sendable, Codable {
            public var ending: String
            public var signature: String?
            public var count: Int
            public var first: WallTime
            public var last: WallTime
            /// Seconds that such an attempt ran.
            public var shortest: Double?
            public var longest: Double?
        }

        public struct Holder: Sendable, Codable {
            public var pid: Int32?
            public var address: String
            /// `pid 289 (linux-patch-api), an enrollment, outside the unit (in session-75.scope)`.
            public var what: String
            public var first: WallTime
            public var last: WallTime
            public var gone: Bool
        }

        init(_ fact: WatchFact, of unit: UnitName) {
            began = fact.began
            ended = fact.ended
            because = fact.end.words
            attempts = fact.attempts
            missed = fact.missed
            endings = fact.patterns.map {
                Ending(
                    ending: $0.ending, signature: $0.signature, count: $0.count, first: $0.first, last: $0.last,
                    shortest: $0.shortest?.seconds, longest: $0.longest?.seconds)
            }
            otherAttempts = fact.otherAttempts
            holders = fact.holders.map { holder in
                Holder(
                    pid: holder.process?.identity.pid, address: holder.address,
                    what: holder.process.map { "\($0.label), \($0.words(for: unit))" }
                        ?? "a process that can't be seen",
                    first: holder.first, last: holder.last, gone: holder.isGone)
            }
        }

        /// In one sentence: `2 attempts in 12 s, stopped by SIGINT`.
        var summary: String {
            let missed = missed > 0 ? ", \(missed) more unseen" : ""
            let noun = attempts == 1 ? "attempt" : "attempts"
            return "\(attempts) \(noun) in \((ended - began).readable)\(missed); \(because)"
        }
    }
}

extension Report.Watch.Ending {
    var words: String { ending + (signature.map { ": \($0)" } ?? "") }
}

extension Report.Watch.Holder {
    var period: String { "\(first.readable.dropLast(4)) to \(last.readable)\(gone ? ", then no more" : "")" }
}
