/// What one step comes to as of now, without being done.
public struct Rehearsal: Sendable, Hashable {
    public let step: Plan.Step
    public let words: String
    /// It could be done, or is not needed.
    public let isReady: Bool

    public init(step: Plan.Step, words: String, isReady: Bool) {
        self.step = step
        self.words = words
        self.isReady = isReady
    }
}
