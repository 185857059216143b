import Configuration
public import Evidence
import Files
public import Linux

/// The agent's configuration file: what it says, what is wrong with it, and its text without the secrets.
public struct ConfigurationProbe: Probe {
    public let subject = "configuration"
    public let volatility = Volatility.files

    public init() {}

    public func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        guard target.hasConfiguration else {
            let absence = Absence("configuration", .notLookedFor, why: target.configurationSource)
            return Observation { $0.configuration = .missing(absence) }
        }
        let reading = ConfigurationReader.read(
            path: target.configuration, root: root, user: ServiceUser.of(seen, below: root))
        return Observation(raw: reading.kept.map { [$0] } ?? []) { $0.configuration = reading.fact }
    }
}

extension ServiceUser {
    /// Whom the unit runs as by its latest look, or by its files where there is no systemd to ask; or why that is not
    /// known.
    static func of(_ seen: Snapshot, below root: HostRoot) -> Result<ServiceUser, Absence> {
        do throws(Absence) {
            let look =
                root.extent < .whole
                ? UnitOnDisk(seen.target.unit, under: root).look(at: Clock.wall) : try seen.unit.required.last
            guard let unit = look, unit.loadState != "not-found" else {
                return .failure(Absence("user of the service", .notAvailable, why: "\(seen.target.unit) is not loaded"))
            }
            return .success(try ServiceUser(named: unit.user, group: unit.group, below: root))
        } catch {
            return .failure(error)
        }
    }
}
