import Linux
public import Packages
import Systemd
public import Values

/// Where systemd runs the host: a unit of its own for each transaction. A restart of the agent, or its end, does not reach
/// it; a shutdown asks it to stop and then waits for it.
public struct TransientUnitLauncher: TransactionLauncher {
    public init() {}

    /// Whether systemd runs this host (sd_booted(3)).
    public static var isPossible: Bool { (try? FileStatus(of: "/run/systemd/system"))?.isDirectory == true }

    /// `linux-patch-api-job-<id>.service`.
    public static func unitName(of id: String) -> UnitName? {
        Transactions.isIdentifier(id) ? UnitName(rawValue: "linux-patch-api-job-\(id).service") : nil
    }

    public func launch(id: String, directory: String, program: String) throws(TransactionFault) {
        guard let unit = Self.unitName(of: id) else { return }
        let wish = TransientService(
            unit: unit, description: "Package transaction \(id) of the patch agent",
            command: [program, TransactionWorker.option, directory])
        do throws(BusError) {
            let bus = try SystemBus(timeout: .seconds(10))
            let result = try bus.start(wish, waiting: .seconds(30))
            guard result == .done else {
                throw BusError("start '\(unit)'", .failed, "systemd's job ended as \(result.rawValue)")
            }
        } catch {
            // It may start yet, and by its name and its marks only once: whoever looks at its state sees it.
            if error.kind == .timedOut { return }
            throw TransactionFault(
                error.kind == .notPermitted ? .permissionDenied : .packageManager,
                "\(error.description): the transaction was not begun")
        }
    }

    public func isUnderWay(_ id: String) -> Bool {
        guard let unit = Self.unitName(of: id), let bus = try? SystemBus(), (try? bus.isLoaded(unit)) == true,
            let properties = try? bus.properties(of: unit)
        else { return false }
        return ["activating", "active", "reloading", "deactivating"].contains(properties["ActiveState"]?.string)
    }
}
