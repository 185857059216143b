import Linux
import Values

/// What the repositories offer beside what is here.
extension AptPackageManager {
    /// By `apt-cache dumpavail`, which has of each package the version that would be taken, or by `apt-cache show` where a
    /// single name is asked for; read as it comes, since all of Debian is some 60 MB.
    public func available(_ query: PackageQuery) throws(PackageFault) -> [AvailablePackage] {
        let installed = try packages()
        let here = Set(installed.all.filter(\.state.isOnHost).map(\.name))
        let words = query.name?.literal.map { ["show", "--no-all-versions", $0.description] } ?? ["dumpavail"]
        var program = host.cache(words)
        program.limit = 64 << 10
        var records = OfferedRecords { name in !here.contains(name) && query.name?.matches(name) != false }
        let result: PackageProgram.Result
        do throws(SystemError) {
            let leniency = PackageProgram.Leniency.until(Clock.monotonic + UInt64(Self.offerPatience.microseconds))
            result = try program.run(
                leniency,
                heed: ProgramWatch(
                    stopDescriptor: nil, stopWasAsked: { false }, printed: { records.add($0) }, told: { _ in }))
        } catch {
            throw .unanswered(program: program.name, reason: error.description)
        }
        records.end()
        // `show` of a name that nobody offers.
        if query.name?.literal != nil, !result.succeeded, records.found.isEmpty { return [] }
        guard result.succeeded else {
            throw .unanswered(program: program.name, reason: AptFault.of(result, program, host).description)
        }
        return query.order(records.found)
    }

    private static let offerPatience = Interval.seconds(60)
}

/// Records of packages as apt-cache prints them (deb822(5)), a line at a time.
struct OfferedRecords {
    private let isWanted: (PackageName) -> Bool
    private(set) var found: [AvailablePackage] = []
    private var line: [UInt8] = []
    private var name: PackageName?
    private var version: PackageVersion?
    private var architecture = ""
    private var summary = ""

    /// Of a line; what is longer is no field that is read here.
    private static let lineLimit = 4096

    init(of isWanted: @escaping (PackageName) -> Bool) { self.isWanted = isWanted }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 { take() }
            if line.count < Self.lineLimit { line += part.element.prefix(Self.lineLimit - line.count) }
        }
    }

    /// The last record has no empty line behind it.
    mutating func end() {
        take()
        keep()
    }

    private mutating func take() {
        defer { line.removeAll(keepingCapacity: true) }
        guard let first = line.first else { return keep() }
        // Most fields are nobody's business here: their first letter tells.
        switch first {
        case UInt8(ascii: "P"): if let text = value("Package: ") { name = PackageName(text) }
        case UInt8(ascii: "V"): if let text = value("Version: ") { version = PackageVersion(text) }
        case UInt8(ascii: "A"): if let text = value("Architecture: ") { architecture = text.harmless(limit: 64) }
        case UInt8(ascii: "D"):
            if let text = value("Description: ") ?? value("Description-en: ") { summary = text.harmless(limit: 512) }
        default: break
        }
    }

    private func value(_ field: String) -> String? {
        guard line.starts(with: field.utf8) else { return nil }
        return String(decoding: line.dropFirst(field.utf8.count), as: UTF8.self)
    }

    private mutating func keep() {
        if let name, let version, isWanted(name) {
            found.append(AvailablePackage(name, version: version, architecture: architecture, summary: summary))
        }
        (name, version, architecture, summary) = (nil, nil, "", "")
    }
}
