import COpenSSL
import Values

/// Bytes and text between Swift and OpenSSL; the pointers that they need end with the call.
package enum Buffer {
    /// A read-only BIO over bytes that must outlive it.
    package static func withReader<Result, Failure: Error>(
        over bytes: [UInt8], _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        let outcome: Swift.Result<Result, Failure>? = unsafe bytes.withUnsafeBytes { buffer in
            guard let count = Int32(exactly: buffer.count),
                let reader = unsafe Handle(BIO_new_mem_buf(buffer.baseAddress, count), freeing: BIO_free_all)
            else { return nil }
            do throws(Failure) {
                return .success(try unsafe body(reader.pointer))
            } catch {
                return .failure(error)
            }
        }
        return try outcome?.get()
    }

    /// What an `i2d_…` function writes; empty where it fails.
    package static func encoding(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
        let count = encode(nil)
        guard count > 0 else { return [] }
        var result = [UInt8](repeating: 0, count: Int(count))
        let written = unsafe result.withUnsafeMutableBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe encode(&cursor)
        }
        return written == count ? result : []
    }

    /// What `write` puts to a BIO, harmless and bounded.
    static func text(limit: Int, _ write: (OpaquePointer) -> Void) -> String {
        guard let writer = unsafe Handle(BIO_new(BIO_s_mem()), freeing: BIO_free_all) else { return "" }
        unsafe write(writer.pointer)
        return unsafe String(decoding: content(of: writer.pointer), as: UTF8.self).harmless(limit: limit)
    }

    /// Everything that lies in a memory BIO.
    package static func content(of memory: OpaquePointer) -> [UInt8] {
        var start: UnsafeMutablePointer<CChar>?
        let count = unsafe co_memory(memory, &start)
        guard count > 0, let start = unsafe start else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        var result = ""
        for byte in bytes {
            if byte < 16 { result += "0" }
            result += String(byte, radix: 16, uppercase: true)
        }
        return result
    }
}

extension WallTime {
    /// A UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5); nil for anything else.
    init?(_ time: UnsafePointer<ASN1_TIME>?) {
        guard let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
        defer { unsafe ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard let time = unsafe time, unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        self.init(seconds: Int64(days) * 86400 + Int64(seconds))
    }
}

extension Buffer {
    /// A distinguished name as RFC 2253 writes it, UTF-8 unescaped.
    static func text(of name: OpaquePointer?) -> String {
        guard let name = unsafe name else { return "" }
        return unsafe text(limit: 1024) { _ = unsafe co_print_name($0, name) }
    }
}
