import Evidence
import OpenSSL
import Values

/// The files that a manifest covers, as they are gathered: each one cleaned of secrets before it is measured.
struct DraftContents {
    private(set) var files: [(path: BundlePath, content: [UInt8])] = []
    private(set) var entries: [Manifest.File] = []
    /// Items that found no place.
    private(set) var dropped: [Absence] = []

    private let scan = SecretScan()
    private var taken: Set<String> = []
    private var rawTotal: UInt64 = 0

    /// Adds `facts.json` and returns what it holds.
    mutating func add(_ snapshot: Snapshot) throws(CustodyError) -> Snapshot {
        let cleaned = scan.cleanJSON(try BundleJSON.document(snapshot))
        guard cleaned.content.count <= BundleLimits.document.count, let path = BundlePath(BundleLayout.facts) else {
            throw .tooLarge(BundleLayout.facts, BundleLimits.document)
        }
        var sealed = snapshot
        if !cleaned.redactions.isEmpty {
            switch BundleJSON.decode(Snapshot.self, from: cleaned.content) {
            case .success(let value): sealed = value
            case .failure(let unreadable): throw .unclean(unreadable.why)
            }
        }
        add(
            path, cleaned.content, source: "\(snapshot.observer.tool) \(snapshot.observer.version)",
            collected: snapshot.observer.finished, redactions: cleaned.redactions)
        return sealed
    }

    /// Adds raw items in the order of their paths.
    mutating func add(_ items: [RawItem]) {
        for item in items.prefix(BundleLimits.rawItems).sorted(by: { $0.path < $1.path }) { add(item) }
        if items.count > BundleLimits.rawItems {
            dropped.append(
                Absence(
                    "\(items.count - BundleLimits.rawItems) raw items", .limitReached,
                    why: "a bundle holds at most \(BundleLimits.rawItems)"))
        }
    }

    /// Adds `SHA256SUMS` over everything so far.
    mutating func addSums(at time: WallTime) {
        guard let path = BundlePath(BundleLayout.sums) else { return }
        add(path, Manifest.sums(of: entries), source: "the files of this bundle", collected: time)
    }

    private mutating func add(_ item: RawItem) {
        let cleaned = scan.clean(item.content)
        var content = cleaned.content
        var truncation = item.truncation
        let room = min(BundleLimits.item.count, BundleLimits.rawTotal.count - rawTotal)
        if UInt64(content.count) > room {
            let cut = "first \(Bytes(room).readable) of \(Bytes(UInt64(content.count)).readable)"
            truncation = truncation.map { "\($0); \(cut)" } ?? cut
            content.removeLast(content.count - Int(room))
        }
        rawTotal += UInt64(content.count)
        let path = place(for: item.path)
        let wanted = BundleLayout.raw + "/" + item.path
        add(
            path, content, source: item.source.name.harmless(limit: 300), collected: item.source.time,
            redactions: item.redactions + cleaned.redactions, truncation: truncation,
            named: wanted == path.text ? nil : wanted.harmless(limit: 300))
    }

    /// A path of its own, that is neither a file already nor a directory on the way to one.
    private mutating func place(for name: String) -> BundlePath {
        let wanted = BundlePath(raw: name)
        var path = wanted
        var number = 2
        while taken.contains(path.text) || path.directories.contains(where: { taken.contains("file:" + $0) }) {
            let blocked = path.directories.contains { taken.contains("file:" + $0) }
            path = blocked ? BundlePath(raw: "displaced/" + name).numbered(number) : wanted.numbered(number)
            number += 1
        }
        taken.insert(path.text)
        taken.insert("file:" + path.text)
        for directory in path.directories { taken.insert(directory) }
        return path
    }

    private mutating func add(
        _ path: BundlePath, _ content: [UInt8], source: String, collected: WallTime, redactions: [String] = [],
        truncation: String? = nil, named: String? = nil
    ) {
        let shown = redactions.prefix(64).map { $0.harmless(limit: 200) }
        let rest = redactions.count > 64 ? ["and \(redactions.count - 64) more"] : []
        entries.append(
            Manifest.File(
                path: path, size: UInt64(content.count), sha256: SHA256.digest(of: content), source: source,
                collected: collected, redactions: redactions.isEmpty ? nil : shown + rest,
                truncation: truncation?.harmless(limit: 300), named: named))
        files.append((path, content))
    }
}
