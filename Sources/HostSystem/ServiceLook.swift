public import Linux
import Systemd
import Values

/// Asks for a service's state, and changes nothing.
public enum ServiceLook {
    /// Over systemd's own socket, or by what OpenRC keeps. May wait two seconds for a systemd that hangs, ten for a script
    /// of OpenRC's: not for an event loop.
    public static func look(_ name: ServiceName, at root: HostRoot = .live) throws(ServiceFault) -> ServiceStatus {
        switch HostInit(at: root) {
        case .systemd: try systemd(name, root)
        case .openRC: try OpenRCService.look(name, at: root)
        case .other: throw .failed("cannot ask for '\(name)': neither systemd nor OpenRC runs here")
        }
    }

    private static func systemd(_ name: ServiceName, _ root: HostRoot) throws(ServiceFault) -> ServiceStatus {
        guard let unit = name.unit else { throw .notFound(name) }
        do throws(BusError) {
            let bus = try SystemBus(of: root)
            let properties = try bus.properties(of: unit)
            if text(properties, "LoadState") == "not-found" { throw BusError("", .noSuchUnit, "") }
            let wakers = (properties["TriggeredBy"]?.strings ?? []).filter { $0.hasSuffix(".socket") }
            var isWoken = false
            if text(properties, "ActiveState") == "inactive" {
                for socket in wakers.prefix(8).compactMap(UnitName.init(rawValue:)) where !isWoken {
                    isWoken = text(try bus.properties(of: socket), "ActiveState") == "active"
                }
            }
            return status(properties, isWoken: isWoken)
        } catch {
            if error.kind == .noSuchUnit { throw .notFound(name) }
            throw .failed(error.description)
        }
    }

    /// `isWoken`: a socket that starts it is active.
    static func status(_ properties: BusProperties, isWoken: Bool) -> ServiceStatus {
        let (active, load) = (text(properties, "ActiveState"), text(properties, "LoadState"))
        let enabled = text(properties, "UnitFileState")
        let process = properties["MainPID"]?.unsigned.flatMap { $0 == 0 ? nil : UInt32(exactly: $0) }
        let isUp = active == "active" || active == "reloading" || active == "refreshing"
        return ServiceStatus(
            name: text(properties, "Id"), displayName: text(properties, "Description"), activeState: active,
            subState: text(properties, "SubState"), loadState: load,
            enabledState: enabled.isEmpty ? "unknown" : enabled,
            mainProcess: process, isHealthy: isUp || active == "inactive" && load == "loaded" && isWoken)
    }

    private static func text(_ properties: BusProperties, _ name: String) -> String {
        (properties[name]?.string ?? "").harmless(limit: 512)
    }
}
