import Diagnose
import Evidence
import Runbooks
import Values

/// What to do, for a person to approve: the runbooks' own words, with names filled in.
extension RCADraft {
    mutating func actions() -> [RootCauseAnalysis.Action] {
        // A start limit is better corrected by the drop-in that is worked out for the loop that was seen.
        [Role.root, .contributing].flatMap { role in
            ids(role).filter { role == .root || $0 != Self.limit }.compactMap { action(for: $0, role) }
        }
    }

    private static let limit = "start-limit-ineffective"

    private mutating func action(for id: String, _ role: Role) -> RootCauseAnalysis.Action? {
        guard let runbook = Runbook(id), let section = runbook["What the remedy does"] else { return nil }
        var about: [Claim] = []
        var subjects: Set<String> = []
        var targets: Set<Target> = []
        for witness in witnesses {
            for finding in witness.findings(role) where finding.id == id {
                let when = witness.snapshot.observer.offline == nil ? "" : ", once the host runs again"
                about.append(
                    claim("\(witness.name): \(finding.subject)\(when)", by: witness, on: Array(finding.facts.prefix(1)))
                )
                subjects.insert(finding.subject)
                targets.insert(witness.snapshot.target)
            }
        }
        let names = Names(subjects: subjects, targets: targets)
        let instructions = names.fill(section.text)
        return RootCauseAnalysis.Action(
            id: id, role: role, title: runbook.title, runbook: runbook.path, about: about, instructions: instructions,
            commands: Erasure.all(in: instructions))
    }

    /// What a runbook leaves open, as far as it is the same on all hosts. Nothing that a shell could take for more
    /// than a name is filled in.
    private struct Names {
        private var replacements: [(String, String)] = []

        init(subjects: Set<String>, targets: Set<Target>) {
            func isPlain(_ text: String) -> Bool {
                text.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                        || ":-_.@/".utf8.contains(byte)
                }
            }
            if subjects.count == 1, let subject = subjects.first, subject.hasPrefix("pid "),
                let pid = Int32(subject.dropFirst(4))
            {
                replacements.append(("PID", String(pid)))
            }
            let units = Set(targets.map(\.unit)), ports = Set(targets.map(\.port))
            if units.count == 1, let unit = units.first, unit != .agent, isPlain(unit.rawValue) {
                replacements.append((UnitName.agent.rawValue, unit.rawValue))
            }
            if ports.count == 1, let port = ports.first, port != .agent {
                replacements.append((String(Port.agent.rawValue), String(port.rawValue)))
            }
            let files = Set(targets.map(\.configuration))
            if files.count == 1, let file = files.first, file.hasPrefix("/"), isPlain(file),
                file != Target().configuration
            {
                replacements.append((Target().configuration, file))
            }
        }

        func fill(_ text: String) -> String {
            replacements.reduce(text) { text, pair in text.replacingWords(pair.0, with: pair.1) }
        }
    }
}

/// What keeps it from coming again.
extension RCADraft {
    mutating func prevention() -> [RootCauseAnalysis.Measure] {
        var measures: [RootCauseAnalysis.Measure] = []
        for id in ids(.origin) {
            let title = RuleBook.info(id)?.title ?? id
            add(id, .origin, "\(title): what started it here starts it again wherever it is so.", to: &measures)
        }
        addAgent(to: &measures)
        addStartLimits(to: &measures)
        for id in ids(.risk) where !measures.contains(where: { $0.id == id && $0.file != nil }) {
            let title = RuleBook.info(id)?.title ?? id
            add(id, .risk, "\(title). It is no part of this failure: see to it before it becomes one.", to: &measures)
        }
        guard measures.isEmpty else { return measures }
        let words = "\(witnesses.names): nothing else in the evidence would bring it on again."
        return claim(words, by: witnesses) { _ in [] }.map { [RootCauseAnalysis.Measure(why: $0, id: nil, file: nil)] }
            ?? []
    }

    private mutating func add(
        _ id: String, _ role: Role, _ words: String, to measures: inout [RootCauseAnalysis.Measure]
    ) {
        let among = witnesses.filter { witness in witness.findings(role).contains { $0.id == id } }
        let cited = claim("\(among.names): \(words)", by: among) { witness in
            witness.findings(role).filter { $0.id == id }.flatMap { $0.facts.prefix(1) }
        }
        if let cited { measures.append(RootCauseAnalysis.Measure(why: cited, id: id, file: nil)) }
    }

    /// A limit that bites for the loop that was observed; hosts that need the same one together.
    private mutating func addStartLimits(to measures: inout [RootCauseAnalysis.Measure]) {
        let id = Self.limit
        var order: [[Substring]] = []
        var files: [[Substring]: UnitDropIn] = [:]
        var hosts: [[Substring]: [Witness]] = [:]
        for witness in witnesses where witness.diagnosis.findings.contains(where: { $0.id == id }) {
            guard let look = witness.snapshot.unit.known?.last ?? witness.snapshot.unitFiles.known?.asWritten,
                let file = StartLimit(inEffectOf: look, run: witness.snapshot.journal.known?.typicalRun)
                    .correction(for: witness.snapshot.target.unit)
            else { continue }
            // Its comment tells of one host's loop.
            let settings = [file.path[...]] + file.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            if hosts[settings] == nil { order.append(settings) }
            files[settings] = files[settings] ?? file
            hosts[settings, default: []].append(witness)
        }
        for settings in order {
            guard let file = files[settings], let among = hosts[settings] else { continue }
            let words =
                "\(among.names): with this drop-in and a daemon-reload the start limit ends such a loop by itself."
            let cited = claim(words, by: among) { witness in
                witness.diagnosis.findings.filter { $0.id == id }.flatMap(\.facts)
            }
            guard let cited else { continue }
            measures.append(
                RootCauseAnalysis.Measure(why: cited, id: id, file: .init(path: file.path, text: file.text)))
        }
    }

    /// Agents before 1.2 end where a certificate is missing, and go on to serve where an enrollment is done.
    private mutating func addAgent(to measures: inout [RootCauseAnalysis.Measure]) {
        let causes: Set = ["port-held-by-enrollment", "enrollment-orphaned", "cert-missing"]
        let among = witnesses.filter { witness in
            witness.diagnosis.findings.contains { causes.contains($0.id) && $0.role != .risk }
                && witness.agentVersion.map { $0 < (1, 2) } == true
        }
        let versions = among.compactMap { $0.snapshot.package.known?.version?.harmless(limit: 40) }.uniqued
        let cited = claim(
            "\(among.names): the agent is \(versions.joined(separator: ", ")); since 1.2.0 an enrollment ends when it is "
                + "done and never takes the port, and an agent without certificates waits instead of ending.", by: among
        ) { [$0.snapshot.package.fact("version")] }
        if let cited { measures.append(RootCauseAnalysis.Measure(why: cited, id: nil, file: nil)) }
    }
}

extension Witness {
    /// Major and minor version of the installed agent; nil where it is not known.
    fileprivate var agentVersion: (Int, Int)? {
        guard let package = snapshot.package.known, package.name == "linux-patch-api", let version = package.version
        else { return nil }
        let numbers = version.split(whereSeparator: { ".-~+:".contains($0) }).prefix(2).compactMap { Int($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }
}

extension String {
    /// This text with each occurrence of `word` that is no part of a longer word exchanged.
    func replacingWords(_ word: String, with other: String) -> String {
        func isInside(_ byte: UInt8?) -> Bool {
            guard let byte else { return false }
            return (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 0x5F
        }
        let text = Array(utf8), wanted = Array(word.utf8)
        guard !wanted.isEmpty else { return self }
        var result: [UInt8] = []
        var place = 0
        while place < text.count {
            let end = place + wanted.count
            if end <= text.count, text[place..<end].elementsEqual(wanted), !isInside(place > 0 ? text[place - 1] : nil),
                !isInside(end < text.count ? text[end] : nil)
            {
                result += other.utf8
                place = end
            } else {
                result.append(text[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
