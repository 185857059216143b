import Evidence
import Values
import YAML

/// A document held against the table of settings: what is wrong with it, and the values that are right.
struct ConfigurationCheck {
    private(set) var problems: [ConfigurationProblem] = []
    /// Scalars of the right type, by dotted key.
    private(set) var values: [String: Scalar] = [:]
    /// Where each of them stands, counted from 1.
    private(set) var lines: [String: Int] = [:]
    /// The `tls` section is there.
    private(set) var hasTLS = false

    init(_ document: Document) {
        for duplicate in document.duplicates {
            report(
                .error, (duplicate.line, duplicate.column), duplicate.key,
                "is there twice: the first one is on line \(duplicate.firstLine)")
        }
        guard let root = document.root, root.scalar?.isNull != true else {
            report(.error, nil, nil, "the file is empty")
            return
        }
        guard let sections = root.entries else {
            report(.error, (root.line, root.column), nil, "the file holds \(root.kind), not a mapping")
            return
        }
        var present: Set<String> = []
        for entry in sections {
            guard let name = entry.key.scalar?.text else {
                report(.error, (entry.key.line, entry.key.column), nil, "a section's name is \(entry.key.kind)")
                continue
            }
            if take(section: name, entry) { present.insert(name) }
        }
        hasTLS = present.contains("tls")
        reportAbsences(present)
        problems.sort { ($0.line ?? .max, $0.column ?? .max) < ($1.line ?? .max, $1.column ?? .max) }
    }

    /// Whether the section is there with a mapping in it.
    private mutating func take(section name: String, _ entry: Node.Entry) -> Bool {
        let place = (entry.value.line, entry.value.column)
        guard Setting.sections.contains(name) else {
            report(.warning, (entry.key.line, entry.key.column), name, "is no section that the agent knows")
            return false
        }
        // An optional section that is empty is as good as none.
        if entry.value.scalar?.isNull == true, !Setting.requiredSections.contains(name) { return false }
        guard let entries = entry.value.entries else {
            report(.error, place, name, "is \(entry.value.kind), not a mapping")
            return true
        }
        for item in entries {
            guard let key = item.key.scalar?.text else {
                report(.warning, (item.key.line, item.key.column), name, "has a key that is \(item.key.kind)")
                continue
            }
            take(name + "." + key, item)
        }
        return true
    }

    private mutating func take(_ key: String, _ entry: Node.Entry) {
        guard let setting = Setting.byKey[key] else {
            let words = Setting.retired[key] ?? "is no key that the agent knows"
            report(.warning, (entry.key.line, entry.key.column), key, words)
            return
        }
        let place = (entry.value.line, entry.value.column)
        guard let scalar = entry.value.scalar else {
            report(.error, place, key, "is \(entry.value.kind), not \(setting.kind.words)")
            return
        }
        if let fault = setting.kind.fault(in: scalar) {
            report(.error, place, key, fault)
            return
        }
        if values[key] == nil {
            values[key] = scalar
            lines[key] = place.0
        }
        if let doubt = setting.doubt(about: scalar) { report(.warning, place, key, doubt) }
    }

    private mutating func reportAbsences(_ present: Set<String>) {
        for section in Setting.requiredSections where !present.contains(section) {
            guard !problems.contains(where: { $0.key == section && $0.severity == .error }) else { continue }
            report(.error, nil, section, "the section is missing")
        }
        for setting in Setting.all where setting.isRequired && present.contains(String(setting.section)) {
            let isKnown = values[setting.key] != nil || problems.contains { $0.key == setting.key }
            if !isKnown { report(.error, nil, setting.key, "is missing") }
        }
        if !hasTLS {
            report(.warning, nil, "tls", "there is no tls section: the agent would serve plain HTTP to anyone")
        } else if values["tls.enabled"]?.boolean == false {
            report(.warning, nil, "tls.enabled", "TLS is switched off: the agent would serve plain HTTP to anyone")
        }
    }

    private mutating func report(
        _ severity: ConfigurationProblem.Severity, _ place: (line: Int, column: Int)?, _ key: String?,
        _ problem: String
    ) {
        guard problems.count < 200 else { return }
        problems.append(
            ConfigurationProblem(
                severity, line: place?.line, column: place?.column, key: key?.harmless(limit: 128), problem: problem))
    }
}

extension Setting.Kind {
    /// As a message names what is wanted.
    var words: String {
        switch self {
        case .number: "a number"
        case .flag: "true or false"
        case .text, .optionalText, .secret: "text"
        case .path: "a path"
        case .address: "an IP address"
        case .url: "a URL"
        }
    }

    /// Why the scalar can't be read as this; nil where it can. Secrets are not quoted.
    func fault(in scalar: Scalar) -> String? {
        let shown = "'\(scalar.text.harmless(limit: 64))'"
        switch self {
        case .number(let range):
            guard let value = scalar.integer else {
                return scalar.isNull
                    ? "is empty, not a number" : "is \(scalar.isPlain ? "" : "the text ")\(shown), not a number"
            }
            guard !range.contains(value) else { return nil }
            let upper = range.upperBound == .max ? "" : " to \(range.upperBound)"
            return "is \(value), which is out of range: \(range.lowerBound)\(upper.isEmpty ? " or more" : upper)"
        case .flag: return scalar.boolean == nil ? "is \(shown), not true or false" : nil
        case .address:
            guard scalar.isText, IPAddress(scalar.text) != nil, !scalar.text.contains("["), !scalar.text.contains("%")
            else { return "is \(shown), not an IP address" }
            return nil
        case .path:
            guard scalar.isText else { return scalar.isNull ? "is empty, not a path" : "is \(shown), not a path" }
            return scalar.text.isEmpty ? "is empty, not a path" : nil
        case .text: return scalar.isText ? nil : scalar.isNull ? "is empty, not text" : "is \(shown), not text"
        case .optionalText, .url: return scalar.isText || scalar.isNull ? nil : "is \(shown), not \(words)"
        case .secret: return scalar.isText || scalar.isNull ? nil : "is a number or a flag, not text: put it in quotes"
        }
    }
}

extension Setting {
    /// What is allowed and yet hardly meant.
    func doubt(about scalar: Scalar) -> String? {
        if key == "jobs.max_concurrent", scalar.integer == 0 { return "is 0: the agent takes it for 1" }
        if key == "tls.crl_policy", !["prefer", "require"].contains(scalar.text) {
            return "is neither prefer nor require: the agent takes it for prefer"
        }
        if key == "enrollment.insecure_first_contact", scalar.boolean == true {
            return "is true: whoever is on the way can pose as the manager; pin manager_fingerprint instead"
        }
        switch kind {
        case .path: return scalar.text.hasPrefix("/") ? nil : "is relative to the service's working directory"
        case .url:
            guard !scalar.isNull, !scalar.text.isEmpty else { return nil }
            guard let url = ManagerURL(scalar.text) else { return "is no http or https URL with a host" }
            if url.scheme != "https" { return "is not https: whoever is on the way can read and change everything" }
            return url.hasPath ? "has a path: the agent appends /api/v1/… to it and would miss the manager" : nil
        default: return nil
        }
    }
}
