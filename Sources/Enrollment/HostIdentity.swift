public import Linux
public import Values
public import Wire

/// As whom this host registers: what a person looks for at the manager, and what the certificate will be made out for.
public struct HostIdentity: Hashable, Sendable {
    /// machine-id(5).
    public var machineID: String
    public var fqdn: String
    public var hostname: String
    public var address: IPAddress
    public var details: OSDetails

    public init(machineID: String, fqdn: String, hostname: String, address: IPAddress, details: OSDetails) {
        self.machineID = machineID
        self.fqdn = fqdn
        self.hostname = hostname
        self.address = address
        self.details = details
    }

    /// Why a host can't say who it is.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
        public let hint: String
    }

    /// What the configuration says of the address to report.
    public struct Wishes: Hashable, Sendable {
        /// `enrollment.report_ip`.
        public var address: String?
        /// `enrollment.report_interface`.
        public var interface: String?

        public init(address: String? = nil, interface: String? = nil) {
            self.address = address
            self.interface = interface
        }
    }

    /// Looks at the host's files and interfaces; runs nothing and asks nobody.
    ///
    /// `source`: the address that a connection to the manager came from, which is the one under which the
    /// manager most likely reaches the host; nil where there was none yet.
    public static func look(
        wishes: Wishes = Wishes(), source: IPAddress? = nil, below root: HostRoot = .live
    ) throws(Fault) -> HostIdentity {
        let machineID = try machineID(below: root)
        let address = try address(wishes, source)
        let hostname = hostname(below: root)
        let files = OSRelease(below: root)
        return HostIdentity(
            machineID: machineID, fqdn: qualified(hostname, below: root), hostname: hostname, address: address,
            details: files.details(below: root))
    }

    /// What is sent.
    public func request(csr: String?) -> EnrollRequest {
        EnrollRequest(
            machineID: machineID, fqdn: fqdn, address: address.description, details: details, hostname: hostname,
            csr: csr)
    }

    private static func machineID(below root: HostRoot) throws(Fault) -> String {
        for path in ["/etc/machine-id", "/var/lib/dbus/machine-id"] {
            guard let line = firstLine(of: path, below: root) else { continue }
            if line.utf8.count == 32, line.allSatisfy({ $0.isASCII && $0.isHexDigit }) { return line.lowercased() }
        }
        throw Fault(
            description: "cannot say which machine this is: /etc/machine-id holds no machine-id",
            hint: "make one with: systemd-machine-id-setup")
    }

    /// /etc/hostname, then what the kernel was told.
    private static func hostname(below root: HostRoot) -> String {
        let names = ["/etc/hostname", "/proc/sys/kernel/hostname"].lazy.compactMap { firstLine(of: $0, below: root) }
        let name = names.first { !$0.isEmpty && $0 != "(none)" && isName($0) }
        return name?.lowercased() ?? "localhost"
    }

    /// A name without a dot is completed from hosts(5), as `hostname -f` does it.
    private static func qualified(_ name: String, below root: HostRoot) -> String {
        guard !name.contains("."), let bytes = try? contents(of: root("/etc/hosts"), limit: 1 << 20) else {
            return name
        }
        for line in bytes.split(separator: 10) {
            let text = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
            let names = text.split { $0 == " " || $0 == "\t" }.dropFirst().map { $0.lowercased() }
            guard names.contains(name) else { continue }
            if let full = names.first(where: { $0.hasPrefix(name + ".") && isName($0) }), !full.hasPrefix("localhost.")
            {
                return full
            }
        }
        return name
    }

    /// RFC 1123 §2.1, and the underscore that some hosts have.
    private static func isName(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "-._".utf8.contains(byte)
            }
    }

    static func firstLine(of path: String, below root: HostRoot) -> String? {
        guard let place = try? root.resolving(path), let bytes = try? contents(of: root(place), limit: 4096) else {
            return nil
        }
        let line = String(decoding: bytes.prefix { $0 != 10 && $0 != 13 && $0 != 0 }, as: UTF8.self)
        let trimmed = line.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        return trimmed.isEmpty ? nil : String(trimmed)
    }
}

/// Which address to report.
extension HostIdentity {
    private static func address(_ wishes: Wishes, _ source: IPAddress?) throws(Fault) -> IPAddress {
        if let text = wishes.address {
            guard let address = IPAddress(text), !address.isWildcard else {
                throw Fault(
                    description: "enrollment.report_ip '\(text.harmless(limit: 64))' is not an address",
                    hint: "write one of this host's addresses there, or leave the line out")
            }
            return address.unmapped
        }
        if let name = wishes.interface {
            guard let address = best(of: IPAddress.ofInterface(name)) else {
                throw Fault(
                    description:
                        "the interface '\(name.harmless(limit: 64))' of enrollment.report_interface has no address",
                    hint: "see: ip address; or leave the line out")
            }
            return address
        }
        if let source = source?.unmapped, !source.isLoopback, !source.isWildcard { return source }
        // A manager on this very host is asked over loopback, which no other host could be told.
        if let address = best(of: IPAddress.ofInterfaces) { return address }
        if let source { return source.unmapped }
        throw Fault(
            description: "this host has no address but its loopback",
            hint: "connect it to a network, or name an address in enrollment.report_ip")
    }

    /// An address that others can use; IPv4 first, since today's managers can't dial IPv6.
    private static func best(of addresses: [IPAddress]) -> IPAddress? {
        let usable = addresses.filter { !$0.isLoopback && !$0.isLinkLocal && !$0.isWildcard }
        return usable.first { $0.family == .ipv4 } ?? usable.first
    }
}
