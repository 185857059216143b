public import Values

/// How many jobs, and how long they are remembered.
public struct JobLimits: Hashable, Sendable {
    /// Pending and running together.
    public var queued = 100
    /// Within this time after it was completed, a request for the same is answered with the job that did it: a manager
    /// that lost sight of a job sends its request again.
    public var sameFor = Interval.seconds(3600)
    public var remembered = 1000
    public var rememberedFor = Interval.seconds(30 * 86400)
    /// Of what a job's programs printed.
    public var outputLines = 200
    /// How long a host may take from the order to boot to the end of this boot.
    public var rebootPatience = Interval.seconds(600)

    public init() {}
}
