import COpenSSL
import Values

extension Certificate {
    /// The subject's last commonName, the most specific one, harmless and bounded; nil where there is none.
    public var commonName: String? {
        unsafe withX509 { one in
            let subject = unsafe X509_get_subject_name(one)
            var found: Int32 = -1
            while case let next = unsafe X509_NAME_get_index_by_NID(subject, NID_commonName, found), next >= 0 {
                found = next
            }
            guard found >= 0, let entry = unsafe X509_NAME_get_entry(subject, found) else { return nil }
            var text: UnsafeMutablePointer<UInt8>?
            let count = unsafe ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
            guard count >= 0, let text = unsafe text else { return nil }
            defer { unsafe co_free(text) }
            return unsafe String(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
                .harmless(limit: 256)
        }
    }
}
