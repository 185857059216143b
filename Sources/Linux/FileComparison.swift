extension Descriptor {
    /// Whether both files have the same bytes from their positions on, read in step up to the first difference.
    public func hasSameContent(as other: borrowing Descriptor) throws(SystemError) -> Bool {
        var ours = [UInt8](repeating: 0, count: 65536)
        var theirs = ours
        while true {
            let count = try fill(&ours)
            let otherCount = try other.fill(&theirs)
            guard count == otherCount, ours[..<count] == theirs[..<count] else { return false }
            if count < ours.count { return true }
        }
    }

    /// Reads until the buffer is full or the file ends, since one read(2) may bring less.
    private func fill(_ buffer: inout [UInt8]) throws(SystemError) -> Int {
        var rest: [UInt8] = buffer
        var filled = 0
        while filled < buffer.count {
            let count = try read(into: &rest)
            if count == 0 { break }
            buffer.replaceSubrange(filled..<(filled + count), with: rest[..<count])
            filled += count
            rest.removeLast(count)
        }
        return filled
    }
}
