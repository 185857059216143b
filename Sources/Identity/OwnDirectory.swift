import Linux

/// A directory of the agent's own, for what it keeps beside its identity.
public enum OwnDirectory {
    /// Makes it, mode 0700, where it is missing, and refuses one that others could have led elsewhere or could change. A
    /// mode that lets others in is repaired; what is told then is for the log.
    public static func prepare(_ path: String) throws(IdentityError) -> [String] {
        var notes: [String] = []
        _ = try SafeDirectory.own(at: path, notes: &notes)
        return notes
    }
}
