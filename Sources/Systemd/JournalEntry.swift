import CSystemd
public import Values

/// The entry that a journal stands on, lent to whoever reads it for the time of one call.
@safe
public struct JournalEntry: ~Copyable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { unsafe self.handle = unsafe handle }

    /// When journald received it, by the wall clock (`__REALTIME_TIMESTAMP`); the epoch where it can't be read.
    public var time: WallTime {
        var time: UInt64 = 0
        _ = unsafe sd_journal_get_realtime_usec(handle, &time)
        return WallTime(microseconds: Int64(clamping: time))
    }

    /// When journald received it, by CLOCK_MONOTONIC in microseconds, and in which boot; zeros where unreadable.
    public var monotonic: (boot: BootID, microseconds: UInt64) {
        var time: UInt64 = 0
        var boot = sd_id128_t()
        _ = unsafe sd_journal_get_monotonic_usec(handle, &time, &boot)
        return (BootID(boot), time)
    }

    /// Lends the value of a field, at most 64 KiB of it; false where the entry has none that can be read.
    ///
    /// Nothing is copied: the bytes lie in the mapped file and are gone with the call.
    @discardableResult
    public borrowing func withField(_ name: StaticString, _ body: (Span<UInt8>) -> Void) -> Bool {
        var data: UnsafeRawPointer?
        var size = 0
        let field = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        guard unsafe sd_journal_get_data(handle, field, &data, &size) >= 0, let start = unsafe data,
            size > name.utf8CodeUnitCount
        else { return false }
        let skipped = name.utf8CodeUnitCount + 1
        let count = min(size - skipped, JournalEntry.valueLimit)
        unsafe body(Span(_unsafeStart: start.advanced(by: skipped).assumingMemoryBound(to: UInt8.self), count: count))
        return true
    }

    /// A field as text, what is no UTF-8 repaired, at most `limit` bytes.
    public borrowing func text(_ name: StaticString, limit: Int = 4096) -> String? {
        var result: String?
        withField(name) { result = String(copying: $0, limit: limit) }
        return result
    }

    /// Lends every field in the file's order as `NAME=value`; the flag tells that the value is cut at 64 KiB.
    public borrowing func forEachField(_ body: (_ assignment: Span<UInt8>, _ cut: Bool) -> Void) {
        unsafe sd_journal_restart_data(handle)
        var data: UnsafeRawPointer?
        var size = 0
        while unsafe sd_journal_enumerate_available_data(handle, &data, &size) > 0, let start = unsafe data {
            let count = min(size, JournalEntry.valueLimit)
            unsafe body(
                Span(_unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: count),
                size >= JournalEntry.valueLimit)
        }
    }

    /// sd_journal_get_cursor(3): finds this entry again in any copy of the file; empty where unreadable.
    public var cursor: String {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe sd_journal_get_cursor(handle, &text) >= 0, let text = unsafe text else { return "" }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    static let valueLimit = 64 << 10
}

extension String {
    /// The first `limit` bytes, what is no UTF-8 repaired.
    public init(copying bytes: Span<UInt8>, limit: Int = .max) {
        let count = Swift.min(bytes.count, limit)
        var copy: [UInt8] = []
        copy.reserveCapacity(count)
        for index in 0..<count { copy.append(bytes[index]) }
        self = String(decoding: copy, as: UTF8.self)
    }
}

/// One boot of a machine, by the kernel's random id (`_BOOT_ID`).
public struct BootID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    init(_ id: sd_id128_t) {
        (high, low) = unsafe (UInt64(bigEndian: id.qwords.0), UInt64(bigEndian: id.qwords.1))
    }

    /// Reads 32 hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    public var description: String { BootID.hex(high) + BootID.hex(low) }

    private static func hex(_ half: UInt64) -> String {
        let digits = String(half, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
