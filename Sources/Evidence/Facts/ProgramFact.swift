/// The program that the unit starts, as it lies on disk.
public struct ProgramFact: Hashable, Sendable, Codable {
    public var file: FileFact
    /// `PT_INTERP` of an ELF file or the `#!` line of a script; nil where it has none or was not readable.
    public var interpreter: String?
    public var interpreterExists: Bool?
    /// Whether the file system it lies on is mounted noexec.
    public var mountedNoExec: Bool?
    /// Whether the user of the unit exists; nil where none is set.
    public var userExists: Bool?
    public var groupExists: Bool?
    /// Numbers of the unit's user and group; 0 where none is set, nil where the host's files do not have them.
    public var userNumber: UInt32?
    public var groupNumber: UInt32?

    public init(file: FileFact) { self.file = file }

    public var isExecutable: Bool { file.exists && file.mode & 0o111 != 0 }
}
