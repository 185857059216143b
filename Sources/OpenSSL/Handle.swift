import COpenSSL

/// An object of OpenSSL's with exactly one owner; it is freed when the owner's scope ends.
@safe package struct Handle: ~Copyable {
    package let pointer: OpaquePointer
    private let release: @convention(c) (OpaquePointer?) -> Void

    /// nil where OpenSSL returned NULL; its reason is then in the error queue.
    package init?(_ pointer: OpaquePointer?, freeing release: @convention(c) (OpaquePointer?) -> Void) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.pointer = unsafe pointer
        unsafe self.release = unsafe release
    }

    deinit { unsafe release(pointer) }
}
