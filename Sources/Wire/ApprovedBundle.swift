/// The identity that the manager hands out once, in PEM as it came: nothing in it is judged yet.
public struct ApprovedBundle: Hashable, Sendable {
    public var ca: [UInt8]
    /// Further certificates between the CA and the leaf; empty where there are none.
    public var chain: [UInt8]
    public var certificate: [UInt8]
    /// nil where the manager answered the host's own request, whose key never left it.
    public var key: [UInt8]?
    /// nil where the manager had none to give.
    public var list: [UInt8]?

    public init(ca: [UInt8], chain: [UInt8], certificate: [UInt8], key: [UInt8]?, list: [UInt8]?) {
        self.ca = ca
        self.chain = chain
        self.certificate = certificate
        self.key = key
        self.list = list
    }
}

extension ApprovedBundle: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        "bundle(\(key == nil ? "certificate" : "certificate and key"), \(list == nil ? "no list" : "list"))"
    }
    public var debugDescription: String { description }
    /// Shows the key to nobody.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
