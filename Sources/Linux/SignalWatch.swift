import CLinux

/// Signals as something to read (signalfd(2)) instead of something that interrupts.
public struct SignalWatch: ~Copyable, Sendable {
    public enum Signal: Int32, Sendable, CaseIterable {
        case hangup = 1
        case interrupt = 2
        case terminate = 15
    }

    private let descriptor: Descriptor

    /// Takes all of `Signal` over. To be called before any other thread exists: those inherit the mask.
    public init() throws(SystemError) {
        let signals = Signal.allCases.map(\.rawValue)
        let raw = unsafe signals.withUnsafeBufferPointer { unsafe cl_signals_new($0.baseAddress, Int32($0.count)) }
        guard raw >= 0 else { throw SystemError("watch", "signals") }
        descriptor = Descriptor(owning: raw, path: "signalfd")
    }

    /// A duplicate for an event loop that closes it by itself.
    public func handedOver() throws(SystemError) -> Int32 {
        let raw = cl_duplicate(descriptor.raw)
        guard raw >= 0 else { throw SystemError("duplicate", "signalfd") }
        return raw
    }

    /// The signals in what was read from it.
    public static func signals(in bytes: some Collection<UInt8>) -> [Signal] {
        var found: [Signal] = []
        var rest = bytes[...]
        let size = Int(cl_signal_record_size())
        while rest.count >= size {
            let number = rest.prefix(4).reversed().reduce(Int32(0)) { $0 << 8 | Int32($1) }
            if let signal = Signal(rawValue: number) { found.append(signal) }
            rest = rest.dropFirst(size)
        }
        return found
    }
}
