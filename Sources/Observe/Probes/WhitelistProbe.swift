import Configuration
public import Evidence
import Files
public import Linux
import Systemd
import Values

/// Who may connect to the agent, by the agent's own reader; where its manager is, as far as this host has it written
/// down; and whom the service turned away. No name server is asked.
public struct WhitelistProbe: Probe {
    public let subject = "whitelist"
    public let volatility = Volatility.records

    public init() {}

    /// For the search in the journal.
    private static let patience = Interval.seconds(1)

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        func missing(_ absence: Absence) -> Observation { Observation { $0.whitelist = .missing(absence) } }
        guard target.hasConfiguration else {
            return missing(Absence(subject, .notLookedFor, why: target.configurationSource))
        }
        let configuration = ConfigurationReader.read(path: target.configuration, root: root).fact.known
        let path = configuration?.whitelistPath ?? AgentConfiguration.defaultWhitelistPath
        let observation = FileObservation(path, below: root)
        if let failure = observation.walk.failure, !failure.isNotFound { return missing(Absence(path, failure)) }
        var fact = WhitelistFact(file: observation.fact)
        var raw: [RawItem] = []
        var source = Source(path, time: observation.time)
        if fact.file.exists {
            do throws(SystemError) {
                let bytes = try observation.content(limit: WhitelistFile.limit + 1)
                source.path = "raw/config/whitelist.yaml"
                let text = RedactedText(bytes)
                raw = [
                    RawItem("config/whitelist.yaml", content: text.bytes, source: source, redactions: text.redactions)
                ]
                fact.read(bytes)
            } catch {
                return missing(Absence("content of \(path)", error))
            }
        } else {
            fact.problem = "it does not exist"
        }
        let hosts = HostsFile(below: root)
        fact.namedAddresses = fact.hostNames.flatMap(hosts.addresses)
        fact.manager = manager(configuration, root)
        fact.managerAddresses = fact.manager.map(hosts.addresses) ?? []
        if fact.manager != nil, seen.unit.known?.last?.isActive == true {
            fact.refusals = refusals(of: target, root)
        }
        let result = fact
        let whence = source
        return Observation(raw: raw) { $0.whitelist = .value(result, whence) }
    }

    /// The host that the configuration calls the manager, or else the one that enrolled this host.
    private func manager(_ configuration: ConfigurationFact?, _ root: HostRoot) -> String? {
        let record = (try? EnrollmentReader(below: root).read(nil, Clock.wall))?.fact.record
        let urls = [configuration?.managerURL, record?.manager].compactMap { $0 }
        return urls.lazy.compactMap { ManagerURL($0)?.host }.first.map { $0.harmless(limit: 253) }
    }

    private func refusals(of target: Target, _ root: HostRoot) -> Reading<[RefusedPeer]> {
        let what = "refused connections in the journal of \(target.unit)"
        let place: Journal.Place
        do throws(Absence) { place = try JournalSource(of: root, for: what).place } catch { return .missing(error) }
        let time = Clock.wall
        do throws(JournalError) {
            let search = RefusalSearch(
                place: place, unit: target.unit.rawValue,
                deadline: Clock.monotonic + UInt64(Self.patience.microseconds))
            return .value(try search.peers(), Source("journal of \(target.unit), PRIORITY=4", time: time))
        } catch {
            return .missing(
                Absence(what, error.isNotPermitted ? .notPermitted : .failed, why: error.description.harmless()))
        }
    }
}

extension WhitelistFact {
    /// Reads the file as the agent does, so that both come to the same list and to the same words for what is wrong.
    fileprivate mutating func read(_ bytes: [UInt8]) {
        do {
            let list = try WhitelistFile(bytes, path: file.path)
            _ = try Whitelist(list.entries)
            entries = list.entries.prefix(4096).map { $0.harmless(limit: 128) }
            hostNames = list.hostNames.prefix(256).map { $0.harmless(limit: 253) }
            entriesLeftOut = list.entries.count + list.hostNames.count - entries.count - hostNames.count
        } catch let fault as WhitelistFault {
            problem = fault.reason.harmless(limit: 300)
        } catch {
            problem = "\(error)".harmless(limit: 300)
        }
    }
}
