import Linux
import Values

/// A service of OpenRC's, told in systemd's words.
enum OpenRCService {
    static func look(_ name: ServiceName, at root: HostRoot) throws(ServiceFault) -> ServiceStatus {
        let script = "/etc/init.d/\(name)"
        guard (try? FileStatus(of: root.place(script)))?.isRegular == true else { throw .notFound(name) }
        let program = root("/sbin/rc-service")
        let ending: ChildProgram.Ending
        do throws(SystemError) {
            ending = try ChildProgram(program, ["\(name)", "status"]).run(waiting: .seconds(10))
        } catch {
            throw .failed(error.description)
        }
        guard case .exited(let code) = ending else {
            throw .failed("cannot ask for '\(name)': '\(program) \(name) status' did not end well within 10 s")
        }
        let state = words(forStatus: code)
        let levels = root.names(in: "/etc/runlevels")
        let isEnabled = levels.contains { root.names(in: "/etc/runlevels/" + $0).contains("\(name)") }
        return ServiceStatus(
            name: "\(name)", displayName: description(in: script, root) ?? "\(name)", activeState: state.active,
            subState: state.sub, loadState: "loaded", enabledState: isEnabled ? "enabled" : "disabled",
            mainProcess: nil, isHealthy: state.active == "active")
    }

    /// What `status` of OpenRC's sh/openrc-run.sh ends with.
    static func words(forStatus code: Int32) -> (active: String, sub: String) {
        switch code {
        case 0: ("active", "running")
        case 4: ("deactivating", "stop")
        case 8: ("activating", "start")
        // It waits for something, such as a network, and is started then.
        case 16: ("inactive", "waiting")
        case 32: ("failed", "crashed")
        default: ("inactive", "dead")
        }
    }

    /// `description="…"` of the script (openrc-run(8)).
    private static func description(in script: String, _ root: HostRoot) -> String? {
        let bytes = (try? root.contents(of: script, limit: 65536)) ?? []
        let line = bytes.split(separator: 10).first { $0.starts(with: "description=".utf8) }
        let text = line.map { String(decoding: $0.dropFirst("description=".utf8.count), as: UTF8.self) } ?? ""
        let words = text.filter { $0 != "\"" && $0 != "'" }
        return words.isEmpty ? nil : words.harmless(limit: 256)
    }
}
