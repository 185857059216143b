import Evidence
import Linux
import Values

/// A unit as systemd would load it from the files below a root, for hosts that have no systemd to ask: what is
/// configured, and nothing of what happened.
struct UnitOnDisk {
    private let unit: UnitName
    private let root: HostRoot
    private let search: UnitFileSearch
    /// Of the fragment in effect and the drop-ins, in the order in which systemd reads them.
    private let text: UnitFileText
    private let isEmpty: Bool

    init(_ unit: UnitName, under root: HostRoot) {
        self.unit = unit
        self.root = root
        search = UnitFileSearch(for: unit, under: root)
        let fragment = search.fragments.first.flatMap { try? root.contents(of: $0) }
        isEmpty = fragment?.isEmpty ?? false
        text = search.dropIns.reduce(into: UnitFileText(parsing: fragment ?? [])) { text, path in
            if let content = try? root.contents(of: path) { text.add(UnitFileText(parsing: content)) }
        }
    }

    /// The configuration as one look at the loaded unit would show it; all that is state keeps its empty value.
    func look(at time: WallTime) -> UnitLook {
        var look = UnitLook(time: time, monotonic: 0)
        look.loadState = loadState
        look.fragmentPath = search.fragments.first ?? ""
        look.dropInPaths = search.dropIns
        look.unitFileState = look.loadState == "masked" ? "masked" : enablement
        guard look.loadState == "loaded" else { return look }
        let defaults = ManagerDefaults(under: root)
        readService(into: &look, defaults)
        readLimits(into: &look, defaults)
        return look
    }

    /// LoadState of org.freedesktop.systemd1(5).
    private var loadState: String {
        guard let path = search.fragments.first else { return "not-found" }
        let file = FileFact(lookingAt: path, under: root)
        if file.linkTarget == "/dev/null" || (file.kind == .regular && file.exists && isEmpty) { return "masked" }
        if !file.exists { return "not-found" }
        // What has nothing to do is refused.
        let acts = ["ExecStart", "ExecStop"].contains { !text.values($0, in: "Service").isEmpty }
        if unit.rawValue.hasSuffix(".service"), !acts, text.values("SuccessAction", in: "Unit").isEmpty {
            return "bad-setting"
        }
        return "loaded"
    }

    /// UnitFileState as systemctl(1) is-enabled tells it, as far as links and [Install] say it.
    private var enablement: String {
        if !links(ending: [".wants", ".requires"], in: "/etc/systemd/system").isEmpty || !aliases.isEmpty {
            return "enabled"
        }
        let own = search.fragments.first.map { FileFact(lookingAt: $0, under: root) }
        if own?.path.hasPrefix("/etc/") == true, own?.linkTarget != nil { return "linked" }
        let install = ["WantedBy", "RequiredBy", "Alias"].contains { !text.values($0, in: "Install").isEmpty }
        if install { return "disabled" }
        return text.values("Also", in: "Install").isEmpty ? "static" : "indirect"
    }

    /// Links to the unit, by the names of the directories that they lie in.
    private func links(ending suffixes: [String], in directory: String, of name: String? = nil) -> [String] {
        root.names(in: directory).filter { entry in
            suffixes.contains(where: entry.hasSuffix)
                && (try? root.entry("\(directory)/\(entry)/\(name ?? unit.rawValue)"))
                    .flatMap { try? FileStatus(of: $0, followingLinks: false) } != nil
        }
    }

    /// Other names under which /etc links to the unit's file.
    private var aliases: [String] {
        let names = text.values("Alias", in: "Install").flatMap { $0.split(separator: " ").map(String.init) }
        return names.filter { name in
            let link = (try? root.entry("/etc/systemd/system/" + name)).flatMap { try? symbolicLinkTarget(of: $0) }
            return link?.split(separator: "/").last.map(String.init) == unit.rawValue
        }
    }

    private func readService(into look: inout UnitLook, _ defaults: ManagerDefaults) {
        func last(_ key: String) -> String? { text.values(key, in: "Service").last }
        func yes(_ key: String) -> Bool {
            last(key).map { ["1", "yes", "true", "on"].contains($0.lowercased()) } ?? false
        }
        let commands = text.values("ExecStart", in: "Service")
        look.type = last("Type") ?? (last("BusName") != nil ? "dbus" : commands.isEmpty ? "oneshot" : "simple")
        look.restart = last("Restart") ?? "no"
        look.killMode = last("KillMode") ?? "control-group"
        look.remainAfterExit = yes("RemainAfterExit")
        look.user = last("User") ?? ""
        look.group = last("Group") ?? ""
        look.dynamicUser = yes("DynamicUser")
        look.privateNetwork = yes("PrivateNetwork")
        look.oomPolicy = last("OOMPolicy") ?? ""
        look.memoryMax = last("MemoryMax").flatMap(Self.bytes)
        look.watchdog = last("WatchdogSec").flatMap { Interval(timeSpan: $0) } ?? look.watchdog
        look.timeoutStart =
            (last("TimeoutStartSec") ?? last("TimeoutSec")).flatMap(Self.limit)
            ?? (look.type == "oneshot" ? .infinity : defaults.timeoutStart)
        look.execStart = commands.compactMap { command in
            let words = StartCommand.words(command)
            guard let program = words.first.map({ String($0.drop { "@-:+!|".contains($0) }) }) else { return nil }
            var secrets = SecretWords()
            return ExecCommand(path: program, arguments: ([program] + words.dropFirst()).map { secrets.judge($0) })
        }
        look.requires = ["Requires", "BindsTo"].flatMap { key in
            text.values(key, in: "Unit").flatMap { $0.split(separator: " ").map(String.init) }
        }
        let socket = (unit.rawValue.split(separator: ".").first.map(String.init) ?? "") + ".socket"
        if !links(ending: [".wants", ".requires"], in: "/etc/systemd/system", of: socket).isEmpty {
            look.triggeredBy = [socket]
        }
    }

    /// The pause and the start limit, from the sections in which systemd reads them.
    private func readLimits(into look: inout UnitLook, _ defaults: ManagerDefaults) {
        look.restartInterval =
            text.values("RestartSec", in: "Service").last.flatMap { Interval(timeSpan: $0) } ?? defaults.restart
        let settings = text.settings.filter { setting in
            (setting.section == "Unit" && setting.key.hasPrefix("StartLimit"))
                || (setting.section == "Service" && ["StartLimitInterval", "StartLimitBurst"].contains(setting.key))
        }
        func last(_ keys: [String]) -> String? { settings.last { keys.contains($0.key) && !$0.value.isEmpty }?.value }
        look.startLimitInterval =
            last(["StartLimitIntervalSec", "StartLimitInterval"]).flatMap { Interval(timeSpan: $0) }
            ?? defaults.startLimitInterval
        look.startLimitBurst = last(["StartLimitBurst"]).flatMap { UInt32($0) } ?? defaults.startLimitBurst
        look.startLimitAction = last(["StartLimitAction"]) ?? "none"
    }

    /// A time-out, of which 0 is none.
    private static func limit(_ text: String) -> Interval? {
        Interval(timeSpan: text).map { $0.microseconds == 0 ? .infinity : $0 }
    }

    /// `512M`; nil for `infinity` and for a share of the machine's memory.
    private static func bytes(_ text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let power = ["": 0, "K": 10, "M": 20, "G": 30, "T": 40][text[digits.endIndex...].uppercased()]
        guard let number = UInt64(digits), let power, number <= UInt64.max >> power else { return nil }
        return number << power
    }
}

/// What units are given that do not say otherwise (systemd-system.conf(5)).
private struct ManagerDefaults {
    var restart = Interval(microseconds: 100_000)
    var startLimitInterval = Interval.seconds(10)
    var startLimitBurst: UInt32 = 5
    var timeoutStart = Interval.seconds(90)

    init(under root: HostRoot) {
        let pieces = ["/usr/lib", "/usr/local/lib", "/etc"].map { $0 + "/systemd/system.conf.d" }
        // Of two pieces with one name the one in /etc counts.
        var byName: [String: String] = [:]
        for directory in pieces {
            for name in root.names(in: directory, limit: 256) where name.hasSuffix(".conf") {
                byName[name] = directory + "/" + name
            }
        }
        var text = UnitFileText(parsing: (try? root.contents(of: "/etc/systemd/system.conf")) ?? [])
        for (_, path) in byName.sorted(by: { $0.key < $1.key }) {
            text.add(UnitFileText(parsing: (try? root.contents(of: path)) ?? []))
        }
        func span(_ key: String) -> Interval? {
            text.values(key, in: "Manager").last.flatMap { Interval(timeSpan: $0) }
        }
        restart = span("DefaultRestartSec") ?? restart
        startLimitInterval = span("DefaultStartLimitIntervalSec") ?? startLimitInterval
        timeoutStart = span("DefaultTimeoutStartSec") ?? timeoutStart
        startLimitBurst =
            text.values("DefaultStartLimitBurst", in: "Manager").last.flatMap { UInt32($0) } ?? startLimitBurst
    }
}
