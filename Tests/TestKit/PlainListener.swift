import Glibc
public import Values

/// A listener on loopback that sends its first peer a text, whatever that said, and closes.
public final class PlainListener: Sendable {
    public let port: Port
    private let descriptor: Int32
    private let thread: pthread_t

    public init(answering text: String) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, size) != 0 || listen(descriptor, 1) != 0
                    || getsockname(descriptor, generic, &size) != 0
            }
        }
        guard !failed, let port = Port(rawValue: UInt16(bigEndian: address.sin_port)) else {
            throw ChildProcess.Failure(words: "cannot listen: errno \(errno)")
        }
        self.port = port
        self.descriptor = descriptor
        thread = try Self.answer(on: descriptor, with: text)
    }

    /// Only here is the descriptor closed: its number is anybody's from then on, other tests' included.
    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        pthread_join(thread, nil)
        close(descriptor)
    }

    private final class Errand {
        let descriptor: Int32
        let text: String

        init(descriptor: Int32, text: String) {
            self.descriptor = descriptor
            self.text = text
        }
    }

    /// On a thread of its own, which ends when the listener does.
    private static func answer(on descriptor: Int32, with text: String) throws -> pthread_t {
        let errand = unsafe Unmanaged.passRetained(Errand(descriptor: descriptor, text: text)).toOpaque()
        var thread = pthread_t()
        let failed = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let errand = unsafe Unmanaged<Errand>.fromOpaque(argument).takeRetainedValue()
                let peer = accept(errand.descriptor, nil, nil)
                var patience = timeval(tv_sec: 5, tv_usec: 0)
                _ = unsafe setsockopt(
                    peer, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
                var chunk = [UInt8](repeating: 0, count: 4096)
                if peer >= 0, unsafe recv(peer, &chunk, chunk.count, 0) > 0 {
                    let bytes = Array(errand.text.utf8)
                    _ = unsafe send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                }
                if peer >= 0 { close(peer) }
                shutdown(errand.descriptor, Int32(SHUT_RDWR))
                return nil
            }, errand)
        guard failed == 0 else { throw ChildProcess.Failure(words: "no thread: \(failed)") }
        return thread
    }
}
