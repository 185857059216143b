import Values

/// Properties as `systemctl show --all --timestamp=us+utc` prints them, `Key=Value` lines: what an engineer knows how
/// to read and grep. Sets of bits, such as capabilities, are given in hexadecimal.
///
/// What can hold a secret is replaced: words of lists and commands by the caller's judgement, the contents of
/// credentials and of standard input always.
public struct ShownProperties: Sendable {
    public private(set) var text = ""
    /// Names of the properties from which something was taken out.
    public private(set) var redacted: [String] = []

    /// `judge` is given each word of a list and each argument of a command, and returns what may be kept of it.
    public init(_ properties: BusProperties, judge: (String) -> String = { $0 }) {
        for property in properties.all {
            var changed = false
            let value = Self.words(for: property) { word in
                let kept = judge(word)
                changed = changed || kept != word
                return kept
            }
            if changed || value == nil { redacted.append(property.name) }
            text += property.name + "=" + (value ?? "[redacted]").harmless(limit: 16384) + "\n"
        }
    }

    /// nil where the value must not be kept.
    private static func words(for property: BusProperty, judge: (String) -> String) -> String? {
        let name = property.name
        if mayHoldSecrets.contains(name) {
            return property.value.array?.isEmpty == true || property.value.bytes?.isEmpty == true ? "" : nil
        }
        switch property.value {
        case .unsigned(let number): return words(for: number, of: name, signature: property.signature)
        case .bytes(let bytes): return bytes.map(hexadecimal).joined()
        case .signed(-1) where name.hasSuffix("ExitStatus"): return "[not set]"
        case .array(let commands) where commandSignatures.contains(property.signature):
            return commands.map { command($0, judge) }.joined(separator: " ; ")
        case .structure(let fields): return structure(fields, of: property, judge)
        case .string, .boolean, .signed, .real, .array: return plain(property.value, judge)
        }
    }

    private static func structure(
        _ fields: [BusValue], of property: BusProperty, _ judge: (String) -> String
    ) -> String {
        switch (property.name, property.signature) {
        case ("Job", _): return fields.first?.unsigned.flatMap { $0 == 0 ? nil : String($0) } ?? ""
        case ("LoadError", _):
            guard let name = fields.first?.string, let words = fields.last?.string, !name.isEmpty else { return "" }
            return "\(name) \"\(words)\""
        // A list that allows, or with a tilde one that denies.
        case (_, "(bas)"):
            return (fields.first?.boolean == true ? "" : "~") + (fields.last?.strings ?? []).joined(separator: " ")
        // A label, or with a minus one that may be refused.
        case (_, "(bs)"): return (fields.first?.boolean == true ? "-" : "") + (fields.last?.string ?? "")
        // Exit codes, then signals.
        case (_, "(aiai)"):
            return fields.flatMap { $0.array ?? [] }.map { plain($0, judge) }.joined(separator: " ")
        default: return plain(property.value, judge)
        }
    }

    private static func words(for number: UInt64, of name: String, signature: String) -> String {
        if name.hasSuffix("Timestamp") { return timestamp(number) }
        if name.hasSuffix("USec") { return TimeSpan.shown(number) }
        if name.hasSuffix("Mode") || name == "UMask" { return "0" + String(number, radix: 8).padded(to: 3) }
        if bitSets.contains(name) { return "0x" + String(number, radix: 16) }
        if name.hasPrefix("IP"), number == .max { return "[no data]" }
        let none = signature == "u" ? UInt64(UInt32.max) : UInt64.max
        guard number == none, !name.hasPrefix("IO") || name.hasSuffix("Weight") else { return String(number) }
        let unlimited = name.hasPrefix("Limit") || name.hasPrefix("Memory") || name.hasPrefix("Tasks")
        return unlimited && !name.hasSuffix("Current") ? "infinity" : "[not set]"
    }

    /// One of ExecStart= and its relatives, `(sasbttttuii)`, or of ExecStartEx=, `(sasasttttuii)`.
    private static func command(_ value: BusValue, _ judge: (String) -> String) -> String {
        let fields = value.structure ?? []
        guard fields.count == 10 else { return plain(value, judge) }
        let arguments = (fields[1].strings ?? []).map(judge).joined(separator: " ")
        let code = fields[8].signed ?? 0
        let status = fields[9].signed ?? 0
        return "{ path=\(fields[0].string ?? "") ; argv[]=\(arguments)"
            + (fields[2].strings.map { " ; flags=" + $0.joined(separator: " ") }
                ?? " ; ignore_errors=\(fields[2].boolean == true ? "yes" : "no")")
            + " ; start_time=[\(timestamp(fields[3].unsigned ?? 0, none: "n/a"))]"
            + " ; stop_time=[\(timestamp(fields[5].unsigned ?? 0, none: "n/a"))]"
            + " ; pid=\(fields[7].unsigned ?? 0) ; code=\(childCodes[code] ?? "(null)") ; status=\(status)"
            + (code == 1 ? "" : "/" + (signals[status] ?? String(status))) + " }"
    }

    private static func plain(_ value: BusValue, _ judge: (String) -> String) -> String {
        switch value {
        case .string(let text): judge(text)
        case .boolean(let yes): yes ? "yes" : "no"
        case .unsigned(let number): String(number)
        case .signed(let number): String(number)
        case .real(let number): String(number)
        case .bytes(let bytes): bytes.map(hexadecimal).joined()
        case .array(let members): members.map { plain($0, judge) }.joined(separator: " ")
        case .structure(let members): "(" + members.map { plain($0, judge) }.joined(separator: " ") + ")"
        }
    }

    /// `Wed 2026-05-20 20:23:55.123456 UTC`; empty where it never happened.
    private static func timestamp(_ microseconds: UInt64, none: String = "") -> String {
        guard microseconds > 0, microseconds < UInt64(Int64.max) else { return none }
        let time = WallTime(microseconds: Int64(microseconds))
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let precise = time.rfc3339Precise
        return days[Int(time.seconds / 86400 % 7)] + " " + precise.prefix(10) + " " + precise.dropFirst(11).dropLast()
            + " UTC"
    }

    private static func hexadecimal(_ byte: UInt8) -> String { String(byte, radix: 16).padded(to: 2) }

    private static let bitSets: Set<String> = [
        "CapabilityBoundingSet", "AmbientCapabilities", "CoredumpFilter", "MountFlags", "RestrictNamespaces",
    ]
    private static let commandSignatures: Set<String> = ["a(sasbttttuii)", "a(sasasttttuii)"]
    private static let mayHoldSecrets: Set<String> = ["SetCredential", "StandardInputData"]
    /// `si_code` of waitid(2) in systemd's words.
    private static let childCodes: [Int64: String] = [
        1: "exited", 2: "killed", 3: "dumped", 4: "trapped", 5: "stopped", 6: "continued",
    ]
    /// signal(7), those that end a service.
    private static let signals: [Int64: String] = [
        1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 5: "TRAP", 6: "ABRT", 7: "BUS", 8: "FPE", 9: "KILL", 10: "USR1",
        11: "SEGV", 12: "USR2", 13: "PIPE", 14: "ALRM", 15: "TERM", 24: "XCPU", 25: "XFSZ", 31: "SYS",
    ]
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        String(repeating: "0", count: Swift.max(0, width - utf8.count)) + self
    }
}
