import CLinux

/// Where everything but data is printed.
public struct StandardError: TextOutputStream {
    public init() {}

    public mutating func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { bytes in unsafe CLinux.write(2, bytes.baseAddress, bytes.count)
            }
            // Nobody listens any more, and there is no other place to complain to.
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
