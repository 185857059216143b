public import Custody
import Diagnose
import Evidence
import Linux
import Values

/// Evidence that is of this host, of this boot and of this failure. Every effect on a host asks for one, and only a fresh
/// look makes one: "evidence first" is a type.
public struct CurrentEvidence: Sendable {
    public let evidence: SealedEvidence
    /// What the evidence says, by today's rules.
    let sealed: Look

    /// What is to be done with it.
    public enum Purpose: Sendable, Hashable {
        case beginning
        /// Steps of the same plan have run already, so that causes may be gone.
        case goingOn
        /// What was done may itself have made the host fail in another way, and is taken back all the same.
        case undoing
    }

    /// Compares sealed evidence with the host as it is now.
    public init(_ evidence: SealedEvidence, now: Look, for purpose: Purpose) throws(Refusal) {
        self.evidence = evidence
        sealed = Look(evidence.snapshot)
        guard evidence.form == .directory else { throw .packed }
        if evidence.snapshot.observer.offline != nil { throw .notRunning }
        try Self.requireOwner(of: evidence.location)
        try Self.compareHosts(evidence.snapshot, now.snapshot)
        if purpose == .undoing { return }
        if let absence = now.snapshot.unit.absence ?? now.snapshot.port.absence ?? now.snapshot.processes.absence {
            throw .unseen("\(absence.what): \(absence.why)".harmless(limit: 200))
        }
        try Self.compareTargets(evidence.snapshot.target, now.snapshot.target)
        try compareFailures(with: now, goingOn: purpose == .goingOn)
    }

    /// Only root and we ourselves may have written it: machine-id and boot id are no secrets, and whoever makes up
    /// facts could name the program that root is to run.
    private static func requireOwner(of bundle: String) throws(Refusal) {
        for path in [bundle, bundle + "/facts.json", bundle + "/manifest.json", bundle + "/custody.jsonl"] {
            guard let status = try? FileStatus(of: path, followingLinks: path == bundle) else {
                throw .foreign("\(path.harmless(limit: 4096)) can't be looked at")
            }
            guard status.owner == 0 || status.owner == Caller.effectiveUser, status.mode & 0o022 == 0 else {
                throw .foreign(
                    "\(path.harmless(limit: 4096)) is of user \(status.owner), mode "
                        + String(status.permissions, radix: 8))
            }
        }
    }

    private static func compareTargets(_ then: Target, _ now: Target) throws(Refusal) {
        func moved(_ what: String, _ now: String, _ then: String) -> Refusal {
            .movedOn("\(what) is \(now.harmless(limit: 256)) by now, and was \(then.harmless(limit: 256))")
        }
        guard now.unit == then.unit else { throw moved("the unit", now.unit.rawValue, then.unit.rawValue) }
        guard now.program == then.program else { throw moved("the unit's program", now.program, then.program) }
        guard now.configuration == then.configuration else {
            throw moved("the unit's configuration", now.configuration, then.configuration)
        }
        guard now.port == then.port else { throw moved("its port", "\(now.port)", "\(then.port)") }
    }

    private static func compareHosts(_ then: Snapshot, _ now: Snapshot) throws(Refusal) {
        guard let here = now.host.known, let machine = here.machine, !here.bootID.isEmpty else {
            throw .unknownHost("machine-id or boot id of this host can't be read")
        }
        guard let there = then.host.known, let sealed = there.machine else {
            throw .unknownHost("the evidence does not say of which machine it is")
        }
        guard sealed == machine else { throw .otherHost(there.hostName.harmless(limit: 64)) }
        guard there.bootID == here.bootID else { throw .otherBoot }
    }

    /// Whether what keeps the service down now is something that the evidence knew of.
    func compareFailures(with now: Look, goingOn: Bool) throws(Refusal) {
        if now.isHealthy, sealed.diagnosis.verdict != .healthy, !goingOn {
            throw .movedOn("the service is healthy by now")
        }
        for root in now.diagnosis.findings(.root) where !knows(root, now: now.snapshot) {
            throw .movedOn("\(root.id) (\(root.subject.harmless(limit: 128))) came up since")
        }
    }

    private func knows(_ root: Finding, now: Snapshot) -> Bool {
        // A loop may have been given up meanwhile, and what only sums up a failing service names no cause.
        if ["start-limit-hit", "exit-code-loop", "port-blocked-by-time-wait"].contains(root.id) { return true }
        return sealed.diagnosis.findings.contains { known in
            guard known.id == root.id, known.subject == root.subject else { return false }
            guard let pid = root.processNumber else { return true }
            return evidence.snapshot.processes.known?[pid]?.identity == now.processes.known?[pid]?.identity
        }
    }
}

/// Why a bundle is not what may be acted upon.
public enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// An archive's chain of custody can't grow.
    case packed
    case notRunning
    case unknownHost(String)
    case otherHost(String)
    case otherBoot
    case movedOn(String)
    /// What has to be looked at again can't be seen now.
    case unseen(String)
    /// Somebody else than root may have written it.
    case foreign(String)
    /// There is nothing to take back.
    case neverRun

    public var description: String {
        switch self {
        case .packed: "the bundle is an archive, whose chain of custody can't grow; unpack it first"
        case .notRunning: "the bundle is of a host that did not run"
        case .unknownHost(let why): "it can't be told whether the bundle is of this host: \(why)"
        case .otherHost(let name): "the bundle is of another host, '\(name)'"
        case .otherBoot: "the bundle is of an earlier boot of this host"
        case .movedOn(let what): "the bundle is out of date: \(what)"
        case .unseen(let what): "this host can't be looked at: \(what)"
        case .foreign(let why): "others than root may have written the bundle: \(why)"
        case .neverRun: "no run of this plan is written in the bundle"
        }
    }
}
