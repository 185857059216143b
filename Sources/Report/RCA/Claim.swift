import Evidence
public import Values

/// A place in a sealed bundle where a claim can be checked.
public struct EvidenceItem: Sendable, Encodable {
    /// The bundle's number and the item's in it, both from 1: `1.3`.
    public let id: String
    public let host: String
    /// The bundle's name and its manifest's digest, which covers every file in it.
    public let bundle: String
    public let manifest: String
    /// The file, relative to the bundle.
    public let path: String
    public let sha256: Digest
    /// What was read, or the place in the file: a journal cursor, a unit's properties.
    public let source: String
}

/// Names one evidence item. Only a register of items makes one, so it always leads to a file of a sealed bundle.
public struct Citation: Sendable, Hashable, Encodable {
    public let item: String

    fileprivate init(_ item: String) { self.item = item }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(item)
    }
}

/// A sentence of an RCA with the items it rests on: without one it can't be made.
public struct Claim: Sendable, Encodable {
    /// Harmless for printing, and bounded.
    public let text: String
    /// Never empty, and each only once.
    public let items: [Citation]

    init(_ text: String, _ first: Citation, _ others: [Citation] = []) {
        self.text = text.harmless(limit: 2000)
        var seen: Set<Citation> = []
        items = ([first] + others).filter { seen.insert($0).inserted }
    }
}

/// Gives each place that is cited its number.
struct EvidenceRegister {
    /// By the number of the bundle.
    private var items: [Int: [EvidenceItem]] = [:]
    private var known: [String: Citation] = [:]

    /// Bundle by bundle, each in the order of the citations.
    var sorted: [EvidenceItem] { items.keys.sorted().flatMap { items[$0] ?? [] } }

    /// The item that holds what a fact says: the raw file, else the facts as they were sealed.
    mutating func cite(_ fact: Fact, of witness: Witness) -> Citation {
        let source = fact.source.harmless(limit: 300)
        guard let path = fact.path else { return cite(Witness.facts, source, of: witness) }
        if witness.bundle.files[path] != nil { return cite(path, source, of: witness) }
        // A directory of items: the facts hold what was read from all of them.
        return cite(Witness.facts, "\(source), below \(path.harmless(limit: 200))", of: witness)
    }

    /// All facts of a bundle, for what rests on none in particular.
    mutating func citeFacts(of witness: Witness) -> Citation {
        cite(Witness.facts, "all facts that were sealed", of: witness)
    }

    /// The list of what was sealed and what could not be collected, and with it the bundle as a whole.
    mutating func citeManifest(of witness: Witness) -> Citation {
        cite(Witness.manifest, "the manifest", of: witness)
    }

    private mutating func cite(_ path: String, _ source: String, of witness: Witness) -> Citation {
        let bundle = witness.bundle
        // The manifest lists all files but itself.
        let path = bundle.files[path] == nil ? Witness.manifest : path
        let place = "\(witness.number) \(path) \(source)"
        if let citation = known[place] { return citation }
        let id = "\(witness.number).\((items[witness.number]?.count ?? 0) + 1)"
        items[witness.number, default: []].append(
            EvidenceItem(
                id: id, host: witness.name, bundle: bundle.name, manifest: bundle.digest.labelled, path: path,
                sha256: bundle.files[path] ?? bundle.digest, source: source))
        let citation = Citation(id)
        known[place] = citation
        return citation
    }
}
