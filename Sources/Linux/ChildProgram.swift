import CLinux
public import Values

/// A program run to its end, by its own path and words: no shell, no search path, nothing on its standard input.
public struct ChildProgram: Sendable {
    public let path: String
    public let arguments: [String]

    public init(_ path: String, _ arguments: [String]) {
        self.path = path
        self.arguments = arguments
    }

    /// How it ended.
    public enum Ending: Sendable, Hashable {
        case exited(Int32)
        case killed(signal: Int32)
        /// It lives on after the time that it was given, and was left alone.
        case stillRunning
    }

    /// Its output goes to our standard error, as it comes. Waits for its end, at most `time`.
    public func run(waiting time: Interval) throws(SystemError) -> Ending {
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        var pid: Int32 = 0
        let code = unsafe cl_spawn(path, words, &pid)
        guard code == 0 else { throw SystemError("run", path, code: code) }
        guard let child = try ProcessHandle(pid), try child.waitForEnd(time) else { return .stillRunning }
        let ending = cl_wait(pid)
        guard ending >= 0 else { throw SystemError("wait for", path, code: -ending) }
        return ending < 0x100 ? .exited(ending) : .killed(signal: ending & 0xFF)
    }
}
