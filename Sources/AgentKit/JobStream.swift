import Jobs
import Linux
import NIOCore
import Packages
import Serving
import Synchronization
import Values
import Wire

/// The job stream: whoever opened a WebSocket is told of each step of jobs.
///
/// A manager of today says nothing on it, opens one for each of its jobs, and takes every event for one of that job. So a
/// socket that asked for nothing gets the events of one job alone: of the only one that is not over, else of the next
/// that is accepted. Where several are under way nobody can know which one is meant, and it gets none; the manager asks
/// for each by its identifier besides. Whoever subscribes gets what he asks for.
final class JobStream: Sendable {
    fileprivate enum Share: Hashable {
        /// Nothing was asked for, and there is no job yet that could be meant.
        case next
        case guessed(JobID)
        case unclear
        case chosen(all: Bool, Set<JobID>)

        func holds(_ id: JobID) -> Bool {
            switch self {
            case .next, .unclear: false
            case .guessed(let own): own == id
            case .chosen(let all, let ids): all || ids.contains(id)
            }
        }
    }

    private struct Follower {
        let peer: WebSocketPeer
        var share: Share
    }

    private let desk: JobDesk
    private let followers = Mutex<[RequestID: Follower]>([:])

    init(_ desk: JobDesk) {
        self.desk = desk
        _ = desk.listen { [weak self] in self?.tell($0) }
    }

    var handlers: WebSocketHandlers {
        WebSocketHandlers(
            onOpen: { self.welcome($0) }, onText: { self.hear($0, $1) },
            onClose: { peer in self.followers.withLock { $0[peer.id] = nil } })
    }

    // MARK: - Telling

    private func welcome(_ peer: WebSocketPeer) {
        peer.send(StreamWord.text("connected", status: "connected", message: "WebSocket connected: \(peer.id)"))
        followers.withLock { $0[peer.id] = Follower(peer: peer, share: .next) }
        // On the loop on which jobs move, so that none moves in between.
        desk.ask { board throws(JobRefusal) in self.guess(for: peer, among: board.active) }
            .whenComplete { _ in }
    }

    private func guess(for peer: WebSocketPeer, among active: [Job]) {
        let share: Share = active.isEmpty ? .next : active.count == 1 ? .guessed(active[0].id) : .unclear
        let isOpen = followers.withLock { followers in
            guard followers[peer.id]?.share == .next else { return false }
            followers[peer.id]?.share = share
            return true
        }
        if isOpen, let job = active.first, active.count == 1 { peer.send(StreamWord.event(of: job)) }
    }

    private func tell(_ job: Job) {
        let told = followers.withLock { followers in
            for (id, follower) in followers where follower.share == .next && job.status == .pending {
                followers[id]?.share = .guessed(job.id)
            }
            return followers.values.filter { $0.share.holds(job.id) }.map(\.peer)
        }
        guard !told.isEmpty else { return }
        let text = StreamWord.event(of: job)
        for peer in told { peer.send(text) }
    }

    // MARK: - Hearing

    private func hear(_ peer: WebSocketPeer, _ text: ByteBuffer) {
        guard let wish = try? StreamRequest.read(Array(text.readableBytesView)) else {
            let words = "expected {\"action\":\"subscribe\"} or \"unsubscribe\", with or without a \"job_id\""
            return peer.send(StreamWord.text("error", status: "invalid_message", message: words))
        }
        let id = wish.jobID.flatMap(JobID.init)
        guard wish.jobID == nil || id != nil else {
            return peer.send(StreamWord.text("error", status: "invalid_message", message: "job_id is a UUID"))
        }
        followers.withLock { followers in
            guard let share = followers[peer.id]?.share else { return }
            followers[peer.id]?.share = share.after(wish.action, id)
        }
        let word = wish.action == .subscribe ? "subscribed" : "unsubscribed"
        peer.send(StreamWord.text(word, job: id?.description ?? "all", status: word, message: ""))
    }
}

extension JobStream.Share {
    /// How many single jobs one socket may ask for.
    private static let limit = 1000

    fileprivate func after(_ action: StreamRequest.Action, _ id: JobID?) -> JobStream.Share {
        var (all, ids) = if case .chosen(let all, let ids) = self { (all, ids) } else { (false, Set<JobID>()) }
        switch (action, id) {
        case (.subscribe, let id?): if ids.count < Self.limit { ids.insert(id) }
        case (.subscribe, nil): all = true
        case (.unsubscribe, let id?): ids.remove(id)
        case (.unsubscribe, nil): (all, ids) = (false, [])
        }
        return .chosen(all: all, ids)
    }
}

/// The frames that the agent sends.
private enum StreamWord {
    static func event(of job: Job) -> ByteBuffer {
        var writer = JSONWriter()
        JobData(job).writeEvent(at: Clock.wall, to: &writer)
        return ByteBuffer(bytes: writer.bytes)
    }

    static func text(_ event: String, job: String = "", status: String, message: String) -> ByteBuffer {
        var writer = JSONWriter()
        StreamNote(event: event, job: job, status: status, message: message).write(at: Clock.wall, to: &writer)
        return ByteBuffer(bytes: writer.bytes)
    }
}

extension Answers {
    func jobStream(_ request: HTTPRequest) -> Reply { .webSocket(stream.handlers) }

    /// How the last update of the agent itself went, for managers of an earlier generation.
    func selfUpdateStatus(_ request: HTTPRequest) -> Reply {
        desk(request) { board throws(JobRefusal) in
            try board.newest(of: .selfUpdate)
        } answer: { job, writer in
            let change = job?.changes.first { $0.name.description == ChangeReader.own }
            writer.object { writer in
                writer.name("job_id")
                writer.optional(job) { $0.string($1.id.description) }
                writer.name("status")
                writer.string(job?.status.rawValue ?? "idle")
                writer.name("previous_version")
                writer.optional(change?.from) { $0.string($1.description) }
                writer.name("new_version")
                writer.optional(change?.to) { $0.string($1.description) }
                writer.name("changed")
                writer.boolean(change != nil)
                writer.name("error")
                writer.optional(job?.fault) { $0.string($1.message) }
                writer.name("at")
                writer.optional(job?.completedAt) { $0.time($1) }
            }
        }
    }
}
