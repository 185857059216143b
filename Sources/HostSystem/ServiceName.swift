import Values

/// A service as a manager may ask for it: nothing that is taken for an option, a pattern or a path.
public struct ServiceName: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// In bytes.
    public static let limit = 256

    /// Letters, digits and `_ . @ + -`, a letter or digit first: the grammar of the manager's contract.
    public init?(_ text: String) {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard (1...ServiceName.limit).contains(text.utf8.count), text.utf8.first.map(isAlphanumeric) == true,
            text.utf8.allSatisfy({ isAlphanumeric($0) || "_.@+-".utf8.contains($0) })
        else { return nil }
        description = text
    }

    /// systemd's name for it: `.service` is added where the name ends in no type of unit, so that `php8.2-fpm` is one.
    /// nil for what no unit of systemd can be called, and for a template, which is none by itself.
    var unit: UnitName? {
        let isTyped = ServiceName.types.contains { description.hasSuffix($0) }
        let name = isTyped ? description : description + ".service"
        return name.contains("@.") ? nil : UnitName(rawValue: name)
    }

    /// systemd.unit(5).
    private static let types = [
        ".service", ".socket", ".target", ".timer", ".mount", ".automount", ".path", ".slice", ".scope", ".swap",
        ".device",
    ]
}
