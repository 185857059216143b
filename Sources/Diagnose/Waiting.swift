import Evidence
import Values

extension Snapshot {
    /// The service runs and serves nobody yet, by its own word: it waits for a person, for files, for the manager or
    /// for the time, and goes on by itself.
    var isWaiting: Bool {
        guard isActiveAndSteady, let look = unit.known?.last, !look.statusText.hasPrefix("listening on") else {
            return false
        }
        // With a socket from systemd it has the port before it has a certificate to show there.
        if mainProcessListens, served.known?.handshake != false { return false }
        if look.statusText.hasPrefix("waiting") || isEnrollmentUnderWay { return true }
        guard look.speaksNotify, !look.statusText.isEmpty, let port = port.known else { return false }
        return port.complete && !mainProcessListens
    }

    /// What it says of itself, as systemctl status shows it.
    var statusFact: [Fact] {
        guard let text = unit.known?.last?.statusText, !text.isEmpty else { return [] }
        return [unit.fact("Status: \(text.harmless(limit: 300))")]
    }

    /// It waits because what an enrollment brings could not be kept. On a full disk the record can't be written either,
    /// and says what was so before: then its own word is all there is.
    var isWaitingForStorage: Bool {
        guard isWaiting else { return false }
        if let record = enrollment.known?.record, record.phase == .storage, isAtWork(record) { return true }
        let words = unit.known?.last?.statusText ?? ""
        return words.hasPrefix("nothing is asked of the manager before its answer can be kept")
            || words.contains("cannot enroll: the state directory")
    }

    /// The record of an enrollment that is not done, where a living agent works on it.
    var isEnrollmentUnderWay: Bool {
        guard let record = enrollment.known?.record, record.phase != .enrolled else { return false }
        return isAtWork(record)
    }

    /// Whether the process that wrote the record is still an agent.
    func isAtWork(_ record: EnrollmentState) -> Bool {
        guard record.pid > 0 else { return false }
        if record.pid == unit.known?.last?.mainPID { return true }
        return processes.known?.agents.contains { $0.identity.pid == record.pid } ?? false
    }

    /// What an enrollment that does not go on does to the service: waited for it is the root, beside a service that
    /// serves the next thing to fail.
    func bearing(of record: EnrollmentState) -> Bearing {
        if serviceSeemsUp { return .threatens }
        return isWaiting && isAtWork(record) ? .awaited : .worsens
    }

    /// The record as a judgement needs it; nil where there is none, or none that matters any more: it is done, or
    /// belongs to nobody while the service serves.
    func openEnrollment() throws(Absence) -> EnrollmentState? {
        let fact = try enrollment.required
        if let unread = fact.unread { throw unread }
        guard let record = fact.record, record.phase != .enrolled else { return nil }
        return serviceSeemsUp && !isAtWork(record) ? nil : record
    }

    /// The facts that every word on an enrollment rests on.
    func facts(_ record: EnrollmentState) -> [Fact] {
        func cite(_ words: String) -> Fact { enrollment.fact(words) }
        var facts = [cite("phase \(record.phase.rawValue) since \(record.since.readable), by pid \(record.pid)")]
        if let fault = record.fault { facts.append(cite("fault: \(fault)")) }
        if let registered = record.registeredAt {
            let ends = record.expiresAt.map { ", the manager keeps the request until \($0.readable)" } ?? ""
            facts.append(cite("registered \(registered.readable)\(ends)"))
        }
        if let answered = record.answeredAt { facts.append(cite("last answer \(answered.readable)")) }
        if let next = record.nextAttempt { facts.append(cite("asked again \(next.readable)")) }
        return facts + statusFact
    }

    /// What becomes of it without anybody's doing, as a sentence ends.
    func outlook(of record: EnrollmentState) -> String {
        if serviceSeemsUp { return "; meanwhile it serves with the certificate that it has" }
        return isAtWork(record) ? "" : "; no process works on it now"
    }
}

extension EnrollmentState {
    /// By what a person finds the request at the manager: `web1 (192.0.2.7, machine-id 3f…)`.
    var request: String {
        let details = [address, machineID.isEmpty ? "" : "machine-id \(machineID)"].filter { !$0.isEmpty }
        let name = fqdn.isEmpty ? "this host" : fqdn
        return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
    }

    var managerName: String { manager.isEmpty ? "the manager" : "the manager \(manager)" }

    /// As findings name it.
    var subject: String { manager.isEmpty ? "enrollment" : "enrollment at \(manager)" }

    /// Whether a request that is gone had outlived its time, so that nobody need have denied it.
    var wasLostByTime: Bool {
        if isOver(by: answeredAt ?? since) { return true }
        // The agent forgets the request's times with the request.
        let words = fault?.lowercased() ?? ""
        return words.contains("expired") || words.contains("ended without a decision")
    }

    /// Whether the request's life at the manager is over by the clock.
    func isOver(by now: WallTime) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// The agent's own reason, in brackets behind a sentence.
    var reason: String { fault.map { " (\($0.harmless(limit: 240)))" } ?? "" }
}

extension String {
    /// As a sentence begins.
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
