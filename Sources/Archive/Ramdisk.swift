import CArchive
public import Values

/// An initial ramdisk (initramfs): cpio archives behind each other, each plain or compressed (the kernel's
/// Documentation/driver-api/early-userspace/buffer-format.rst).
///
/// The first often holds nothing but microcode. What lies behind a compressed one is not looked at: nobody makes that.
public struct Ramdisk {
    private let descriptor: Int32
    private let limit: Bytes
    private let isOver: () -> Bool

    /// Reads an open file that the caller keeps. Given up is what unpacks to more than `limit` in one archive, or is
    /// not done when `isOver` says so, which is asked at each entry.
    public init(descriptor: Int32, limit: Bytes, isOver: @escaping () -> Bool) {
        self.descriptor = descriptor
        self.limit = limit
        self.isOver = isOver
    }

    /// Whether the name of an entry fits; reads no further than to the first that does.
    public func contains(where fits: (String) -> Bool) throws(ArchiveError) -> Bool {
        var offset = 0
        while let start = try archiveStart(after: offset) {
            if isOver() { throw .failed("read the ramdisk", why: "the time for it ended first") }
            switch try search(from: start, fits) {
            case .found: return true
            case .notFound(let end?): offset = end
            case .notFound(nil): return false
            }
        }
        return false
    }

    private enum Answer {
        case found
        /// Where the archive ended; nil where it was compressed, so that nobody knows.
        case notFound(end: Int?)
    }

    private static let zeroLimit = 1 << 20

    /// Archives are padded with zeros to whatever their maker liked.
    private func archiveStart(after offset: Int) throws(ArchiveError) -> Int? {
        var chunk = [UInt8](repeating: 0, count: 4096)
        var place = offset
        while place - offset <= Ramdisk.zeroLimit {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress, $0.count, place)
            }
            guard count >= 0 else { throw .failed("read the ramdisk", why: unsafe String(cString: ca_last_error())) }
            if count == 0 { return nil }
            if let index = chunk[..<count].firstIndex(where: { $0 != 0 }) { return place + index }
            place += count
        }
        return nil
    }

    private func search(from start: Int, _ fits: (String) -> Bool) throws(ArchiveError) -> Answer {
        guard lseek(descriptor, start, SEEK_SET) == start, let handle = unsafe archive_read_new() else {
            throw .failed("read the ramdisk", why: unsafe String(cString: ca_last_error()))
        }
        defer { unsafe archive_read_free(handle) }
        let ready = unsafe [
            archive_read_support_format_cpio(handle), archive_read_support_filter_zstd(handle),
            archive_read_support_filter_gzip(handle), archive_read_support_filter_xz(handle),
            archive_read_support_filter_lzma(handle), archive_read_support_filter_lz4(handle),
            archive_read_open_fd(handle, descriptor, 1 << 16),
        ]
        guard ready.allSatisfy({ $0 == ARCHIVE_OK }) else {
            throw .failed("read the ramdisk", why: unsafe reason(handle))
        }
        while true {
            var header: OpaquePointer?
            let status = unsafe archive_read_next_header(handle, &header)
            if status == ARCHIVE_EOF { break }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let header = unsafe header else {
                throw .failed("read the ramdisk", why: unsafe reason(handle))
            }
            if let name = unsafe archive_entry_pathname(header), fits(unsafe String(cString: name)) { return .found }
            let size = unsafe archive_entry_size(header)
            let unpacked = unsafe archive_filter_bytes(handle, 0)
            guard unpacked >= 0, size >= 0, UInt64(unpacked) <= limit.count,
                UInt64(size) <= limit.count - UInt64(unpacked)
            else { throw .refused(.tooLarge(limit: limit)) }
            if isOver() { throw .failed("read the ramdisk", why: "the time for it ended first") }
        }
        let isPlain = unsafe archive_filter_count(handle) == 1
        let length = unsafe Int(archive_filter_bytes(handle, 0))
        return .notFound(end: isPlain && length > 0 ? start + length : nil)
    }
}
