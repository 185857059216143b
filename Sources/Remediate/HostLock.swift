public import Linux
import Values

/// One remediation a host at a time, for as long as this value lives; the kernel gives the lock back when its holder dies.
public struct HostLock: ~Copyable, Sendable {
    private let file: Descriptor

    /// Why it could not be had.
    public enum Failure: Error, Sendable, CustomStringConvertible {
        /// By the pid in the lock's file; nil where it does not say.
        case held(by: Int32?)
        case system(SystemError)

        public var description: String {
            switch self {
            case .held(let pid):
                "another remediation is at work on this host" + (pid.map { ", as pid \($0)" } ?? "")
            case .system(let error): error.description
            }
        }
    }

    private static let name = "patch-doctor"
    private static let lock = "remediation.lock"

    /// `directory` is where the lock's own directory lies.
    public init(below directory: String = "/run") throws(Failure) { file = try Self.claimed(below: directory) }

    private static func claimed(below directory: String) throws(Failure) -> Descriptor {
        let file = try openFile(below: directory)
        try claim(file)
        return file
    }

    private static func openFile(below directory: String) throws(Failure) -> Descriptor {
        do throws(SystemError) {
            return try open(in: DirectoryAnchor(opening: directory)).openOrCreateFile(lock)
        } catch {
            throw .system(error)
        }
    }

    private static func claim(_ file: borrowing Descriptor) throws(Failure) {
        do throws(SystemError) {
            if try file.lock(wait: false) {
                try file.truncate(to: 0)
                return try file.writeAll(Array("\(ProcessIdentity.own.pid)\n".utf8))
            }
        } catch {
            throw .system(error)
        }
        let words = (try? file.contents(limit: 32).bytes).map { String(decoding: $0, as: UTF8.self) }
        throw .held(by: words?.split(separator: "\n").first.flatMap { Int32($0) })
    }

    private static func open(in run: borrowing DirectoryAnchor) throws(SystemError) -> DirectoryAnchor {
        do throws(SystemError) {
            return try run.makeDirectory(name)
        } catch  where error.isExisting {
            return try run.openDirectory(name)
        }
    }
}
