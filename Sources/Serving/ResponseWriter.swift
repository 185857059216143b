import NIOCore

/// Puts an answer's head, and a small body behind it, into one buffer: one write, one TLS record.
enum ResponseWriter {
    /// A body longer than this is written by itself rather than copied.
    static let copied = 8192

    /// The head, with room for the `sent` bytes of the body that follow in the same buffer.
    static func head(
        _ response: HTTPResponse, _ requestID: RequestID, date: String, connection: String?, sent: Int,
        allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: 384 + sent)
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(StatusLine.text(response.status))
        if !hasNoBody(response.status) {
            buffer.writeStaticString("\r\nContent-Type: ")
            buffer.writeString(response.contentType)
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeString(String(response.body.readableBytes))
        }
        buffer.writeStaticString("\r\nX-Request-Id: ")
        requestID.write(to: &buffer)
        var hasDate = false
        for (name, value) in response.headers {
            if name == "Date" { hasDate = true }
            buffer.writeStaticString("\r\n")
            buffer.writeString(name)
            buffer.writeStaticString(": ")
            buffer.writeString(value)
        }
        if !hasDate {
            buffer.writeStaticString("\r\nDate: ")
            buffer.writeString(date)
        }
        if let connection {
            buffer.writeStaticString("\r\nConnection: ")
            buffer.writeString(connection)
        }
        buffer.writeStaticString("\r\n\r\n")
        return buffer
    }

    /// The head of 101, after which the connection speaks WebSocket (RFC 6455 §4.2.2).
    static func switching(_ key: String, _ requestID: RequestID, date: String) -> ByteBuffer {
        ByteBuffer(
            string: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: \(key)\r\nX-Request-Id: \(requestID)\r\nDate: \(date)\r\n\r\n")
    }

    /// 1xx, 204 and 304 end with their head (RFC 9112 §6.3).
    static func hasNoBody(_ status: Int) -> Bool { status < 200 || status == 204 || status == 304 }
}

/// `200 OK` and the like (RFC 9110 §15).
enum StatusLine {
    static func text(_ status: Int) -> String {
        switch status {
        case 200: "200 OK"
        case 201: "201 Created"
        case 202: "202 Accepted"
        case 204: "204 No Content"
        case 302: "302 Found"
        case 304: "304 Not Modified"
        case 307: "307 Temporary Redirect"
        case 400: "400 Bad Request"
        case 401: "401 Unauthorized"
        case 403: "403 Forbidden"
        case 404: "404 Not Found"
        case 405: "405 Method Not Allowed"
        case 408: "408 Request Timeout"
        case 409: "409 Conflict"
        case 413: "413 Content Too Large"
        case 415: "415 Unsupported Media Type"
        case 417: "417 Expectation Failed"
        case 422: "422 Unprocessable Content"
        case 426: "426 Upgrade Required"
        case 429: "429 Too Many Requests"
        case 431: "431 Request Header Fields Too Large"
        case 500: "500 Internal Server Error"
        case 501: "501 Not Implemented"
        case 502: "502 Bad Gateway"
        case 503: "503 Service Unavailable"
        case 504: "504 Gateway Timeout"
        case 505: "505 HTTP Version Not Supported"
        // The reason phrase may be empty, its space may not.
        default: "\(status) "
        }
    }
}
