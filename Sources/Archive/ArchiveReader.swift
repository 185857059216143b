import CArchive
public import Values

/// Reads a `.tar.zst` entry by entry, never holding more than one block, and refuses what no bundle holds: absolute
/// paths, `..`, links, devices, duplicates, and more than its limits.
@safe public struct ArchiveReader: ~Copyable {
    /// A directory or a regular file in the archive.
    public struct Entry: Hashable, Sendable {
        /// Relative, without `.`, `..` or a slash at its end.
        public let path: String
        public let isDirectory: Bool
        public let size: Bytes
    }

    private let handle: OpaquePointer
    private let limits: ArchiveLimits
    private var seen: Set<String> = []
    private var entries = 0
    private var total: UInt64 = 0
    private var block = [UInt8](repeating: 0, count: 1 << 16)

    /// Reads from an open file, from where it stands, that the caller keeps and closes.
    public init(descriptor: Int32, limits: ArchiveLimits) throws(ArchiveError) {
        guard let handle = unsafe archive_read_new() else { throw .failed("read the archive", why: "out of memory") }
        let ready = unsafe [
            archive_read_support_format_tar(handle),
            archive_read_support_filter_zstd(handle),
            archive_read_open_fd(handle, descriptor, 1 << 16),
        ]
        guard ready.allSatisfy({ $0 == ARCHIVE_OK }) else {
            // Opening looks for the filter already: EILSEQ is libarchive's word for a form that it was not asked to read.
            let isUnknown = unsafe archive_errno(handle) == EILSEQ
            let why = unsafe reason(handle)
            unsafe archive_read_free(handle)
            throw isUnknown ? .notZstandard : .failed("read the archive", why: why)
        }
        unsafe self.handle = handle
        self.limits = limits
    }

    deinit { unsafe archive_read_free(handle) }

    /// The next entry's header; nil at the end of the archive.
    public mutating func next() throws(ArchiveError) -> Entry? {
        var header: OpaquePointer?
        let status = unsafe archive_read_next_header(handle, &header)
        if status == ARCHIVE_EOF { return nil }
        let isZstandard = unsafe archive_filter_code(handle, 0) == ARCHIVE_FILTER_ZSTD
        guard isZstandard else { throw .notZstandard }
        guard status == ARCHIVE_OK, let header = unsafe header else {
            throw .failed("read the archive", why: unsafe reason(handle))
        }
        entries += 1
        guard entries <= limits.entries else { throw .refused(.tooManyEntries(limit: limits.entries)) }
        let path = try unsafe path(of: header)
        let kind = unsafe archive_entry_filetype(header)
        let isLink = unsafe archive_entry_hardlink(header) != nil || archive_entry_symlink(header) != nil
        guard !isLink, kind == ca_regular || kind == ca_directory else { throw .refused(.notAFile(path.harmless())) }
        guard unsafe archive_entry_sparse_count(header) == 0 else { throw .refused(.sparse(path.harmless())) }
        guard seen.insert(path).inserted else { throw .refused(.duplicate(path.harmless())) }
        let size = unsafe archive_entry_size(header)
        guard size >= 0, UInt64(size) <= limits.total.count - total else {
            throw .refused(.tooLarge(limit: limits.total))
        }
        return Entry(path: path, isDirectory: kind == ca_directory, size: Bytes(UInt64(size)))
    }

    /// Hands over the present entry's content block by block; at most as much as its header announced is accepted.
    public mutating func read(_ consume: (ArraySlice<UInt8>) -> Void) throws(ArchiveError) {
        while true {
            let count = unsafe block.withUnsafeMutableBytes {
                unsafe archive_read_data(handle, $0.baseAddress, $0.count)
            }
            if count == 0 { return }
            guard count > 0 else { throw .failed("read the archive", why: unsafe reason(handle)) }
            total += UInt64(count)
            guard total <= limits.total.count else { throw .refused(.tooLarge(limit: limits.total)) }
            consume(block[..<count])
        }
    }

    private func path(of header: OpaquePointer) throws(ArchiveError) -> String {
        guard let raw = unsafe archive_entry_pathname(header) else { throw .refused(.pathUnreadable) }
        guard unsafe strnlen(raw, limits.pathLength + 1) <= limits.pathLength else {
            throw .refused(.pathTooLong(limit: limits.pathLength))
        }
        guard var path = unsafe String(validatingCString: raw) else { throw .refused(.pathUnreadable) }
        guard !path.hasPrefix("/") else { throw .refused(.pathEscapes(path.harmless())) }
        while path.hasSuffix("/") { path.removeLast() }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw .refused(.pathEscapes(path.harmless()))
        }
        return path
    }
}
