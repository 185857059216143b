import Configuration
import Linux
import Synchronization
import Values

/// How often each peer may ask: a bucket for what may change the host, and one for the rest.
final class RateLimiter: Sendable {
    private struct Buckets {
        var destructive: TokenBucket
        var read: TokenBucket
    }

    private struct State {
        var limit: AgentConfiguration.RateLimit
        var peers: [IPAddress: Buckets] = [:]
    }

    /// So many peers are told apart; a whitelist that lets in more has them share one pair of buckets.
    static let capacity = 1024

    private let state: Mutex<State>

    /// In microseconds.
    private let clock: @Sendable () -> UInt64

    init(_ limit: AgentConfiguration.RateLimit, clock: @escaping @Sendable () -> UInt64 = { Clock.monotonic }) {
        self.clock = clock
        state = Mutex(State(limit: limit))
    }

    /// Takes other numbers from now on; what was used up stays so.
    func use(_ limit: AgentConfiguration.RateLimit) { state.withLock { $0.limit = limit } }

    /// How long the peer has to wait; nil where it may ask now.
    func wait(of peer: IPAddress, isDestructive: Bool) -> Interval? {
        let now = clock()
        return state.withLock { state in
            let limit = state.limit
            guard limit.isEnabled else { return nil }
            var key = peer
            if state.peers[key] == nil, state.peers.count >= RateLimiter.capacity {
                RateLimiter.forget(&state, now)
                if state.peers.count >= RateLimiter.capacity { key = RateLimiter.anybody }
            }
            var buckets =
                state.peers[key]
                ?? Buckets(
                    destructive: TokenBucket(limit.destructive, at: now), read: TokenBucket(limit.read, at: now))
            defer { state.peers[key] = buckets }
            return isDestructive
                ? buckets.destructive.take(limit.destructive, at: now) : buckets.read.take(limit.read, at: now)
        }
    }

    /// Who asked nothing for so long that his buckets are full again is as good as new.
    private static func forget(_ state: inout State, _ now: UInt64) {
        let limit = state.limit
        state.peers = state.peers.filter { _, buckets in
            var buckets = buckets
            return !(buckets.destructive.isFull(limit.destructive, at: now) && buckets.read.isFull(limit.read, at: now))
        }
    }

    /// Whom all others share a bucket with: no peer has this address.
    private static let anybody = IPAddress(ipv4: 0)
}

extension AgentConfiguration.RateLimit {
    fileprivate var destructive: TokenBucket.Rate { .init(perMinute: destructivePerMinute, burst: destructiveBurst) }
    fileprivate var read: TokenBucket.Rate { .init(perMinute: readPerMinute, burst: readBurst) }
}
