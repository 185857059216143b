/// A kernel's version, ordered as `sort -V` orders: numbers by their value, all else by its characters.
struct KernelVersion: Comparable {
    let text: String

    init(_ text: String) { self.text = text }

    /// From the name of an image in /boot; nil for what is none, for a rescue image, and for an older copy that boot
    /// loaders pass over.
    init?(image name: String) {
        guard name.hasPrefix("vmlinuz-") else { return nil }
        text = String(name.dropFirst("vmlinuz-".count))
        let isCopy = [".old", ".bak", "~"].contains(where: text.hasSuffix) || text.contains(".dpkg-")
        guard text.first?.isNumber == true, !text.hasPrefix("0-rescue"), !isCopy else { return nil }
    }

    static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        var (a, b) = (Array(left.text.utf8)[...], Array(right.text.utf8)[...])
        while let x = a.first, let y = b.first {
            if isDigit(x), isDigit(y) {
                let (m, n) = (number(&a), number(&b))
                if m.count != n.count { return m.count < n.count }
                if m != n { return m.lexicographicallyPrecedes(n) }
            } else {
                if x != y { return x < y }
                a.removeFirst()
                b.removeFirst()
            }
        }
        return a.count < b.count
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// The digits in front, without leading zeros.
    private static func number(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = bytes.prefix(while: isDigit)
        bytes = bytes.dropFirst(digits.count)
        return digits.drop { $0 == 48 }
    }
}
