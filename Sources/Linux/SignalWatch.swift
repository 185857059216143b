import CLinux

/// Signals as something to read instead of something that interrupts.
public struct SignalWatch: ~Copyable, Sendable {
    public enum Signal: UInt8, Sendable, CaseIterable {
        case hangup = 1
        case interrupt = 2
        case terminate = 15
    }

    private let descriptor: Descriptor

    /// Takes all of `Signal` over, for the rest of this process's life; once in a process.
    public init() throws(SystemError) {
        let signals = Signal.allCases.map { Int32($0.rawValue) }
        let raw = unsafe signals.withUnsafeBufferPointer { unsafe cl_signals_catch($0.baseAddress, Int32($0.count)) }
        guard raw >= 0 else { throw SystemError("watch", "signals") }
        descriptor = Descriptor(owning: raw, path: "signals")
    }

    /// For a command: leaves alone what whoever started it wants ignored (nohup(1), a shell's `&`), and lets a write to
    /// a reader that has gone fail instead of ending the program.
    public init(heeding signals: [Signal]) throws(SystemError) {
        let signals = signals.map { Int32($0.rawValue) }
        let raw = unsafe signals.withUnsafeBufferPointer { unsafe cl_signals_heed($0.baseAddress, Int32($0.count)) }
        guard raw >= 0 else { throw SystemError("watch", "signals") }
        descriptor = Descriptor(owning: raw, path: "signals")
    }

    /// What becomes readable when a signal has come.
    public var readable: Int32 { descriptor.raw }

    /// The next signal that has come; nil where none has. Never waits.
    public func next() -> Signal? {
        var byte: [UInt8] = [0]
        guard let count = try? descriptor.read(into: &byte), count == 1 else { return nil }
        return Signal(rawValue: byte[0])
    }

    /// A duplicate for an event loop that closes it by itself.
    public func handedOver() throws(SystemError) -> Int32 {
        let raw = cl_duplicate(descriptor.raw)
        guard raw >= 0 else { throw SystemError("duplicate", "signals") }
        return raw
    }

    /// The signals in what was read from it.
    public static func signals(in bytes: some Sequence<UInt8>) -> [Signal] { bytes.compactMap(Signal.init(rawValue:)) }
}
