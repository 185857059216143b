import Linux
import Values
import Wire

/// What os-release(5) and the kernel say of a system.
struct OSRelease {
    private var values: [Substring: String] = [:]

    init(below root: HostRoot) {
        let content = ["/etc/os-release", "/usr/lib/os-release"].lazy.compactMap { path in
            (try? root.resolving(path)).flatMap { try? contents(of: root($0), limit: 65536) }
        }
        self.init(content.first ?? [])
    }

    init(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard line.first != "#", let mark = line.firstIndex(of: "=") else { continue }
            var value = line[line.index(after: mark)...]
            if let quote = value.first, quote == "\"" || quote == "'", value.last == quote, value.count > 1 {
                value = value.dropFirst().dropLast()
            }
            values[line[..<mark]] = String(value).harmless(limit: 128)
        }
    }

    /// The manager's host list reads other names than its documents tell agents to send: both are there.
    func details(below root: HostRoot) -> OSDetails {
        var details = OSDetails()
        details.distro = values["NAME"]
        details.version = values["VERSION_ID"]
        details.idLike = values["ID_LIKE"]
        details.codename = values["VERSION_CODENAME"]
        details.name = values["ID"]
        details.os = values["NAME"]
        details.osVersion = values["VERSION_ID"]
        details.kernel = HostIdentity.firstLine(of: "/proc/sys/kernel/osrelease", below: root)?.harmless(limit: 128)
        details.architecture =
            HostIdentity.firstLine(of: "/proc/sys/kernel/arch", below: root)?.harmless(limit: 32) ?? Self.builtFor
        return details
    }

    /// What this program was built for, where the kernel is too old (before 6.1) to tell.
    private static var builtFor: String? {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "aarch64"
        #else
            nil
        #endif
    }
}
