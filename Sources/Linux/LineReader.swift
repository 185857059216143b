import CLinux

/// The lines of a file in /proc, one after the other out of one buffer.
public struct LineReader: ~Copyable {
    private let file: Descriptor
    private var buffer: [UInt8]

    /// A line longer than `longest` bytes is cut there.
    public init(reading path: String, longest: Int = 32768) throws(SystemError) {
        self.init(try Descriptor(reading: path), longest: longest)
    }

    init(_ file: consuming Descriptor, longest: Int) {
        self.file = file
        buffer = [UInt8](repeating: 0, count: longest)
    }

    /// Calls `body` with each line, without its newline, until that returns false.
    public mutating func forEachLine(_ body: (Span<UInt8>) -> Bool) throws(SystemError) {
        var filled = 0
        var cutting = false
        while true {
            let count = try fill(from: filled)
            filled += count
            var start = 0
            while let end = buffer.span.extracting(..<filled).position(of: 10, from: start) {
                let goOn = cutting || body(buffer.span.extracting(start..<end))
                cutting = false
                guard goOn else { return }
                start = end + 1
            }
            if count == 0 {
                if filled > start, !cutting { _ = body(buffer.span.extracting(start..<filled)) }
                return
            }
            if start == 0, filled == buffer.count {
                if !cutting, !body(buffer.span) { return }
                cutting = true
                start = filled
            }
            buffer.replaceSubrange(0..<(filled - start), with: buffer[start..<filled])
            filled -= start
        }
    }

    private mutating func fill(from offset: Int) throws(SystemError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(file.raw, bytes.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
            }
            if count >= 0 { return count }
            let code = currentErrno()
            if code != EINTR { throw SystemError("read", file.path, code: code) }
        }
    }
}
