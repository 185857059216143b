@testable import Diagnose
import Evidence
import TestKit
import Values

/// A rule's answer as a test asks for it: by subject, with *could not tell* as the fourth one.
enum Answer: Equatable {
    case accuses([String])
    case clears
    case notApplicable
    case unknown
}

extension Rule {
    func answer(_ host: Snapshot) -> Answer {
        do throws(Absence) {
            switch try judge(host) {
            case .fail(let faults): return .accuses(faults.map(\.subject))
            case .pass: return .clears
            case .notApplicable: return .notApplicable
            }
        } catch {
            return .unknown
        }
    }

    /// The first fault, for a closer look.
    func fault(_ host: Snapshot) -> Fault? {
        guard case .fail(let faults)? = try? judge(host) else { return nil }
        return faults.first
    }
}

extension Diagnosis {
    /// `cert-missing`, `cert-expired` … in the order of the report.
    func ids(_ role: Role) -> [String] { findings(role).map(\.id) }

    subscript(id: String) -> Finding? { findings.first { $0.id == id } }
}

extension Snapshot {
    static let portInUse = "Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)"

    func diagnosed() -> Diagnosis { Diagnostician().diagnose(self) }

    /// The service fails because this listener is in its way.
    static func blocked(by listener: Listener, heldBy processes: ProcessFact...) -> Snapshot {
        healthy.failing(portInUse).with { host in
            host.port.edit { $0.listeners = [listener] }
            host.processes.edit { $0.processes = [.systemd] + processes }
        }
    }

    /// The same for an ordinary user, who sees the listener and no descriptor table of root's.
    func seenByOrdinaryUser() -> Snapshot {
        with { host in
            host.observer.effectiveUser = 1000
            let pids = host.processes.known?.processes.map(\.identity.pid) ?? []
            host.port.edit { port in
                for index in port.listeners.indices { port.listeners[index].holders = [] }
                port.complete = false
                port.boundLookedFor = false
                port.unreadable = pids.map { UnreadableProcess(pid: $0, why: "permission denied") }
            }
            host.processes.edit { processes in
                for index in processes.processes.indices {
                    processes.processes[index].networkNamespace = nil
                    processes.processes[index].pidNamespace = nil
                    processes.processes[index].executable = nil
                }
            }
        }
    }
}
