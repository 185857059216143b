/// A parser of hostile bytes, and what its inputs are made from.
struct FuzzTarget {
    let name: String
    /// Valid inputs, from which hostile ones are made by mutation.
    let seeds: [[UInt8]]
    /// Must return for any bytes at all: a crash ends the process, a hang is cut off by the kernel.
    let run: ([UInt8]) -> Void
}
