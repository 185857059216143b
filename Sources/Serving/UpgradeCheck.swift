import NIOHTTP1
import OpenSSL

/// What a request for a WebSocket says (RFC 6455 §4.2.1), and the key that it is accepted with.
enum UpgradeCheck {
    enum Outcome: Hashable {
        /// `Sec-WebSocket-Accept`.
        case accepted(String)
        case refused(status: Int, reason: String, headers: [Header])
    }

    struct Header: Hashable {
        let name: String
        let value: String
    }

    static func check(_ head: HTTPRequestHead, hasBody: Bool) -> Outcome {
        guard head.method == .GET else {
            return .refused(
                status: 405, reason: "a WebSocket is asked for with GET", headers: [Header(name: "Allow", value: "GET")]
            )
        }
        guard head.version.minor >= 1, has("websocket", in: "upgrade", of: head),
            has("upgrade", in: "connection", of: head)
        else { return wanting("only a WebSocket is served here") }
        guard one("sec-websocket-version", of: head) == "13" else { return wanting("not version 13 of WebSocket") }
        guard let key = one("sec-websocket-key", of: head), isKey(key), !hasBody else {
            return .refused(status: 400, reason: "no proper request for a WebSocket", headers: [])
        }
        guard isSameOrigin(head) else {
            return .refused(status: 403, reason: "a WebSocket for a page of another origin", headers: [])
        }
        return .accepted(SHA1.base64(of: key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
    }

    private static func wanting(_ reason: String) -> Outcome {
        .refused(
            status: 426, reason: reason,
            headers: [Header(name: "Upgrade", value: "websocket"), Header(name: "Sec-WebSocket-Version", value: "13")])
    }

    private static func has(_ word: String, in name: String, of head: HTTPRequestHead) -> Bool {
        head.headers[canonicalForm: name].contains { $0.lowercased() == word }
    }

    /// The header's value where it is there once.
    private static func one(_ name: String, of head: HTTPRequestHead) -> String? {
        let values = head.headers[name]
        return values.count == 1 ? values.first : nil
    }

    /// 16 bytes in base64: 22 digits, of which the last holds four zero bits, and the padding.
    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[22...].allSatisfy({ $0 == UInt8(ascii: "=") }) else { return false }
        return "AQgw".utf8.contains(bytes[21])
            && bytes[..<22].allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 43 || $0 == 47
            }
    }

    /// A browser sends the certificate of its user for every page that asks (RFC 6455 §10.2), so a page of another host
    /// could listen in. Programs send no Origin, or the one of the host that they ask.
    private static func isSameOrigin(_ head: HTTPRequestHead) -> Bool {
        guard head.headers.contains(name: "origin") else { return true }
        guard let origin = one("origin", of: head)?.lowercased(), let host = one("host", of: head)?.lowercased() else {
            return false
        }
        return origin == "https://" + host || origin == "http://" + host
    }
}
