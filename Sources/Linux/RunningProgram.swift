import CLinux
import Values

/// A program that runs beside us: its own path and words, no shell, nothing on its standard input, exactly the
/// environment that it is given, and a process group of its own. What it prints comes through pipes, which are closed
/// in every other program that is started.
public struct RunningProgram: ~Copyable {
    public let handle: ProcessHandle
    /// Its standard output.
    public let output: Descriptor
    /// Its standard error.
    public let errors: Descriptor
    /// What it writes to its descriptor 3.
    public let status: Descriptor

    /// `environment` holds words such as `PATH=/usr/bin`. Its descriptor 3 is a pipe to us where `tellsStatus`, and
    /// closed otherwise.
    public init(_ path: String, _ arguments: [String], environment: [String], tellsStatus: Bool) throws(SystemError) {
        let printed = try Pipe()
        let complained = try Pipe()
        let told = try Pipe()
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        var settings = unsafe environment.map { unsafe strdup($0) }
        unsafe settings.append(nil)
        defer { unsafe settings.forEach { unsafe free($0) } }
        var pid: Int32 = 0
        let code = unsafe cl_start(
            path, words, settings, printed.writing.raw, complained.writing.raw, tellsStatus ? told.writing.raw : -1,
            &pid)
        guard code == 0 else { throw SystemError("run", path, code: code) }
        guard let handle = try ProcessHandle(pid) else { throw SystemError("run", path, code: ESRCH) }
        self.handle = handle
        output = printed.reading
        errors = complained.reading
        status = told.reading
    }

    /// To it and to what it started, unless that left its group. Only before `waitForStatus`.
    public func send(_ signal: ProcessHandle.Signal) {
        _ = cl_signal_group(handle.pid, Int32(signal == .terminate ? cl_sigterm : cl_sigkill))
    }

    /// Becomes readable at its end.
    public var ended: Int32 { handle.raw }

    /// Waits for its end, and lets the kernel forget it.
    public consuming func waitForStatus() throws(SystemError) -> ChildProgram.Ending {
        let ending = cl_wait(handle.pid)
        guard ending >= 0 else { throw SystemError("wait for", "pid \(handle.pid)", code: -ending) }
        return ending < 0x100 ? .exited(ending) : .killed(signal: ending & 0xFF)
    }

    private struct Pipe: ~Copyable {
        let reading: Descriptor
        let writing: Descriptor

        init() throws(SystemError) {
            var ends: [Int32] = [-1, -1]
            let code = unsafe cl_pipe(&ends)
            guard code == 0 else { throw SystemError("make", "a pipe", code: code) }
            reading = Descriptor(owning: ends[0], path: "a pipe")
            writing = Descriptor(owning: ends[1], path: "a pipe")
        }
    }
}

extension Descriptor {
    /// What can be read without waiting, at most `buffer.count` bytes: nil where nothing is there yet, 0 at the end.
    public func readAtOnce(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
        do throws(SystemError) {
            return try read(into: &buffer)
        } catch  where error.code == EAGAIN {
            return nil
        }
    }
}

/// A program that goes on by itself, whatever becomes of the one that started it.
public enum DetachedProgram {
    /// In a session of its own, as a child of the first process, with /dev/null for its standard descriptors, at `/`,
    /// in an environment of nothing but PATH and LC_ALL. Returns when it runs.
    public static func start(_ path: String, _ arguments: [String]) throws(SystemError) {
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        let code = unsafe cl_detach(path, words)
        guard code == 0 else { throw SystemError("run", path, code: code) }
    }
}
