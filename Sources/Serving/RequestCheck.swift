import NIOHTTP1

/// What a request's head says about how to go on, after everything in it that two readers could read in two ways has
/// been refused (RFC 9112 §6.3, §3.2; request smuggling).
struct RequestCheck {
    enum Outcome {
        case accepted(RequestCheck)
        case refused(status: Int, reason: String)
    }

    /// As announced; nil where it comes in chunks, 0 where there is none.
    let bodyLength: Int?
    let keepsAlive: Bool
    /// The client waits for our word before it sends the body (RFC 9110 §10.1.1).
    let expectsContinue: Bool

    static func check(_ head: HTTPRequestHead, bodyLimit: Int) -> Outcome {
        guard head.version.major == 1, head.version.minor <= 1 else {
            return .refused(status: 505, reason: "not HTTP/1.0 or 1.1")
        }
        guard head.uri.utf8.first == UInt8(ascii: "/") else {
            return .refused(status: 400, reason: "the target is not a path")
        }
        var tally = Tally()
        for (name, value) in head.headers {
            // Lengths sort out nearly all headers before any text is compared.
            switch name.utf8.count {
            case 4 where name.isHeader("host"): tally.hosts += 1
            case 6 where name.isHeader("expect"): tally.expectation = value
            case 7 where name.isHeader("upgrade"): tally.asksForUpgrade = true
            case 12 where name.isHeader("content-type"): tally.types += 1
            case 13 where name.isHeader("authorization"): tally.credentials += 1
            case 14 where name.isHeader("content-length"): tally.add(length: value)
            case 17 where name.isHeader("transfer-encoding"): tally.add(coding: value)
            default: break
            }
        }
        if let reason = tally.fault(in: head.version) { return .refused(status: 400, reason: reason) }
        if let expectation = tally.expectation, !expectation.isHeader("100-continue") {
            return .refused(status: 417, reason: "an expectation that nobody can meet")
        }
        let length = tally.codings > 0 ? nil : tally.length ?? 0
        if let length, length > bodyLimit { return .refused(status: 413, reason: "the body is too long") }
        return .accepted(
            RequestCheck(
                // The parser reads nothing behind a request that asks for another protocol.
                bodyLength: length, keepsAlive: head.isKeepAlive && !tally.asksForUpgrade,
                expectsContinue: tally.expectation != nil && length != 0 && head.version.minor == 1))
    }

    private struct Tally {
        var hosts = 0
        var types = 0
        var credentials = 0
        var lengths = 0
        var length: Int?
        var codings = 0
        var isChunked = false
        var expectation: String?
        var asksForUpgrade = false

        mutating func add(length value: String) {
            lengths += 1
            let isNumber = !value.isEmpty && value.utf8.allSatisfy { (48...57).contains($0) }
            length = isNumber ? Int(value) : nil
        }

        mutating func add(coding value: String) {
            codings += 1
            isChunked = value.isHeader("chunked")
        }

        func fault(in version: HTTPVersion) -> String? {
            if version.minor == 1, hosts == 0 { return "no Host" }
            if hosts > 1 || types > 1 || credentials > 1 { return "Host, Content-Type or Authorization twice" }
            if lengths > 1 || lengths == 1 && length == nil { return "Content-Length is not one number" }
            if codings > 0, lengths > 0 { return "both Content-Length and Transfer-Encoding" }
            if codings > 1 || codings == 1 && !isChunked { return "a Transfer-Encoding other than chunked" }
            if codings > 0, version.minor == 0 { return "Transfer-Encoding in HTTP/1.0" }
            return nil
        }
    }
}

extension String {
    /// Equal to a lower-case word but for ASCII case.
    fileprivate func isHeader(_ word: String) -> Bool {
        var index = utf8.startIndex
        guard utf8.count == word.utf8.count else { return false }
        for wanted in word.utf8 {
            let byte = utf8[index]
            guard byte == wanted || (65...90).contains(byte) && byte | 0x20 == wanted else { return false }
            index = utf8.index(after: index)
        }
        return true
    }
}
