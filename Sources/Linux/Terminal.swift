import CLinux

/// The standard streams as a program for people sees them.
public enum Terminal {
    public enum Stream: Int32, Sendable {
        case standardOutput = 1
        case standardError = 2
    }

    /// isatty(3).
    public static func isTerminal(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

    /// Whether standard input is a terminal.
    public static var isInput: Bool { isatty(0) == 1 }

    /// Whether a person can be asked: standard input and standard error are terminals.
    public static var canAsk: Bool { isatty(0) == 1 && isatty(2) == 1 }

    /// The terminal that a person answers at, as ttyname(3) calls it; nil where standard input is none.
    public static var name: String? {
        guard let name = unsafe ttyname(0) else { return nil }
        return unsafe String(cString: name)
    }

    /// The next line from standard input, without its end; nil at the end of the input. What is longer than `limit`
    /// bytes is cut.
    public static func readLine(limit: Int = 256) -> String? {
        var line: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            let count = unsafe CLinux.read(0, &byte, 1)
            if count < 0, currentErrno() == EINTR { continue }
            if count <= 0 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            if line.count < limit { line.append(byte) }
        }
    }

    /// Forgets what was typed but not read yet: words from before a question are no answer to it.
    public static func discardInput() { cl_discard_input(0) }

    /// Columns of the terminal behind a stream (ioctl_tty(2), TIOCGWINSZ); nil where it is none.
    public static func columns(of stream: Stream) -> Int? {
        let columns = Int(cl_columns(stream.rawValue))
        return columns > 0 ? columns : nil
    }

    /// Whether a person who reads this stream wants colour: a terminal that is not dumb, and no NO_COLOR
    /// (https://no-color.org).
    public static func wantsColour(_ stream: Stream) -> Bool {
        guard isTerminal(stream), environment("NO_COLOR", orElse: "").isEmpty else { return false }
        return environment("TERM", orElse: "dumb") != "dumb"
    }

    /// geteuid(2).
    public static var effectiveUser: UInt32 { geteuid() }

    /// An environment variable's value.
    public static func environment(_ name: String, orElse fallback: String) -> String {
        guard let value = unsafe getenv(name) else { return fallback }
        return unsafe String(cString: value)
    }

    /// Writes all of `text`; false when the reader is gone or the device is full.
    @discardableResult
    public static func write(_ text: String, to stream: Stream) -> Bool { write(Array(text.utf8), to: stream) }

    @discardableResult
    public static func write(_ bytes: [UInt8], to stream: Stream) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe CLinux.write(stream.rawValue, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            }
            if count < 0, currentErrno() == EINTR { continue }
            if count <= 0 { return false }
            offset += count
        }
        return true
    }
}
