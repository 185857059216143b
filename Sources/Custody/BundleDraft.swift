import Evidence
import Linux
import OpenSSL
import Values

/// A whole bundle in memory, before the first byte of it is written: cleaned, measured and signed.
struct BundleDraft {
    let name: String
    let digest: Digest
    /// What is sealed, which differs from what was seen where a secret was taken out.
    let snapshot: Snapshot
    /// Every file with its content.
    let files: [(path: BundlePath, content: [UInt8])]

    init(_ snapshot: Snapshot, raw: [RawItem], signer: SigningIdentity?) throws(CustodyError) {
        var contents = DraftContents()
        self.snapshot = try contents.add(snapshot)
        contents.add(raw)
        contents.addSums(at: snapshot.now)

        let (manifest, signature) = try SigningIdentity.sign(Self.manifest(of: snapshot, contents), by: signer)
        digest = SHA256.digest(of: manifest)
        name = Self.name(of: snapshot, digest)
        var files = contents.files
        try Self.append(manifest, as: BundleLayout.manifest, to: &files)
        var covered: [String: Digest] = [:]
        if let signature {
            try Self.append(signature, as: BundleLayout.signature, to: &files)
            covered[BundleLayout.signature] = SHA256.digest(of: signature)
        }
        let entry = CustodyEntry(
            seq: 0, time: Clock.wall, event: .sealed,
            by: .current(tool: snapshot.observer.tool, version: snapshot.observer.version),
            files: covered.isEmpty ? nil : covered, detail: ["bundle": name], prev: digest)
        try Self.append(try entry.hashed().line, as: BundleLayout.custody, to: &files)
        self.files = files
    }

    /// Bytes on disk, whole blocks and directories counted, with room for a report and for custody to grow.
    var footprint: Bytes {
        let blocks = files.reduce(0 as UInt64) { $0 + (UInt64($1.content.count) + 8191) / 4096 }
        return Bytes((blocks + inodes) * 4096 + 512 << 10)
    }

    var inodes: UInt64 { UInt64(files.count + Set(files.flatMap { $0.path.directories }).count + 4) }

    private static func append(
        _ content: [UInt8], as name: String, to files: inout [(path: BundlePath, content: [UInt8])]
    ) throws(CustodyError) {
        guard content.count <= BundleLimits.document.count, let path = BundlePath(name) else {
            throw .tooLarge(name, BundleLimits.document)
        }
        files.append((path, content))
    }

    private static func manifest(of snapshot: Snapshot, _ contents: DraftContents) -> Manifest {
        let host = snapshot.host.known
        return Manifest(
            tool: .init(name: snapshot.observer.tool, version: snapshot.observer.version),
            host: .init(name: host?.hostName ?? "unknown", machine: host?.machine, boot: host?.bootID),
            times: .init(
                started: snapshot.observer.started, finished: snapshot.observer.finished, sealed: Clock.wall,
                monotonic: Clock.monotonic, boottime: Clock.bootTime,
                synchronized: snapshot.clock.known?.synchronized),
            target: snapshot.target, observer: snapshot.observer, items: contents.entries.count,
            files: contents.entries, absent: snapshot.everyAbsence + contents.dropped,
            signature: .init(signed: false))
    }

    /// `web-1-20260520T202355Z-3fa85f64.evidence`; the id is the beginning of the manifest's digest.
    private static func name(of snapshot: Snapshot, _ digest: Digest) -> String {
        let host = (snapshot.host.known?.hostName ?? "unknown-host").unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value))
            return isPlain || scalar == "." || scalar == "-" ? Character(scalar) : "_"
        }
        let plain = String(host.prefix(64).drop { $0 == "." || $0 == "-" })
        let label = plain.isEmpty ? "unknown-host" : plain
        return "\(label)-\(snapshot.now.compact)-\(digest.rawValue.prefix(8))\(BundleLayout.suffix)"
    }
}
