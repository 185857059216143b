import Linux
import Packages
import Wire

/// What a manager asks about packages, understood or refused.
enum PackageRequest {
    case list(PackageQuery)
    case detail(PackageName)

    /// The question behind path and query, both still percent-encoded; nil where it is about something else.
    static func read(path: String, query: String?) throws(Refusal) -> PackageRequest? {
        let root = "/api/v1/packages"
        if path == root { return .list(try list(query ?? "")) }
        guard path.hasPrefix(root + "/") else { return nil }
        let rest = path.dropFirst(root.utf8.count + 1)
        guard !rest.isEmpty, !rest.contains("/") else { return nil }
        guard let name = decoded(rest).flatMap(PackageName.init) else { throw badName }
        return .detail(name)
    }

    struct Refusal: Error {
        let status: Int
        let fault: Envelope.Fault
    }

    private static let badName = Refusal(
        status: 400,
        fault: .init(
            code: "VALIDATION_ERROR",
            message: "Package name must be 1 to 256 letters, digits and '+ . _ -', and begin with a letter or digit"))

    /// What can't be known yet is refused: an empty list would say that there is nothing to upgrade.
    private static let unknowable = Refusal(
        status: 501,
        fault: .init(
            code: "NOT_IMPLEMENTED",
            message: "this agent knows what is installed, not yet what is available or can be upgraded"))

    private static func list(_ query: String) throws(Refusal) -> PackageQuery {
        var wanted = PackageQuery()
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = decoded(parts.count == 2 ? parts[1] : "")
            switch parts[0] {
            case "name":
                guard let pattern = value.flatMap(NamePattern.init) else { throw badName }
                wanted.name = pattern
            case "status" where value == "upgradable" || value == "available": throw unknowable
            case "upgradable" where value == "true": throw unknowable
            case "sort": wanted.key = value.flatMap(PackageQuery.Key.init) ?? .name
            case "order": wanted.isDescending = value != "asc"
            // The contract passes over what it does not know, a limit among it.
            default: break
            }
        }
        return wanted
    }

    /// Percent-decoded once (RFC 3986 §2.1); nil for a broken escape or what is no UTF-8. A plus stands for itself: no
    /// name holds a space, and `g++` is one.
    static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
