import Custody
import Linux
import Values

/// A bundle that leaves by standard output and stays nowhere: for a collector at the other end of an ssh session.
struct BundleStream: ~Copyable {
    private let parent: DirectoryAnchor
    private let name: String

    /// Where it is made: in memory where there is such a place, never on the disk that may be what ails the host.
    private static var places: [String] {
        let own = Terminal.environment("XDG_RUNTIME_DIR", orElse: "")
        return ["/run"] + (own.hasPrefix("/") ? [own] : []) + ["/dev/shm", "/tmp"]
    }

    /// Makes a directory for its owner's eyes only.
    init() throws(SystemError) {
        name = "patch-doctor.stream.\(UInt64.random(in: 0 ... .max))"
        var fault = SystemError("make", "a place for the bundle", code: SystemError.notPermitted)
        for place in Self.places {
            do throws(SystemError) {
                let parent = try DirectoryAnchor(opening: place)
                _ = try parent.makeDirectory(name)
                self.parent = parent
                return
            } catch {
                fault = error
            }
        }
        throw fault
    }

    var directory: String { parent.path + "/" + name }

    /// Writes the archive to standard output. By then it has no name any more: whatever ends this process, nothing is
    /// left behind.
    consuming func send(_ archive: String) throws(SystemError) {
        let file = try Descriptor(reading: archive)
        try parent.removeTree(name)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try file.read(into: &buffer)
            if count == 0 { return }
            guard Terminal.write(count == buffer.count ? buffer : Array(buffer[..<count]), to: .standardOutput) else {
                throw SystemError("write", "standard output")
            }
        }
    }

    /// Takes the directory away where there was nothing to send.
    consuming func discard() { try? parent.removeTree(name) }
}
