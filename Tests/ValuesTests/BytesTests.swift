import Testing
import Values

@Suite struct BytesTests {
    @Test(
        arguments: [
            0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 64 << 20: "64.0 MiB", 3 << 29: "1.5 GiB",
            5 << 40: "5.0 TiB",
        ] as [UInt64: String])
    func `an amount reads as a person would write it`(_ count: UInt64, _ words: String) {
        #expect(Bytes(count).readable == words)
    }
}
