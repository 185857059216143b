import Evidence
import Values

/// The service, or the whole host, has as many files open as it may have.
struct DescriptorLimitRule: Rule {
    let about = RuleInfo(
        "descriptor-limit", .host,
        title: "No more files can be opened",
        meaning: """
            Each connection and each open file takes a descriptor, and the service may have only so many \
            (LimitNOFILE= of its unit). At the limit it runs and accepts nobody, or does not even start: every call \
            fails with "Too many open files". Descriptors that are never closed get there at last, whatever the limit.
            """,
        clearedBy: "The service's process and the host have descriptors to spare, and no failure speaks of them.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        if let epoch = (try? host.presentEpoch) ?? nil, let said = Self.said(by: epoch.sample) {
            let look = host.unit.known?.last
            let limit = look?.descriptorLimit.map { ", which may open \($0) files (LimitNOFILE=)" } ?? ""
            let whose = said == .host ? "This host" : "\(host.target.unit)\(limit),"
            return .fail([
                Fault(
                    said == .host ? "host" : host.target.unit.rawValue,
                    "\(whose) can open no more files: \(epoch.sample.harmless(limit: 160))", .blocks(.program),
                    facts: [host.words(of: epoch)] + (look.map { [limitFact($0, host)] } ?? []))
            ])
        }
        let fact = try host.descriptors.required
        if let fault = ofHost(fact, host) ?? ofService(fact, host) { return .fail([fault]) }
        let open = fact.open.map { "\($0) of \(Self.words(fact.limit)) descriptors of the main process are open" }
        return .pass(
            "there are descriptors to spare",
            [host.descriptors.fact(open ?? "\(fact.hostOpen) of \(fact.hostLimit) files of the host are open")])
    }

    func recognises(_ epoch: Epoch, on host: Snapshot) -> String? {
        switch Self.said(by: epoch.sample) {
        case .process: host.target.unit.rawValue
        case .host: "host"
        case nil: nil
        }
    }

    private enum Whose { case process, host }

    /// EMFILE and ENFILE in the words of libc, Rust and Go.
    private static func said(by line: String) -> Whose? {
        let words = line.lowercased()
        if ["too many open files in system", "os error 23)", "enfile"].contains(where: words.contains) { return .host }
        return ["too many open files", "os error 24)", "emfile"].contains(where: words.contains) ? .process : nil
    }

    private func ofService(_ fact: DescriptorsFact, _ host: Snapshot) -> Fault? {
        guard let process = fact.process, let open = fact.open, let limit = fact.limit, limit > 0 else { return nil }
        let isReached = UInt64(clamping: open) >= limit
        // From nine tenths on it is a matter of time.
        guard isReached || UInt64(clamping: open) * 10 >= limit * 9 else { return nil }
        let said = host.lastLine { Self.said(by: $0) != nil }
        return Fault(
            "pid \(process.pid)",
            "The service's main process has \(open) of \(limit) descriptors open"
                + (isReached ? ": it can accept nobody." : "; at the limit it can accept nobody."),
            bearing(isReached, host),
            facts: [
                host.descriptors.fact(
                    "pid \(process.pid): \(open) open, soft limit \(limit), hard limit \(Self.words(fact.hardLimit))")
            ] + (said.map { [$0.fact] } ?? []) + handshake(host))
    }

    private func ofHost(_ fact: DescriptorsFact, _ host: Snapshot) -> Fault? {
        guard fact.hostLimit > 0, fact.hostOpen >= fact.hostLimit - fact.hostLimit / 50 else { return nil }
        return Fault(
            "host", "This host has \(fact.hostOpen) of \(fact.hostLimit) files open (fs.file-max).",
            bearing(fact.hostOpen >= fact.hostLimit, host),
            facts: [host.descriptors.fact("fs.file-nr: \(fact.hostOpen) of \(fact.hostLimit)")] + handshake(host))
    }

    /// Who got a hand-shake was accepted: then it has not come to it yet.
    private func bearing(_ isReached: Bool, _ host: Snapshot) -> Bearing {
        guard host.serviceSeemsUp else { return .worsens }
        return isReached && host.served.known?.handshake != true ? .breaks : .threatens
    }

    private func handshake(_ host: Snapshot) -> [Fact] {
        guard let served = host.served.known else { return [] }
        return [host.served.fact(served.handshake ? "succeeds" : served.failure?.harmless(limit: 128) ?? "fails")]
    }

    private func limitFact(_ look: UnitLook, _ host: Snapshot) -> Fact {
        host.unit.fact("LimitNOFILESoft=\(Self.words(look.descriptorLimit))")
    }

    private static func words(_ limit: UInt64?) -> String { limit.map { "\($0)" } ?? "unlimited" }
}
