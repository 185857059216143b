import COpenSSL
package import Values

/// Extensions of a certificate or of a request for one, in the order in which they were added.
@safe package struct Extensions: ~Copyable {
    package let stack: Handle

    package init() throws(OpenSSLError) {
        guard let stack = unsafe Handle(co_extensions_new(), freeing: co_extensions_free) else {
            throw OpenSSLError("make an extension")
        }
        self.stack = stack
    }

    /// One extension in the words of x509v3_config(5), which must be constants of the program.
    package func add(_ kind: Int32, _ words: StaticString) throws(OpenSSLError) {
        try unsafe add(kind, words, issuer: nil, subject: nil)
    }

    /// One that is taken from the certificates of who issues or of whom it is for: key identifiers.
    package func add(_ kind: Int32, _ words: StaticString, issuer: OpaquePointer?, subject: OpaquePointer?)
        throws(OpenSSLError)
    {
        let words = words.description
        let made = unsafe co_extension(kind, words, issuer, subject)
        guard unsafe co_extensions_push(stack.pointer, made) == 1 else { throw OpenSSLError("add an extension") }
    }

    /// subjectAltName (RFC 5280 §4.2.1.6); nothing is added where there are no names. A name that no host can
    /// have (RFC 1035 §2.3; `*` and `_` are let pass) is an error.
    package func add(dnsNames: [String], addresses: [IPAddress]) throws(OpenSSLError) {
        guard !dnsNames.isEmpty || !addresses.isEmpty else { return }
        let deed = "add the names"
        guard let names = unsafe Handle(co_names_new(), freeing: co_names_free) else { throw OpenSSLError(deed) }
        for name in dnsNames {
            let bytes = Array(name.utf8)
            guard (1...255).contains(bytes.count), bytes.allSatisfy(Extensions.isOfName) else {
                throw OpenSSLError(deed, reason: "'\(name.harmless(limit: 255))' is no name of the DNS")
            }
            guard unsafe co_names_add(names.pointer, GEN_DNS, bytes, Int32(bytes.count)) == 1 else {
                throw OpenSSLError(deed)
            }
        }
        for address in addresses {
            let bytes = Extensions.octets(of: address)
            guard unsafe co_names_add(names.pointer, GEN_IPADD, bytes, Int32(bytes.count)) == 1 else {
                throw OpenSSLError(deed)
            }
        }
        guard unsafe co_extensions_push(stack.pointer, co_names_extension(names.pointer)) == 1 else {
            throw OpenSSLError(deed)
        }
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "-._*".utf8.contains(byte)
        }
    }

    /// In network order, as an iPAddress holds them.
    private static func octets(of address: IPAddress) -> [UInt8] {
        func octets(_ number: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } }
        return address.family == .ipv4 ? octets(address.low).suffix(4) : octets(address.high) + octets(address.low)
    }
}

extension Buffer {
    /// Adds one attribute to a distinguished name, cut at `limit` characters: 64 for common names and organizations
    /// (RFC 5280 appendix A.1), which nobody verifies by.
    package static func add(_ kind: Int32, _ value: String, limit: Int = 64, to name: OpaquePointer?)
        throws(OpenSSLError)
    {
        let bytes = Array(String(String.UnicodeScalarView(value.unicodeScalars.prefix(limit))).utf8)
        let added = unsafe X509_NAME_add_entry_by_NID(name, kind, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0)
        guard added == 1 else { throw OpenSSLError("set a subject") }
    }
}
