import CArchive
public import Values

/// Writes a `.tar.zst`: POSIX pax in one zstd frame, as `tar --zstd -xf` opens it.
///
/// Owner and group are always 0 and times are the caller's, so that equal trees make equal archives.
@safe public struct ArchiveWriter: ~Copyable {
    private let handle: OpaquePointer

    /// Writes to an open file that the caller keeps, syncs and closes.
    public init(descriptor: Int32) throws(ArchiveError) {
        guard let handle = unsafe archive_write_new() else {
            throw .failed("write the archive", why: "out of memory")
        }
        let ready = unsafe [
            archive_write_set_format_pax_restricted(handle),
            archive_write_add_filter_zstd(handle),
            archive_write_set_bytes_in_last_block(handle, 1),
            archive_write_open_fd(handle, descriptor),
        ]
        guard ready.allSatisfy({ $0 == ARCHIVE_OK }) else {
            let why = unsafe reason(handle)
            unsafe archive_write_free(handle)
            throw .failed("write the archive", why: why)
        }
        unsafe self.handle = handle
    }

    deinit { unsafe archive_write_free(handle) }

    /// A directory, mode 0700, by its path relative to the archive.
    public mutating func addDirectory(_ path: String, modified: WallTime) throws(ArchiveError) {
        try addHeader(path, kind: ca_directory, permissions: 0o700, size: 0, modified: modified)
    }

    /// The header of a regular file, mode 0600; exactly `size` bytes must follow through `append`.
    public mutating func beginFile(_ path: String, size: Bytes, modified: WallTime) throws(ArchiveError) {
        try addHeader(path, kind: ca_regular, permissions: 0o600, size: size.count, modified: modified)
    }

    public mutating func append(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) {
        let written = unsafe bytes.withUnsafeBytes { unsafe archive_write_data(handle, $0.baseAddress, $0.count) }
        guard written == bytes.count else {
            let why = unsafe written < 0 ? reason(handle) : "a file grew while it was being packed"
            throw .failed("write the archive", why: why)
        }
    }

    /// Writes the end of the archive.
    public consuming func finish() throws(ArchiveError) {
        guard unsafe archive_write_close(handle) == ARCHIVE_OK else {
            throw .failed("write the archive", why: unsafe reason(handle))
        }
    }

    private func addHeader(
        _ path: String, kind: UInt32, permissions: UInt32, size: UInt64, modified: WallTime
    ) throws(ArchiveError) {
        guard let entry = unsafe archive_entry_new() else {
            throw .failed("write the archive", why: "out of memory")
        }
        defer { unsafe archive_entry_free(entry) }
        unsafe archive_entry_set_pathname(entry, path)
        unsafe archive_entry_set_filetype(entry, kind)
        unsafe archive_entry_set_perm(entry, permissions)
        unsafe archive_entry_set_size(entry, Int64(clamping: size))
        unsafe archive_entry_set_mtime(entry, time_t(modified.seconds), 0)
        guard unsafe archive_write_header(handle, entry) == ARCHIVE_OK else {
            throw .failed("pack '\(path)'", why: unsafe reason(handle))
        }
    }
}

/// Why the last call failed: libarchive's words, or the errno that it kept.
func reason(_ handle: OpaquePointer) -> String {
    let code = unsafe archive_errno(handle)
    if code > 0, code < 4096 { return unsafe String(cString: ca_error_words(code)).lowercased() }
    guard let words = unsafe archive_error_string(handle) else { return "no reason given" }
    return unsafe String(cString: words).harmless(limit: 200)
}
