import CLinux
public import Values

extension ProcessIdentity {
    /// This process; the start time is 0 where /proc does not tell it.
    public static var own: ProcessIdentity {
        let stat = (try? contents(of: "/proc/self/stat", limit: 4096)).flatMap { ProcessStat(parsing: $0.span) }
        return ProcessIdentity(pid: getpid(), startTicks: stat?.startTicks ?? 0)
    }

    /// Whether this very process still runs, and not a later one with its number; true where /proc does not tell.
    public var isRunning: Bool {
        do throws(SystemError) {
            let stat = try ProcessDirectory(pid).stat()
            return startTicks == 0 || (stat.startTicks == startTicks && stat.state != "Z" && stat.state != "X")
        } catch {
            return !(error.isGone && ProcessIdentity.own.startTicks != 0)
        }
    }
}

/// The thread that the program began with.
public enum MainThread {
    /// Lets the others work until one of them ends the program.
    public static func rest() -> Never {
        while true { pause() }
    }
}

/// The words that this process was started with, its own name first, whether /proc is there or not.
public enum OwnArguments {
    public static var all: [String] {
        var words: [String] = []
        while let word = unsafe cl_argument(Int32(words.count)) { words.append(unsafe String(cString: word)) }
        return words
    }
}

/// Another program in the place of this one.
public enum Replacement {
    /// execv(3): returns only where it fails.
    public static func run(_ path: String, _ arguments: [String]) -> SystemError {
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        _ = unsafe execv(path, words)
        return SystemError("run", path)
    }
}

/// The environment of this process (environ(7)).
public enum OwnEnvironment {
    /// Words such as `PATH=/usr/bin`, in no order.
    public static var all: [String] {
        var words: [String] = []
        while let word = unsafe cl_setting(Int32(words.count)) { words.append(unsafe String(cString: word)) }
        return words
    }
}

/// What this process gives to files that it and its children make.
public enum OwnFiles {
    /// umask(2) of 022: package scripts rely on it.
    public static func useUsualMask() { _ = umask(0o022) }
}
