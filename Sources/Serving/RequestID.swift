public import NIOCore
import Synchronization

/// What one request is called in its answer, in the log and in the audit trail: a random UUID (RFC 9562 §5.4).
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// Any 128 bits; those that a version-4 UUID has fixed are set.
    public init(_ high: UInt64, _ low: UInt64) {
        self.high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        self.low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// `f81d4fae-7dec-41d0-a765-00a0c91e6bf6`.
    public var description: String {
        var buffer = ByteBufferAllocator().buffer(capacity: 36)
        write(to: &buffer)
        return String(buffer: buffer)
    }

    /// Its 36 characters, without a string in between.
    public func write(to buffer: inout ByteBuffer) {
        let hyphen = UInt8(ascii: "-")
        buffer.writeInteger(RequestID.digits(UInt32(truncatingIfNeeded: high >> 32)))
        buffer.writeInteger(hyphen)
        let middle = RequestID.digits(UInt32(truncatingIfNeeded: high))
        buffer.writeInteger(UInt32(truncatingIfNeeded: middle >> 32))
        buffer.writeInteger(hyphen)
        buffer.writeInteger(UInt32(truncatingIfNeeded: middle))
        buffer.writeInteger(hyphen)
        let node = RequestID.digits(UInt32(truncatingIfNeeded: low >> 32))
        buffer.writeInteger(UInt32(truncatingIfNeeded: node >> 32))
        buffer.writeInteger(hyphen)
        buffer.writeInteger(UInt32(truncatingIfNeeded: node))
        buffer.writeInteger(RequestID.digits(UInt32(truncatingIfNeeded: low)))
    }

    /// Eight hexadecimal digits as eight ASCII bytes: each nibble gets a byte, and those above 9 are moved to `a`.
    private static func digits(_ value: UInt32) -> UInt64 {
        var spread = UInt64(value)
        spread = (spread << 16 | spread) & 0x0000_FFFF_0000_FFFF
        spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FF
        spread = (spread << 4 | spread) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = (spread + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return spread + 0x3030_3030_3030_3030 + letters * 0x27
    }
}

/// Names requests. An identifier grants nothing, so it is mixed from a counter and a seed that the kernel gave once
/// (SplitMix64), not asked from the kernel for each request.
final class RequestIDSource: Sendable {
    private let seeds = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    private let counter = Atomic<UInt64>(0)

    func next() -> RequestID {
        let (_, number) = counter.wrappingAdd(1, ordering: .relaxed)
        let step = number &* 0x9E37_79B9_7F4A_7C15
        return RequestID(RequestIDSource.mix(seeds.0 &+ step), RequestIDSource.mix(seeds.1 &+ step))
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
