public import Evidence
public import Linux
import Values

/// The unit's fragment and drop-ins on disk, and the settings in them that this systemd does not read.
public struct UnitFilesProbe: Probe {
    public init() {}

    public let subject = "unit files"
    public let volatility = Volatility.files

    /// What systemd itself refuses to read of one file.
    private static let sizeLimit = 1 << 20

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let version = SystemdVersion(of: root, after: seen)?.major
        let look = seen.unit.known?.last
        let search = UnitFileSearch(for: target.unit, under: root)
        var fragments = search.fragments
        if let loaded = look?.fragmentPath, !loaded.isEmpty {
            fragments = [loaded] + fragments.filter { $0 != loaded }
        }
        let inEffect = Set(fragments.prefix(1) + search.dropIns + (look?.dropInPaths ?? []))
        let paths = fragments + (look?.dropInPaths ?? []) + search.dropIns
        var fact = UnitFilesFact(files: [])
        var raw: [RawItem] = []
        for path in paths where !fact.files.contains(where: { $0.path == path }) {
            let time = Clock.wall
            var file = FileFact(lookingAt: path, under: root)
            defer { fact.files.append(file) }
            guard file.exists, file.kind == .regular else { continue }
            do throws(SystemError) {
                let place = try root.place(path)
                let (content, truncated) = try Descriptor(reading: place).contents(limit: Self.sizeLimit)
                let copy = UnitFileCopy(of: content)
                let item = "systemd/files" + path
                raw.append(
                    RawItem(
                        item, content: copy.content, source: Source(path, path: "raw/" + item, time: time),
                        redactions: copy.redactions, truncation: truncated ? "first 1 MiB" : nil))
                if inEffect.contains(path) {
                    fact.ignored += Self.ignored(in: content, of: path, type: target.unit.type, version: version)
                }
            } catch {
                file.error = error.reason
            }
        }
        if root.extent < .whole { fact.asWritten = UnitOnDisk(target.unit, under: root).look(at: Clock.wall) }
        let what = "unit files of \(target.unit)"
        let source = Source(what, path: raw.first?.source.path, time: Clock.wall)
        let reading: Reading<UnitFilesFact> =
            if let obstacle = search.obstacle, fact.files.isEmpty, look == nil {
                .missing(Absence(what, because: obstacle))
            } else if fact.files.isEmpty, look == nil, (try? FileStatus(of: root("/etc/systemd/system"))) == nil {
                .missing(Absence(what, .notAvailable, why: "'\(root("/etc/systemd/system"))' does not exist"))
            } else {
                .value(fact, source)
            }
        return Observation(raw: raw) { $0.unitFiles = reading }
    }

    static func ignored(in content: [UInt8], of path: String, type: String, version: Int?) -> [IgnoredSetting] {
        UnitFileText(parsing: content).settings.compactMap { setting in
            // Of the sections of other types of units only services' are known here.
            if type != "service", !["Unit", "Install"].contains(setting.section) { return nil }
            guard
                case .ignored(let belongsIn, let since) = UnitSettings.judge(
                    setting.key, in: setting.section, version: version)
            else { return nil }
            var secrets = SecretWords()
            let value = secrets.judge(setting.key + "=" + setting.value).dropFirst(setting.key.utf8.count + 1)
            var ignored = IgnoredSetting(
                path: path, line: setting.line, section: setting.section.harmless(limit: 64),
                key: setting.key.harmless(limit: 64), value: String(value).harmless(limit: 256), belongsIn: belongsIn)
            ignored.since = since
            return ignored
        }
    }
}

extension UnitName {
    /// `service` of `linux-patch-api.service`.
    fileprivate var type: String { String(rawValue.split(separator: ".").last ?? "") }
}
