import COpenSSL

/// The certificates of a file: one or more in PEM, or a single one in DER.
public struct CertificateBundle: Sendable {
    public let certificates: [Certificate]
    /// Why some or all of the file can't be used; nil where all of it could be read.
    public let problem: String?
    public let isDER: Bool

    public init(_ bytes: [UInt8]) {
        let blocks = PEMBlock.all(in: bytes)
        guard !blocks.isEmpty else {
            do throws(OpenSSLError) {
                certificates = [try Certificate(der: bytes)]
                problem = nil
            } catch {
                certificates = []
                problem = bytes.isEmpty ? "the file is empty" : "neither PEM nor DER: \(error.reason)"
            }
            isDER = !certificates.isEmpty
            return
        }
        var certificates: [Certificate] = []
        var problem: String?
        for block in blocks where block.isCertificate {
            do throws(OpenSSLError) {
                certificates.append(try Certificate(block, in: bytes))
            } catch {
                problem = problem ?? "certificate at line \(block.line): \(error.reason)"
            }
        }
        if certificates.isEmpty, problem == nil {
            problem = "it holds no certificate, only: " + PEMBlock.labels(of: blocks)
        }
        self.certificates = certificates
        self.problem = problem
        isDER = false
    }
}

extension PEMBlock {
    /// The different labels of some blocks, for a message.
    static func labels(of blocks: [PEMBlock]) -> String {
        var seen: [String] = []
        for block in blocks where !seen.contains(block.label) && seen.count < 5 { seen.append(block.label) }
        return seen.joined(separator: ", ")
    }
}

extension Certificate {
    /// Reads the certificate in one PEM block of a file.
    public init(_ block: PEMBlock, in file: [UInt8]) throws(OpenSSLError) {
        ErrorQueue.clear()
        guard block.isComplete else {
            throw OpenSSLError("read the certificate", reason: "its END line is missing")
        }
        let text = Array(file[block.bytes])
        let read = try unsafe Buffer.withReader(over: text) { (reader) throws(OpenSSLError) in
            // X509_AUX reads TRUSTED CERTIFICATE blocks too.
            let parsed = unsafe PEM_read_bio_X509_AUX(reader, nil, nil, nil)
            guard let handle = unsafe Handle(parsed, freeing: X509_free) else {
                throw OpenSSLError("read the certificate")
            }
            // Without what such a block says of its own trust.
            return try Certificate(der: unsafe Buffer.encoding { unsafe i2d_X509(handle.pointer, $0) })
        }
        guard let read else { throw OpenSSLError("read the certificate") }
        self = read
    }
}
