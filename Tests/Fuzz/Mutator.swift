/// Makes hostile inputs out of valid ones; the same seed makes the same inputs.
struct Mutator: RandomNumberGenerator {
    private var state: UInt64
    /// No input is longer.
    static let limit = 1 << 16

    init(seed: UInt64) { state = seed }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// One of the seeds with a few faults in it; sometimes spliced with another.
    mutating func input(from seeds: [[UInt8]]) -> [UInt8] {
        guard var bytes = seeds.randomElement(using: &self) else { return noise() }
        for _ in 0...Int.random(in: 0...7, using: &self) { mutate(&bytes, seeds) }
        if bytes.count > Mutator.limit { bytes.removeSubrange(Mutator.limit...) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8], _ seeds: [[UInt8]]) {
        guard !bytes.isEmpty else {
            bytes = noise()
            return
        }
        let place = Int.random(in: 0..<bytes.count, using: &self)
        switch Int.random(in: 0..<9, using: &self) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        case 1: bytes[place] = Mutator.interesting.randomElement(using: &self) ?? 0
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &self), at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...32, using: &self)))
        case 4: bytes.removeSubrange(place...)
        case 5:
            let piece = bytes[place..<min(bytes.count, place + Int.random(in: 1...64, using: &self))]
            for _ in 0..<Int.random(in: 1...20, using: &self) { bytes.insert(contentsOf: piece, at: place) }
        case 6:
            guard let other = seeds.randomElement(using: &self), !other.isEmpty else { return }
            let start = Int.random(in: 0..<other.count, using: &self)
            bytes.replaceSubrange(place..., with: other[start...])
        case 7:
            let end = min(bytes.count, place + Int.random(in: 1...16, using: &self))
            for index in place..<end { bytes[index] = UInt8.random(in: 0...255, using: &self) }
        default:
            // A length field (DER, PEM) that promises more or less than there is.
            bytes[place] = bytes[place] &+ (Bool.random(using: &self) ? 1 : 255)
        }
    }

    private mutating func noise() -> [UInt8] {
        (0..<Int.random(in: 0...256, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    private static let interesting: [UInt8] = [
        0, 1, 9, 10, 13, 32, 34, 35, 38, 39, 42, 45, 58, 91, 123, 0x30, 0x7F, 0x80, 0x84, 0xFF,
    ]
}
