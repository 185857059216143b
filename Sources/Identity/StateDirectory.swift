import Linux
public import Values
public import Wire

/// Where the agent keeps what it must not forget: `enrollment/` and `generations/`, both for its own eyes only.
///
/// Nothing is held open: each use walks the path anew, so that a directory that was removed or mounted over in the
/// meantime is found or made again, and refused where others could have led it elsewhere.
public struct StateDirectory: Sendable, Hashable {
    public let path: String
    /// What was found amiss and repaired, for the log.
    public let notes: [String]

    /// Makes what is missing, mode 0700. A link, another owner, or a way that others can change is refused; a mode
    /// that lets others in is repaired and told.
    public init(opening path: String = EnrollmentRecord.directory) throws(IdentityError) {
        self.path = path
        var notes: [String] = []
        let root = try SafeDirectory.own(at: path, notes: &notes)
        for name in [StateDirectory.enrollment, StateDirectory.generations] {
            TemporaryName.clean(try SafeDirectory.own(name, in: root, notes: &notes))
        }
        self.notes = notes
    }

    static let enrollment = "enrollment"
    static let generations = "generations"

    /// Writes, syncs and removes a file of that size, so that no answer is asked for that could not be kept.
    public func proveWritable(room: Bytes = .mebibytes(1)) throws(IdentityError) {
        for name in [StateDirectory.enrollment, StateDirectory.generations] {
            try WritingProof.run(in: try open(name), room: room)
        }
    }

    /// `enrollment` or `generations`.
    func open(_ name: String) throws(IdentityError) -> DirectoryAnchor {
        var notes: [String] = []
        let root = try SafeDirectory.own(at: path, notes: &notes)
        return try SafeDirectory.own(name, in: root, notes: &notes)
    }
}
