/// Tells apart what the words of a log line are: a name, or something that differs from one time to the next.
struct LineWords: Sendable {
    /// The line, or as much of it as is looked at: a copy in a buffer that is kept from one line to the next.
    private(set) var line: [UInt8] = []

    var count: Int { line.count }

    enum Kind { case name, number, address, time, identifier }
    typealias Word = (kind: Kind, end: Int)

    mutating func load(_ source: Span<UInt8>, limit: Int) {
        line.removeAll(keepingCapacity: true)
        for index in 0..<min(source.count, limit) { line.append(source[index]) }
    }

    /// The word that starts at `index`; nil where that is punctuation or the middle of a word.
    func word(at index: Int) -> Word? {
        let first = line[index]
        if first == UInt8(ascii: "["), index + 1 < count {
            guard let end = bracketedAddress(index) else { return nil }
            return (.address, end)
        }
        guard index == 0 || !isWordByte(index - 1) else { return nil }
        if first == UInt8(ascii: "/") { return (.name, endOfPath(index)) }
        if first == UInt8(ascii: ":") {
            guard let end = ipv6(index) else { return nil }
            return (.address, end)
        }
        guard isWordByte(index) else { return nil }
        if isHexadecimal(index) {
            if let end = uuid(index) { return (.identifier, end) }
            if let end = ipv6(index) { return (.address, end) }
        }
        return isDigit(index) ? numeral(index) : named(index)
    }

    /// A word that begins with a letter.
    private func named(_ index: Int) -> Word {
        if let end = syslogDate(index) { return (.time, end) }
        if let end = fileName(index) { return (.name, end) }
        let end = endOfSegment(index)
        if isIdentifier(index, end) { return (.identifier, end) }
        return (.name, endOfDotted(end))
    }

    /// A word that begins with a digit.
    private func numeral(_ index: Int) -> Word {
        if let end = dateAndTime(index) ?? clock(index) { return (.time, end) }
        if let end = ipv4(index) { return (.address, end) }
        if let end = fileName(index) { return (.name, end) }
        let segment = endOfSegment(index)
        let digits = endOfDigits(index)
        if segment == digits { return (.number, endOfNumber(digits)) }
        // A unit or an ordinal after a number (`250ms`, `3rd`), or some identifier that begins with a digit.
        let isUnit = segment - digits <= 3 && (digits..<segment).allSatisfy { !isDigit($0) }
        if isUnit, !isIdentifier(index, segment) { return (.number, digits) }
        return (.identifier, segment)
    }
}

/// Times.
extension LineWords {
    /// `2026-05-28`, `2026/05/28`, each also with a time after `T` or a space.
    private func dateAndTime(_ index: Int) -> Int? {
        guard digits(index, 4), let separator = byte(index + 4), separator == 0x2D || separator == 0x2F,
            digits(index + 5, 2), byte(index + 7) == separator, digits(index + 8, 2)
        else { return nil }
        let end = index + 10
        if let next = byte(end), next == UInt8(ascii: "T") || next == 0x20 || next == UInt8(ascii: "t"),
            end + 1 < count, let after = clock(end + 1)
        {
            return after
        }
        return end < count && isWordByte(end) ? nil : end
    }

    /// `15:04:05`, with a fraction and a zone as they come: `.123456Z`, `,123`, `+02:00`.
    private func clock(_ index: Int) -> Int? {
        guard digits(index, 2), byte(index + 2) == 0x3A, digits(index + 3, 2), byte(index + 5) == 0x3A,
            digits(index + 6, 2)
        else { return nil }
        var end = index + 8
        if let dot = byte(end), dot == 0x2E || dot == 0x2C, end + 1 < count, isDigit(end + 1) {
            end = endOfDigits(end + 1)
        }
        if byte(end) == UInt8(ascii: "Z") { return end + 1 }
        if let sign = byte(end), sign == 0x2B || sign == 0x2D, digits(end + 1, 2) {
            if digits(end + 3, 2) { return end + 5 }
            if byte(end + 3) == 0x3A, digits(end + 4, 2) { return end + 6 }
        }
        return byte(end) == 0x3A || (end < count && isWordByte(end)) ? nil : end
    }

    /// `May 20 20:23:55`, as syslog writes it.
    private func syslogDate(_ index: Int) -> Int? {
        guard byte(index + 3) == 0x20, isMonth(index) else { return nil }
        var at = index + 4
        if byte(at) == 0x20 { at += 1 }
        guard at < count, isDigit(at) else { return nil }
        at = endOfDigits(at)
        guard byte(at) == 0x20 else { return nil }
        return clock(at + 1)
    }

    private func isMonth(_ index: Int) -> Bool {
        guard index + 3 <= count else { return false }
        let name = UInt32(line[index]) << 16 | UInt32(line[index + 1] | 0x20) << 8 | UInt32(line[index + 2] | 0x20)
        return LineWords.months.contains(name)
    }

    private static let months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".utf8.split(separator: 0x20)
        .map { $0.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
}

/// Addresses and identifiers.
extension LineWords {
    /// `10.0.0.7`, with `:12443` or `/24`.
    private func ipv4(_ index: Int) -> Int? {
        var at = index
        for part in 0..<4 {
            guard at < count, isDigit(at) else { return nil }
            let end = endOfDigits(at)
            guard end - at <= 3 else { return nil }
            at = end
            if part < 3 {
                guard byte(at) == 0x2E else { return nil }
                at += 1
            }
        }
        if at < count, isWordByte(at) || (byte(at) == 0x2E && at + 1 < count && isDigit(at + 1)) { return nil }
        return afterPort(at)
    }

    /// `[::1]:12443`.
    private func bracketedAddress(_ index: Int) -> Int? {
        let unspecified = byte(index + 1) == 0x3A && byte(index + 2) == 0x3A && byte(index + 3) == 0x5D
        guard let end = unspecified ? index + 3 : ipv6(index + 1), byte(end) == 0x5D else { return nil }
        return afterPort(end + 1)
    }

    /// `2001:db8::7`, `::1`, and hardware addresses: six groups or more, or a `::`.
    private func ipv6(_ index: Int) -> Int? {
        var end = index
        var colons = 0
        var gap = false
        while end < count, isHexadecimal(end) || line[end] == 0x3A {
            if line[end] == 0x3A {
                colons += 1
                if byte(end + 1) == 0x3A { gap = true }
            }
            end += 1
        }
        guard colons >= 2, gap || colons >= 5, end - index > 2, end == count || !isWordByte(end) else { return nil }
        // A path of names such as `std::fs` has letters beyond f in it and ends sooner; `::` alone is no address.
        guard (index..<end).contains(where: { isDigit($0) }) else { return nil }
        // A colon that ends the clause is not part of it.
        return line[end - 1] == 0x3A && !(end >= 2 && line[end - 2] == 0x3A) ? end - 1 : end
    }

    private func afterPort(_ index: Int) -> Int {
        guard let separator = byte(index), separator == 0x3A || separator == 0x2F, index + 1 < count,
            isDigit(index + 1)
        else { return index }
        return endOfDigits(index + 1)
    }

    /// 8-4-4-4-12 hexadecimal digits.
    private func uuid(_ index: Int) -> Int? {
        var at = index
        for (part, length) in [8, 4, 4, 4, 12].enumerated() {
            guard at + length <= count, (at..<at + length).allSatisfy({ isHexadecimal($0) }) else { return nil }
            at += length
            if part < 4 {
                guard byte(at) == 0x2D else { return nil }
                at += 1
            }
        }
        return at < count && isWordByte(at) ? nil : at
    }

    /// `0x7f3a`; hexadecimal digits of both kinds, eight or more; a long mixture of letters and digits.
    private func isIdentifier(_ index: Int, _ end: Int) -> Bool {
        if end - index > 2, line[index] == 0x30, line[index + 1] | 0x20 == UInt8(ascii: "x") { return true }
        guard end - index >= 8 else { return false }
        var figures = 0
        var groups = 0
        var hexadecimal = true
        for at in index..<end {
            if isDigit(at) {
                figures += 1
                if at == index || !isDigit(at - 1) { groups += 1 }
            } else if !isHexadecimal(at) {
                hexadecimal = false
            }
        }
        guard figures > 0, figures < end - index else { return false }
        return hexadecimal || (end - index >= 16 && groups >= 3)
    }
}

/// Names.
extension LineWords {
    /// From a slash up to what can't be part of a path in a log line.
    private func endOfPath(_ index: Int) -> Int {
        var end = index
        while end < count, line[end] > 0x20, line[end] != 0x7F, !LineWords.endsPath(line[end]) { end += 1 }
        return max(end, index + 1)
    }

    private static func endsPath(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: ":"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"),
            UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "&"):
            true
        default: false
        }
    }

    /// `ca-2026.pem`, `01-base.conf`, `certs/7.pem`: a slash inside, or an ending of up to five letters and digits
    /// that begins with a letter.
    private func fileName(_ index: Int) -> Int? {
        var end = index
        var dot = -1
        while end < count, isWordByte(end) || line[end] == 0x2E || line[end] == 0x2D {
            if line[end] == 0x2E { dot = end }
            end += 1
        }
        if byte(end) == 0x2F, end + 1 < count, isWordByte(end + 1), !(index..<end).allSatisfy({ isDigit($0) }) {
            return endOfPath(end)
        }
        // A full stop at the end of a sentence is no part of the name before it.
        if dot == end - 1 {
            end = dot
            dot = (index..<end).last { line[$0] == 0x2E } ?? -1
        }
        guard dot > index, dot + 1 < end, end - dot <= 6, !isDigit(dot + 1),
            (dot + 1..<end).allSatisfy({ isWordByte($0) })
        else { return nil }
        return end
    }

    /// Goes on over `.x` where a name has dots in it: `TLSv1.3`, `node7.example.com`.
    private func endOfDotted(_ index: Int) -> Int {
        var end = index
        while byte(end) == 0x2E, end + 1 < count, isWordByte(end + 1) { end = endOfSegment(end + 1) }
        return end
    }

    private func endOfSegment(_ index: Int) -> Int {
        var end = index
        while end < count, isWordByte(end) { end += 1 }
        return end
    }

    private func endOfDigits(_ index: Int) -> Int {
        var end = index
        while end < count, isDigit(end) { end += 1 }
        return end
    }

    /// Further groups of the same number: `1.2.0`, `1,234`.
    private func endOfNumber(_ index: Int) -> Int {
        var end = index
        while let separator = byte(end), separator == 0x2E || separator == 0x2C, end + 1 < count, isDigit(end + 1) {
            end = endOfDigits(end + 1)
        }
        return end
    }

    /// Past an ECMA-48 escape sequence: CSI up to its final byte, OSC up to BEL or ST, else two bytes.
    func afterEscape(_ index: Int) -> Int {
        guard index + 1 < count else { return count }
        var at = index + 2
        switch line[index + 1] {
        case UInt8(ascii: "["):
            while at < count, !(0x40...0x7E).contains(line[at]) { at += 1 }
            return min(at + 1, count)
        case UInt8(ascii: "]"):
            while at < count, line[at] != 0x07, line[at] != 0x1B { at += 1 }
            if at < count, line[at] == 0x1B { at += 1 }
            return min(at + 1, count)
        default: return at
        }
    }
}

/// Bytes.
extension LineWords {
    private func byte(_ index: Int) -> UInt8? { index < count ? line[index] : nil }

    private func isDigit(_ index: Int) -> Bool { line[index] &- 0x30 < 10 }

    private func digits(_ index: Int, _ length: Int) -> Bool {
        index + length <= count && (index..<index + length).allSatisfy { isDigit($0) }
    }

    private func isHexadecimal(_ index: Int) -> Bool {
        isDigit(index) || (line[index] | 0x20) &- 0x61 < 6
    }

    /// Letters, digits, the underscore, and everything beyond ASCII.
    private func isWordByte(_ index: Int) -> Bool {
        let byte = line[index]
        return byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte >= 0x80
    }
}
