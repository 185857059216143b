public import Evidence
public import Values

/// One thing that a watch has to tell.
public struct WatchEvent: Sendable, Hashable {
    public var time: WallTime
    public var news: News

    public enum News: Sendable, Hashable {
        /// The unit as it is found: at the beginning, and where it comes to rest. nil where systemd does not hold it.
        case state(UnitLook?)
        /// It runs already when the watch begins.
        case running(WatchedAttempt)
        case attemptBegan(WatchedAttempt)
        /// `next` is how long systemd waits before it tries again; nil where it does not.
        case attemptEnded(WatchedAttempt, next: Interval?)
        /// So many attempts went by between two news.
        case missed(Int)
        case portHeld(WatchedHolder)
        case portLeft(WatchedHolder)
        /// Nobody listens any more, or nobody does at the beginning.
        case portFree
        case unseen(Absence)
        case ended(WatchFact.End)
    }

    public init(_ news: News, at time: WallTime) {
        self.time = time
        self.news = news
    }
}
