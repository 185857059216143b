public import Evidence
public import Linux
import Values

/// The agent's package as dpkg(1) records it. rpm's database is not read; that is then said.
public struct PackageProbe: Probe {
    private let package: String

    public init(package: String = "linux-patch-api") { self.package = package }

    public let subject = "package of the agent"
    public let volatility = Volatility.files

    private static let database = "/var/lib/dpkg/status"
    /// What dpkg has done but not yet written into its database: all that a killed one leaves behind.
    private static let updates = "/var/lib/dpkg/updates"
    /// EFBIG of errno(3).
    private let tooLarge: Int32 = 27
    /// Hosts with 2,000 packages have 3 MiB.
    private static let sizeLimit = 32 << 20

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let time = Clock.wall
        do throws(SystemError) {
            let database = try Descriptor(reading: root.place(Self.database))
            var found = try stanza(in: database, limit: Self.sizeLimit)
            for path in pendingUpdates(under: root) {
                found = try stanza(in: Descriptor(reading: root.place(path)), limit: 1 << 20) ?? found
            }
            let fact = PackageFact(
                manager: "dpkg", name: package, version: found?["Version"]?.harmless(limit: 128),
                status: found?["Status"]?.harmless(limit: 128))
            let source = Source(Self.database, path: found == nil ? nil : "raw/package/dpkg-status", time: time)
            let raw = found.map { stanza in
                RawItem(
                    "package/dpkg-status", content: stanza.content, source: source,
                    truncation: "the paragraph of \(package) only")
            }
            return Observation(raw: raw.map { [$0] } ?? []) { $0.package = .value(fact, source) }
        } catch {
            let absence = absence(because: error, under: root)
            return Observation { $0.package = .missing(absence) }
        }
    }

    private func pendingUpdates(under root: HostRoot) -> [String] {
        root.names(in: Self.updates).filter { $0.allSatisfy { $0.isASCII && $0.isNumber } }.map {
            Self.updates + "/" + $0
        }
    }

    private func absence(because error: SystemError, under root: HostRoot) -> Absence {
        let what = "package \(package)"
        guard error.isNotFound else { return Absence(what, because: error) }
        let rpm = ["/var/lib/rpm", "/usr/lib/sysimage/rpm"].contains { (try? root.place($0)) != nil }
        return Absence(
            what, .notAvailable,
            why: rpm
                ? "rpm's database is not read by this program; ask 'rpm -V \(package)'"
                : "'\(root(Self.database))' does not exist")
    }

    /// Reads piece by piece, so that memory stays small whatever the size of the database.
    private func stanza(in file: borrowing Descriptor, limit: Int) throws(SystemError) -> PackageStanza? {
        var found: PackageStanza?
        var pending: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 17)
        var total = 0
        while true {
            let count = try file.read(into: &chunk)
            if count == 0 { break }
            total += count
            // Half a database says nothing about a package that is not in that half.
            guard total <= limit else { throw SystemError("read all of", file.path, code: tooLarge) }
            pending += chunk[..<count]
            guard let end = pending.endOfLastParagraph else { continue }
            found = PackageStanza(of: package, in: pending[..<end]) ?? found
            pending.removeSubrange(..<end)
        }
        return PackageStanza(of: package, in: pending[...]) ?? found
    }
}

extension [UInt8] {
    /// Behind the last empty line.
    fileprivate var endOfLastParagraph: Int? {
        var index = count - 1
        while index > 0 {
            if self[index] == UInt8(ascii: "\n"), self[index - 1] == UInt8(ascii: "\n") { return index + 1 }
            index -= 1
        }
        return nil
    }
}
