import Configuration
import Enrollment
import Files
import Identity
import Linux
import NIOCore
import OpenSSL
import Trust
import Values
import Wire

/// How the configured manager is reached, and what makes it trusted.
struct ManagerContact: Sendable {
    let client: ManagerClient
    /// Worth a line in the log.
    let notes: [String]

    /// Why a manager can't even be asked.
    struct Fault: Error, CustomStringConvertible {
        let description: String
        let hint: String
    }

    /// The manager at `url`; the configuration has the rest.
    init(
        _ url: String, setup: Setup, group: any EventLoopGroup, pace: Pace
    ) throws(Fault) {
        let wishes = setup.configuration.enrollment
        var notes: [String] = []
        let endpoint: ManagerEndpoint
        do throws(ManagerEndpoint.Fault) {
            endpoint = try ManagerEndpoint(url)
        } catch {
            throw Fault(description: error.description, hint: error.hint)
        }
        if let ignored = endpoint.ignored { notes.append(ignored) }
        let trust = try ManagerContact.trust(wishes, delivered: setup.paths.ca)
        if wishes.isFirstContactOpen {
            notes.append("enrollment.insecure_first_contact is true: whoever answers first is taken for the manager")
        }
        do throws(ManagerFault) {
            client = try ManagerClient(endpoint: endpoint, trust: trust, group: group, pace: pace)
        } catch {
            throw Fault(description: error.description, hint: error.hint)
        }
        self.notes = notes
    }

    /// A pin, the CA file that the configuration names, or the system's roots; and the CA that the last enrollment
    /// brought.
    private static func trust(
        _ wishes: AgentConfiguration.Enrollment, delivered: String
    ) throws(Fault) -> ManagerTrust {
        var pins: [Fingerprint] = []
        if let text = wishes.managerFingerprint {
            guard let pin = Fingerprint.init(fingerprint: text) else {
                throw Fault(
                    description: "enrollment.manager_fingerprint is no SHA-256 fingerprint",
                    hint: "it has the form sha256: and 64 hexadecimal digits")
            }
            pins.append(pin)
        }
        var anchors: [Certificate] = []
        if let path = wishes.managerCA {
            let found = certificates(in: path)
            guard !found.isEmpty else {
                throw Fault(
                    description:
                        "enrollment.manager_ca '\(path.harmless(limit: 400))' holds no certificate that can be read",
                    hint: "put the manager's CA certificate there in PEM")
            }
            anchors += found
        }
        anchors += certificates(in: delivered)
        do throws(OpenSSLError) {
            return try ManagerTrust(
                pins: pins, anchors: anchors, usesSystemRoots: wishes.managerCA == nil,
                isFirstContactOpen: wishes.isFirstContactOpen)
        } catch {
            throw Fault(description: "cannot verify the manager: \(error)", hint: "check enrollment.manager_ca")
        }
    }

    private static func certificates(in path: String) -> [Certificate] {
        guard let bytes = try? FileObservation(path, below: .live).content(limit: Judge.limit) else { return [] }
        return CertificateBundle(bytes).certificates
    }

    /// An enrollment with this manager.
    func enroller(
        setup: Setup, state: StateDirectory, mode: EnrollmentMachine.Mode, pace: Pace,
        report: @escaping @Sendable (EnrollmentRecord, String) -> Void, note: @escaping @Sendable (String) -> Void
    ) -> Enroller {
        let wishes = setup.configuration.enrollment
        let reported = HostIdentity.Wishes(address: wishes.reportAddress, interface: wishes.reportInterface)
        var enroller = Enroller(
            client: client, state: state, store: GenerationStore(state), paths: setup.paths, mode: mode, pace: pace,
            identify: { (source: IPAddress?) throws(HostIdentity.Fault) in
                try HostIdentity.look(wishes: reported, source: source)
            }, report: report)
        enroller.interval = wishes.pollingInterval
        enroller.configuredToken = wishes.pollingToken.flatMap { PollingToken($0.revealed) }
        enroller.note = note
        return enroller
    }
}
