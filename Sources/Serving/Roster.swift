import NIOCore
import Synchronization
import Values

/// Who is connected: counts against the limits, and the channels for those who want to end them.
final class Roster: Sendable {
    enum Entry: Hashable { case admitted, tooMany }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var perPeer: [IPAddress: Int] = [:]
        /// Those whose hand-shake is not over.
        var shaking: Set<ObjectIdentifier> = []
        /// Listeners that accept nothing until there is room again.
        var paused: [any Channel] = []
        var isDraining = false
        /// Told when the last connection is gone.
        var emptied: EventLoopPromise<Void>?
    }

    private let limits: ServerLimits
    private let state = Mutex(State())

    init(limits: ServerLimits) { self.limits = limits }

    var count: Int { state.withLock { $0.channels.count } }
    var isDraining: Bool { state.withLock { $0.isDraining } }
    var channels: [any Channel] { state.withLock { Array($0.channels.values) } }

    /// Takes a new connection in. Where that makes the server full, `listener` is to accept no more: it is woken when
    /// somebody leaves.
    func enter(_ channel: any Channel, _ peer: IPAddress, from listener: any Channel) -> Entry {
        state.withLock { state in
            let own = state.perPeer[peer, default: 0]
            guard own < limits.connectionsPerPeer else { return .tooMany }
            state.perPeer[peer] = own + 1
            state.channels[ObjectIdentifier(channel)] = channel
            state.shaking.insert(ObjectIdentifier(channel))
            if isFull(state), !state.paused.contains(where: { $0 === listener }) {
                state.paused.append(listener)
                Roster.setAccepting(listener, false)
            }
            return .admitted
        }
    }

    /// Accepts again after a pause for another reason, unless the server is full.
    func resume(_ listener: any Channel) {
        state.withLock { state in
            if !state.paused.contains(where: { $0 === listener }) { Roster.setAccepting(listener, true) }
        }
    }

    /// The hand-shake is over. For one that failed, leaving is enough.
    func endHandshake(_ channel: any Channel) {
        let woken = state.withLock { state in
            state.shaking.remove(ObjectIdentifier(channel))
            return takeWoken(&state)
        }
        woken.forEach { Roster.setAccepting($0, true) }
    }

    func leave(_ channel: any Channel, _ peer: IPAddress) {
        let (woken, emptied) = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            state.shaking.remove(ObjectIdentifier(channel))
            let left = state.perPeer[peer, default: 1] - 1
            state.perPeer[peer] = left > 0 ? left : nil
            let emptied = state.channels.isEmpty ? state.emptied : nil
            if emptied != nil { state.emptied = nil }
            return (takeWoken(&state), emptied)
        }
        woken.forEach { Roster.setAccepting($0, true) }
        emptied?.succeed()
    }

    /// From now on nobody is kept longer than needed; the promise is kept when the last one has gone.
    func drain(_ emptied: EventLoopPromise<Void>) {
        let isEmpty = state.withLock { state in
            state.isDraining = true
            state.paused = []
            if !state.channels.isEmpty { state.emptied = emptied }
            return state.channels.isEmpty
        }
        if isEmpty { emptied.succeed() }
    }

    private func isFull(_ state: State) -> Bool {
        state.channels.count >= limits.connections || state.shaking.count >= limits.handshakes
    }

    private func takeWoken(_ state: inout State) -> [any Channel] {
        guard !state.paused.isEmpty, !isFull(state) else { return [] }
        defer { state.paused = [] }
        return state.paused
    }

    private static func setAccepting(_ listener: any Channel, _ accepts: Bool) {
        listener.setOption(.autoRead, value: accepts).whenComplete { _ in }
    }
}
