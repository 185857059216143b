public import Linux
import Systemd
import Values

/// Boots the host again.
public enum HostReboot {
    /// A reboot that could not be begun.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// In the voice of our messages: what was tried, and why it failed.
        public let description: String
        /// Whether it may be under way all the same: systemd was asked, and did not answer in time.
        public var mayBeUnderWay = false
    }

    /// Begins it and returns: everything on the host is stopped in order, this process among it. Where systemd runs, by a
    /// job that no later one can replace; elsewhere by reboot(8). Nothing is asked and nobody warned: see `RebootGuard`.
    public static func begin(at root: HostRoot = .live) throws(Fault) {
        if HostInit(at: root) == .systemd {
            do throws(BusError) {
                // Busy with the units of an upgrade, it may take its time.
                try SystemBus(of: root, timeout: .seconds(10)).queue(.start, of: .reboot, .replaceIrreversibly)
            } catch {
                throw Fault(description: error.description, mayBeUnderWay: error.kind == .timedOut)
            }
        } else {
            try run(root("/sbin/reboot"))
        }
    }

    private static func run(_ program: String) throws(Fault) {
        let ending: ChildProgram.Ending
        do throws(SystemError) {
            ending = try ChildProgram(program, []).run(waiting: .seconds(30))
        } catch {
            throw Fault(description: error.description)
        }
        switch ending {
        // It may well end together with us.
        case .exited(0), .stillRunning: return
        case .exited(let status): throw Fault(description: "cannot reboot: '\(program)' ended with status \(status)")
        case .killed(let signal): throw Fault(description: "cannot reboot: '\(program)' was killed by signal \(signal)")
        }
    }
}

/// What runs the host's services.
enum HostInit: Hashable, Sendable {
    case systemd
    case openRC
    case other

    init(at root: HostRoot) {
        // sd_booted(3), and what OpenRC's own scripts go by.
        if Self.isDirectory("/run/systemd/system", root) {
            self = .systemd
        } else {
            self = Self.isDirectory("/run/openrc", root) ? .openRC : .other
        }
    }

    private static func isDirectory(_ path: String, _ root: HostRoot) -> Bool {
        (try? FileStatus(of: root(path)))?.isDirectory == true
    }
}
