import Linux
import Values

/// One session with a host: what comes on its standard output goes to a file, within bounds of size and time.
struct Session {
    enum Ending: Hashable {
        case exited(Int32)
        case killed(signal: Int32)
        /// Ended by us.
        case late, tooLong, stopped
    }

    let ending: Ending
    let bytes: UInt64
    /// The last words of its standard error, on one line and harmless.
    let complaint: String

    /// Of standard error, in bytes: the end of it counts.
    private static let tail = 4096

    /// Runs it to its end, on this thread. `stop` becomes readable when the whole run is to end.
    init(
        _ program: String, _ words: [String], environment: [String], to file: borrowing Descriptor, limit: Bytes,
        deadline: UInt64, stop: Int32?
    ) throws(SystemError) {
        let child = try RunningProgram(program, words, environment: environment, tellsStatus: false)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var (count, errors): (UInt64, [UInt8]) = (0, [])
        var (outputIsOpen, errorsAreOpen) = (true, true)
        var reason: Ending?
        while true {
            var wishes = [Readiness.Wish.input(child.ended)]
            if outputIsOpen { wishes.append(.input(child.output.raw)) }
            if errorsAreOpen { wishes.append(.input(child.errors.raw)) }
            if let stop, reason == nil { wishes.append(.input(stop)) }
            Readiness.wait(for: wishes, until: reason == nil ? deadline : .max)
            let hasEnded = try child.handle.waitForEnd(Interval(microseconds: 0))
            // A buffer of each in a turn: who floods one of them does not keep the clock from being looked at.
            var came = 0
            if outputIsOpen, let read = try child.output.readAtOnce(into: &buffer) {
                if read == 0 { outputIsOpen = false }
                count += UInt64(read)
                came += read
                if count <= limit.count {
                    try file.writeAll(read == buffer.count ? buffer : Array(buffer[..<read]))
                }
            }
            if errorsAreOpen, let read = try child.errors.readAtOnce(into: &buffer) {
                if read == 0 { errorsAreOpen = false }
                came += read
                errors = (errors + buffer[..<read]).suffix(Self.tail)
            }
            // What it printed before its end is still in the pipes; one that it left to another program may never be empty.
            if hasEnded, came == 0 || reason != nil { break }
            guard reason == nil else { continue }
            if count > limit.count {
                reason = .tooLong
            } else if Clock.monotonic >= deadline {
                reason = .late
            } else if let stop, Readiness.isFulfilled(.input(stop)) {
                reason = .stopped
            }
            if reason != nil, !hasEnded { child.send(.kill) }
        }
        if count > limit.count { reason = .tooLong }
        let last = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(3)
        complaint = last.joined(separator: "; ").harmless(limit: 400)
        bytes = count
        switch try child.waitForStatus() {
        case .exited(let status): ending = reason ?? .exited(status)
        case .killed(let signal): ending = reason ?? .killed(signal: signal)
        case .stillRunning: ending = reason ?? .late
        }
    }
}
