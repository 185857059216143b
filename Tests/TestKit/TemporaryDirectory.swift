import Glibc

/// A directory of a test's own, removed with all that is in it when its owner's scope ends.
@safe public final class TemporaryDirectory: Sendable {
    public let path: String

    public init() throws {
        var template = Array("/tmp/patch-doctor-test.XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Failure(words: "mkdtemp: errno \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        _ = unsafe chmod(path, 0o755)
    }

    deinit { removeAll() }

    /// Before its time, where no deinit will come.
    public func removeAll() { _ = try? ChildProcess(["rm", "-rf", "--", path]).wait() }

    struct Failure: Error { let words: String }

    /// Writes a file and the directories that it needs.
    public func write(_ name: String, _ bytes: some Sequence<UInt8>, mode: UInt32 = 0o644) throws {
        makeDirectory(String(name.split(separator: "/").dropLast().joined(separator: "/")))
        let target = path + "/" + name
        _ = unsafe unlink(target)
        let descriptor = unsafe open(target, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw Failure(words: "open \(target): errno \(errno)") }
        defer { close(descriptor) }
        let bytes = Array(bytes)
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fchmod(descriptor, mode) == 0 else {
            throw Failure(words: "write \(target): errno \(errno)")
        }
    }

    public func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws {
        try write(name, text.utf8, mode: mode)
    }

    public func makeDirectory(_ name: String) {
        var current = path
        for part in name.split(separator: "/") {
            current += "/" + part
            _ = unsafe mkdir(current, 0o755)
        }
    }

    public func link(_ name: String, to target: String) { _ = unsafe symlink(target, path + "/" + name) }

    public func makeFIFO(_ name: String) { _ = unsafe mkfifo(path + "/" + name, 0o644) }

    public func setMode(_ name: String, _ mode: UInt32) { _ = unsafe chmod(path + "/" + name, mode) }

    public func setOwner(_ name: String, _ user: UInt32, _ group: UInt32) {
        _ = unsafe chown(path + "/" + name, user, group)
    }

    public func remove(_ name: String) { _ = unsafe unlink(path + "/" + name) }

    public func read(_ name: String) throws -> [UInt8] { try TemporaryDirectory.bytes(of: path + "/" + name) }

    public static func bytes(of path: String) throws -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { throw Failure(words: "open \(path): errno \(errno)") }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return result }
            result += chunk[..<count]
        }
    }
}
