public import Values

/// One line of a bundle's chain of custody, as whoever goes on with an earlier remedy reads it.
public struct CustodyRecord: Hashable, Sendable {
    public let time: WallTime
    public let event: CustodyEvent
    public let detail: [String: String]
}

extension SealedEvidence {
    /// The chain of custody from its first line to its last; throws where it does not hold together.
    public func history() throws(CustodyError) -> [CustodyRecord] {
        let chain = try CustodyLog(bundle: location).read()
        return chain.entries.map { CustodyRecord(time: $0.time, event: $0.event, detail: $0.detail ?? [:]) }
    }
}
