import Values

/// `custody.jsonl` as read: its entries as far as they hold together, and what is wrong with it.
struct CustodyChain: Hashable, Sendable {
    private(set) var entries: [CustodyEntry] = []
    /// In the order of the lines; empty where every line follows from the one before.
    private(set) var faults: [String] = []
    /// The manifest digest that the first line names.
    var origin: Digest? { entries.first?.prev }
    /// The hash of the last line: whoever wrote it down elsewhere can tell later whether lines were taken off the end.
    var head: Digest? { entries.last?.hash }

    init(_ bytes: [UInt8]) throws(CustodyError) {
        guard !bytes.isEmpty else {
            faults = ["it is empty"]
            return
        }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() } else { faults.append("its last line is cut off") }
        guard lines.count <= BundleLimits.custodyEntries else {
            faults = ["it has more than \(BundleLimits.custodyEntries) lines"]
            return
        }
        for (index, line) in lines.enumerated() {
            guard let fault = try add(Array(line), at: index) else { continue }
            faults.append("line \(index + 1) \(fault)")
            return
        }
    }

    /// The newest digest that an entry gives for a file.
    func digest(of path: String) -> Digest? {
        entries.last { $0.files?[path] != nil }?.files?[path]
    }

    /// Takes the next line; what is wrong with it, or nil.
    private mutating func add(_ line: [UInt8], at index: Int) throws(CustodyError) -> String? {
        let entry: CustodyEntry
        switch BundleJSON.decode(CustodyEntry.self, from: line) {
        case .success(let value): entry = value
        case .failure(let unreadable): return "is not readable: \(unreadable.why)"
        }
        let expected = try entry.hashed()
        guard entry.hash == expected.entry.hash else { return "does not match its hash" }
        // Spaces, another order of keys or unknown members would not change the hash.
        guard expected.line.dropLast().elementsEqual(line) else { return "is not written as it was sealed" }
        guard entry.seq == index else { return "has number \(entry.seq) instead of \(index)" }
        if let last = entries.last, entry.prev != last.hash { return "does not follow from the line before" }
        entries.append(entry)
        return nil
    }
}
