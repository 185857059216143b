import Evidence
import OpenSSL

/// What of a file may be kept: blocks that proved to be certificates or a revocation list, and nothing else. A file in
/// this place may hold a private key too, with or without its label.
struct PublicMaterial {
    private var content: [UInt8] = []
    private var redactions: [String] = []
    private var isDER = false

    init(_ bytes: [UInt8], bundle: CertificateBundle) {
        if bundle.isDER {
            content = bundle.certificates.first?.der ?? []
            isDER = true
        } else {
            take(from: bytes) { block in block.isCertificate && (try? Certificate(block, in: bytes)) != nil }
        }
    }

    init(_ bytes: [UInt8], list: RevocationList?) {
        if let list, PEMBlock.all(in: bytes).isEmpty {
            content = list.der
            isDER = true
        } else {
            take(from: bytes) { block in
                block.isRevocationList && (try? RevocationList(Array(bytes[block.bytes]))) != nil
            }
        }
    }

    /// The blocks that `isPublic`, byte for byte; of the others only that they were there.
    private mutating func take(from bytes: [UInt8], where isPublic: (PEMBlock) -> Bool) {
        let blocks = PEMBlock.all(in: bytes)
        guard !blocks.isEmpty else {
            redactions = ["\(bytes.count) bytes that are no PEM, sha256:\(SHA256.digest(of: bytes))"]
            return
        }
        for block in blocks {
            if isPublic(block) {
                content += bytes[block.bytes]
                if content.last != 10 { content.append(10) }
            } else if block.isPrivateKey {
                redactions.append("\(block.label) block, line \(block.line)")
            } else {
                let text = Array(bytes[block.bytes])
                redactions.append(
                    "unusable \(block.label) block of \(text.count) bytes, line \(block.line), sha256:\(SHA256.digest(of: text))"
                )
            }
        }
        if content.count < bytes.count, redactions.isEmpty { redactions.append("text around the PEM blocks") }
    }

    func item(named name: String, _ source: Source) -> RawItem {
        RawItem("certs/\(name).\(isDER ? "der" : "pem")", content: content, source: source, redactions: redactions)
    }
}
