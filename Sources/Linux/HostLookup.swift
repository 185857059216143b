import CLinux
public import Values

/// Names into addresses (getaddrinfo(3)).
public enum HostLookup {
    /// All addresses of a name, each once; empty where there is none or nobody answers. It waits for the resolver, which
    /// may take half a minute, so it is not for an event loop.
    public static func addresses(of name: String) -> [IPAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
        defer { unsafe freeaddrinfo(first) }
        var found: [IPAddress] = []
        var entry = unsafe first
        var bytes = [UInt8](repeating: 0, count: 16)
        while let current = unsafe entry {
            let size = unsafe cl_resolved_address(current, &bytes)
            if let address = IPAddress(bytes: bytes.prefix(Int(size))), !found.contains(address) {
                found.append(address)
            }
            unsafe entry = current.pointee.ai_next
        }
        return found
    }
}
