public import ArgumentParser

/// In which of its two forms the manager answers a poll; its code and its documents disagree.
public enum Dialect: String, Hashable, Sendable, Codable, CaseIterable, ExpressibleByArgument {
    /// As the manager's code does: always 200 with a `status` word; a denied request is simply not found.
    case coded
    /// As its documents say: 202 while pending, the bare bundle with 200, 403 denied, 404 expired.
    case documented
}
