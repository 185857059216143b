import Synchronization
import Values

/// Who may connect at all: asked at accept, before TLS. Denies everybody until a whitelist was read.
final class Gate: Sendable {
    private let whitelist = Mutex<Whitelist?>(nil)

    func admits(_ address: IPAddress) -> Bool { whitelist.withLock { $0?.admits(address) ?? false } }
    /// Nobody at all may connect.
    var isClosed: Bool { whitelist.withLock { $0?.isEmpty ?? true } }
    func replace(with list: Whitelist) { whitelist.withLock { $0 = list } }
}
