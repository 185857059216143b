import Synchronization

/// The material that new connections get. Replacing it touches no connection that is open.
public final class TLSHolder: Sendable {
    private let material: Mutex<TLSMaterial?>
    /// HTTP without TLS: only where it was built so.
    let isPlain: Bool

    /// With nil, connections are closed as soon as they are accepted: the port is held, but nobody is at home yet.
    public init(_ material: TLSMaterial? = nil) {
        self.material = Mutex(material)
        isPlain = false
    }

    private init(plain: Bool) {
        material = Mutex(nil)
        isPlain = plain
    }

    /// A holder that never holds anything: connections speak HTTP in the clear. For a development manager on loopback.
    public static func plain() -> TLSHolder { TLSHolder(plain: true) }

    /// What connections get that are accepted now.
    public var current: TLSMaterial? { material.withLock { $0 } }

    /// New connections take the newest; returns what it replaced.
    @discardableResult public func swap(_ new: TLSMaterial?) -> TLSMaterial? {
        material.withLock { held in
            let old = held
            held = new
            return old
        }
    }
}
