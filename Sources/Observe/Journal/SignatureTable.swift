import Evidence

/// The distinct reasons of failures, each with a small number.
struct SignatureTable: Sendable {
    /// Nobody has looked for the reason.
    static let unread: UInt16 = 0
    /// There were more distinct reasons than anyone would read.
    static let overflow: UInt16 = .max
    private static let limit = 4096

    private var numbers: [UInt64: UInt16] = [:]
    private var signatures: [[UInt8]] = [[]]

    func text(of number: UInt16) -> String {
        if number == SignatureTable.overflow { return "other reasons" }
        let text = String(decoding: signatures[Int(number)], as: UTF8.self)
        return text.isEmpty ? "an empty line" : text
    }

    mutating func number(of signature: Signature) -> UInt16 { number(of: signature.bytes, hash: signature.hash) }

    /// The number of a text that is a signature as it stands.
    mutating func number(exactly text: String) -> UInt16 {
        var signature = Signature()
        signature.restore(Array(text.utf8))
        return number(of: signature)
    }

    private mutating func number(of bytes: [UInt8], hash: UInt64) -> UInt16 {
        var hash = hash
        while let number = numbers[hash] {
            if signatures[Int(number)] == bytes { return number }
            hash &+= 1
        }
        guard signatures.count < SignatureTable.limit else { return SignatureTable.overflow }
        let number = UInt16(signatures.count)
        signatures.append(bytes)
        numbers[hash] = number
        return number
    }

    /// Takes over another table's signatures; what its numbers are here, by its numbers.
    mutating func merge(_ other: SignatureTable) -> [UInt16] {
        var signature = Signature()
        return other.signatures.enumerated().map { index, bytes in
            guard index > 0 else { return SignatureTable.unread }
            signature.restore(bytes)
            return number(of: signature)
        }
    }
}
