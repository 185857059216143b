import Identity
import Linux
import Values

/// Turns events into chained lines and puts them into the file, of which there is always a next one.
struct AuditWriter: ~Copyable {
    private let rotation: Bytes
    private var file: AuditFile?
    private var last: Digest?

    init(rotation: Bytes) { self.rotation = rotation }

    mutating func close() { file = nil }

    /// Writes all the lines, or none.
    mutating func write(
        _ events: [(event: AuditEvent, time: WallTime)], omitted: Int, to place: AuditLog.Place, at now: WallTime,
        syncs: Bool
    ) throws(IdentityError) {
        try open(place, now)
        var previous = last ?? AuditLine.beginning
        var bytes: [UInt8] = []
        func add(_ line: [UInt8]) {
            bytes += line
            bytes.append(10)
            previous = AuditLine.digest(of: line)
        }
        if file?.isEmpty == true { add(AuditLine.opening(at: now, after: previous)) }
        if omitted > 0 { add(AuditLine.omission(omitted, at: now, after: previous)) }
        for (event, time) in events { add(AuditLine.write(event, at: time, after: previous)) }
        guard !bytes.isEmpty else { return }
        do throws(SystemError) {
            try file?.append(bytes, last: previous, syncs: syncs)
        } catch {
            throw .storage(error)
        }
        last = previous
    }

    private mutating func open(_ place: AuditLog.Place, _ now: WallTime) throws(IdentityError) {
        if let open = file.take() { try keep(open, now) }
        guard file == nil else { return }
        try keep(try AuditFile.open(place.path, at: now, after: last), now)
        // What an earlier run of the agent left may be of another day, and is retired by now.
        if file == nil { try keep(try AuditFile.open(place.path, at: now, after: last), now) }
        do throws(SystemError) {
            try file?.prune(
                before: place.retention.map { WallTime(microseconds: now.microseconds - $0.microseconds) },
                keeping: AuditLog.files)
        } catch {
            throw .storage(error)
        }
    }

    /// Goes on with `open`, or gives it the name of an older file.
    private mutating func keep(_ open: consuming AuditFile, _ now: WallTime) throws(IdentityError) {
        last = open.last
        guard open.isOver(at: now, limit: rotation) else {
            file = consume open
            return
        }
        do throws(SystemError) { try open.retire(at: now) } catch { throw .storage(error) }
    }
}
