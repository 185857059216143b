import CLinux
public import Values

extension IPAddress {
    /// Those of this network namespace's interfaces (getifaddrs(3)), loopback included, each once.
    public static var ofInterfaces: [IPAddress] { addresses { _ in true } }

    /// Those of one interface, by its name.
    public static func ofInterface(_ name: String) -> [IPAddress] { addresses { $0 == name } }

    private static func addresses(where isWanted: (String) -> Bool) -> [IPAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return [] }
        defer { unsafe freeifaddrs(first) }
        var found: [IPAddress] = []
        var entry = unsafe first
        var bytes = [UInt8](repeating: 0, count: 16)
        while let current = unsafe entry {
            unsafe entry = current.pointee.ifa_next
            guard unsafe isWanted(String(cString: current.pointee.ifa_name)) else { continue }
            let size = unsafe cl_interface_address(current, &bytes)
            if let address = IPAddress(bytes: bytes.prefix(Int(size))), !found.contains(address) {
                found.append(address)
            }
        }
        return found
    }
}
