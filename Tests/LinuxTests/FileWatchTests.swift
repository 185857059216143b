import Glibc
import Linux
import TestKit
import Testing

@Suite struct FileWatchTests {
    /// Whether something happened since this was asked last; the kernel queues events before the call that makes them
    /// returns.
    private func hasNews(_ descriptor: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        return unsafe read(descriptor, &bytes, bytes.count) > 0
    }

    private func watching(_ directory: String, _ body: (Int32) throws -> Void) throws {
        let descriptor = try FileWatch(of: [directory]).handedOver()
        defer { close(descriptor) }
        #expect(!hasNews(descriptor))
        try body(descriptor)
        #expect(hasNews(descriptor))
    }

    @Test func `a directory that is not there yet is news when the first part of the way to it comes`() throws {
        let directory = try TemporaryDirectory()
        try watching(directory.path + "/certs/new") { _ in try directory.write("certs/other", "") }
    }

    @Test func `a directory that is renamed away or removed is news`() throws {
        let directory = try TemporaryDirectory()
        let place = directory.path + "/certs"
        try #require(unsafe mkdir(place, 0o700) == 0)
        try watching(place) { _ in #expect(unsafe rename(place, place + ".old") == 0) }
        try watching(place + ".old") { _ in #expect(unsafe rmdir(place + ".old") == 0) }
    }
}
