import Evidence
import OpenSSL
import Values

/// One bundle's contents held against its manifest, signature and chain of custody.
struct Inspection {
    private let contents: BundleContents
    private let path: String
    private let form: BundleForm
    private let digest: Digest?
    private var manifest: Manifest?
    private var chain: CustodyChain?
    private var signature = SignatureState.unknown
    private var alterations: [Alteration] = []
    private var notes: [String] = []
    /// A manifest of a later format: said only where nothing explains it as a change.
    private var unknownFormat: String?

    init(of contents: BundleContents, at path: String, form: BundleForm) throws(CustodyError) {
        self.contents = contents
        self.path = path
        self.form = form
        digest = contents.files[BundleLayout.manifest]?.digest
    }

    mutating func inspect() throws(CustodyError) {
        if let why = contents.brokenOff {
            alterations.append(Alteration(.changed, EvidenceDirectory.name(of: path), why))
        }
        for name in BundleLayout.documents.sorted() {
            if let what = contents.strange[name] { alterations.append(Alteration(.changed, name, what)) }
        }
        readManifest()
        try readChain()
        judgeSignature()
        judgeOrigin()
        if let manifest, !isAltered(BundleLayout.manifest) {
            compareFiles(with: manifest)
            findAdditions(to: Set(manifest.files.map(\.path.text)))
        } else {
            compareWithSums()
        }
        compareReports()
        for (path, what) in contents.strange.sorted(by: { $0.key < $1.key }) {
            let isKnown = manifest?.files.contains { $0.path.text == path } ?? false
            alterations.append(Alteration(isKnown ? .changed : .added, path, what))
        }
    }

    func result() throws(CustodyError) -> Verification {
        // One line for each file, its first fault.
        var seen: Set<String> = []
        let alterations = alterations.filter { seen.insert($0.path).inserted }
        var evidence: SealedEvidence?
        if alterations.isEmpty {
            if let unknownFormat { throw .unsupported(unknownFormat) }
            if let digest {
                evidence = SealedEvidence(location: path, digest: digest, snapshot: try snapshot(), form: form)
            }
        }
        return Verification(
            path: path, digest: digest, alterations: alterations, signature: signature,
            custody: CustodySummary(
                entries: chain?.entries.count ?? 0,
                acts: chain?.entries.map { CustodyAct(event: $0.event, time: $0.time) } ?? [], head: chain?.head),
            files: manifest?.files.count ?? 0,
            size: Bytes(manifest?.files.reduce(0 as UInt64) { $0.addingReportingOverflow($1.size).partialValue } ?? 0),
            digests: Dictionary(
                manifest?.files.map { ($0.path.text, $0.sha256) } ?? [], uniquingKeysWith: { first, _ in first }),
            host: manifest?.host.name.harmless(limit: 128), sealed: manifest?.times.sealed, notes: notes,
            evidence: evidence)
    }

    private func snapshot() throws(CustodyError) -> Snapshot {
        guard let bytes = contents.documents[BundleLayout.facts] else {
            throw .tooLarge(BundleLayout.facts, BundleLimits.document)
        }
        switch BundleJSON.decode(Snapshot.self, from: bytes) {
        case .success(let snapshot):
            guard snapshot.schema == "patch-doctor.facts/1" else { throw .unsupported(snapshot.schema) }
            return snapshot
        case .failure(let unreadable): throw .unreadable(BundleLayout.facts, why: unreadable.why)
        }
    }

    private mutating func readManifest() {
        guard contents.files[BundleLayout.manifest] != nil else {
            alterations.append(Alteration(.removed, BundleLayout.manifest, "the list of what was sealed is gone"))
            return
        }
        guard let bytes = contents.documents[BundleLayout.manifest] else {
            alterations.append(Alteration(.changed, BundleLayout.manifest, "too large for a manifest"))
            return
        }
        switch BundleJSON.decode(Manifest.self, from: bytes) {
        case .success(let value) where value.schema != Manifest.format: unknownFormat = value.schema
        case .success(let value):
            manifest = value
            if value.items != value.files.count {
                alterations.append(
                    Alteration(
                        .changed, BundleLayout.manifest,
                        "it announces \(value.items) files and lists \(value.files.count)"))
            }
        case .failure(let unreadable):
            struct Head: Decodable { var schema: String }
            if case .success(let head) = BundleJSON.decode(Head.self, from: bytes), head.schema != Manifest.format {
                unknownFormat = head.schema
            } else {
                alterations.append(Alteration(.changed, BundleLayout.manifest, "not readable: \(unreadable.why)"))
            }
        }
    }

    private mutating func readChain() throws(CustodyError) {
        guard contents.files[BundleLayout.custody] != nil else {
            alterations.append(Alteration(.removed, BundleLayout.custody, "the chain of custody is gone"))
            return
        }
        guard let bytes = contents.documents[BundleLayout.custody] else {
            alterations.append(Alteration(.changed, BundleLayout.custody, "too large for a chain of custody"))
            return
        }
        let chain = try CustodyChain(bytes)
        self.chain = chain
        for fault in chain.faults { alterations.append(Alteration(.changed, BundleLayout.custody, fault)) }
    }

    /// The signature against the manifest as it is now, and both against what the chain's first line says.
    private mutating func judgeSignature() {
        guard let bytes = contents.documents[BundleLayout.manifest] else { return }
        let sealed = chain?.digest(of: BundleLayout.signature)
        let present = contents.files[BundleLayout.signature]?.digest
        let isSigned = manifest?.signature.signed ?? (sealed != nil)
        guard isSigned else {
            signature = .unsigned(because: (manifest?.signature.because ?? "nothing says why").harmless(limit: 300))
            if sealed != nil, present == nil {
                alterations.append(Alteration(.removed, BundleLayout.signature, "custody answers for it"))
            }
            return
        }
        guard let present, let content = contents.documents[BundleLayout.signature] else {
            signature = .invalid(why: "\(BundleLayout.signature) is missing")
            alterations.append(Alteration(.removed, BundleLayout.signature, "the manifest says that it is signed"))
            return
        }
        do throws(CMSError) {
            let signer = try CMS.verify(content, over: bytes)
            signature = .valid(subject: signer.subject, fingerprint: signer.fingerprint)
            if let named = manifest?.signature.fingerprint, named != signer.fingerprint {
                signature = .invalid(why: "it is not by the signer that the manifest names")
                alterations.append(Alteration(.changed, BundleLayout.signature, "it is by another certificate"))
            }
        } catch {
            signature = .invalid(why: error.description)
            // Where the manifest is what changed, that is what is to be named.
            if chain?.origin == digest {
                alterations.append(Alteration(.changed, BundleLayout.signature, error.description))
            }
        }
        if let sealed, sealed != present {
            alterations.append(Alteration(.changed, BundleLayout.signature, differs(present, from: sealed)))
        }
    }

    /// Manifest and chain name each other: where they part, the one that still has a witness is believed.
    private mutating func judgeOrigin() {
        guard let digest, let chain, let origin = chain.origin, origin != digest else {
            if case .invalid = signature, chain?.origin == nil {
                alterations.append(Alteration(.changed, BundleLayout.manifest, "its signature does not hold"))
            }
            return
        }
        if case .valid = signature {
            alterations.append(Alteration(.changed, BundleLayout.custody, "it belongs to another manifest"))
        } else {
            alterations.append(Alteration(.changed, BundleLayout.manifest, differs(digest, from: origin)))
        }
    }

    private mutating func compareFiles(with manifest: Manifest) {
        for file in manifest.files {
            let name = file.path.text
            guard contents.strange[name] == nil else { continue }
            guard let present = contents.files[name] else {
                alterations.append(Alteration(.removed, name, "sealed with \(Bytes(file.size).readable)"))
                continue
            }
            if present.size != file.size {
                alterations.append(Alteration(.changed, name, "\(present.size) bytes, sealed with \(file.size)"))
            } else if present.digest != file.sha256 {
                alterations.append(Alteration(.changed, name, differs(present.digest, from: file.sha256)))
            }
        }
        // What stock tools check must say the same as what we do.
        if let sums = contents.documents[BundleLayout.sums], sums != Manifest.sums(of: manifest.files) {
            alterations.append(Alteration(.changed, BundleLayout.sums, "it does not list what the manifest lists"))
        }
    }

    /// A manifest that was changed is no witness any more; the next best one is what sha256sum(1) would be given.
    private mutating func compareWithSums() {
        if contents.files[BundleLayout.sums] == nil {
            alterations.append(Alteration(.removed, BundleLayout.sums, "every bundle has one"))
        }
        guard let bytes = contents.documents[BundleLayout.sums], let sums = Manifest.digests(inSums: bytes) else {
            notes.append("what else was changed can't be told: the list of what was sealed is no witness")
            return
        }
        notes.append("the other files were compared with \(BundleLayout.sums): the manifest is no witness")
        for (name, expected) in sums.sorted(by: { $0.key < $1.key }) where contents.strange[name] == nil {
            guard let present = contents.files[name]?.digest else {
                alterations.append(Alteration(.removed, name, "\(BundleLayout.sums) lists it"))
                continue
            }
            guard present != expected else { continue }
            alterations.append(Alteration(.changed, name, differs(present, from: expected)))
        }
        findAdditions(to: Set(sums.keys).union([BundleLayout.sums]))
    }

    private mutating func compareReports() {
        for name in BundleLayout.reports {
            let present = contents.files[name]?.digest
            let expected = chain?.digest(of: name)
            switch (present, expected) {
            case (nil, nil): break
            case (let present?, let expected?):
                guard present != expected else { break }
                alterations.append(Alteration(.changed, name, differs(present, from: expected)))
            case (_?, nil):
                // A chain that is broken or gone is named already, and no longer says what it knew.
                if isAltered(BundleLayout.custody) {
                    notes.append("\(name) can't be judged without the chain of custody")
                } else {
                    alterations.append(Alteration(.added, name, "the chain of custody does not know it"))
                }
            case (nil, let expected?):
                if contents.files[BundleLayout.temporaryPrefix + name]?.digest == expected {
                    notes.append("\(name) was being put in place when the run was cut off")
                } else {
                    alterations.append(Alteration(.removed, name, "the chain of custody answers for it"))
                }
            }
        }
    }

    private mutating func findAdditions(to listed: Set<String>) {
        var known = listed
        known.formUnion([BundleLayout.manifest, BundleLayout.custody] + BundleLayout.reports)
        if case .unsigned = signature {} else { known.insert(BundleLayout.signature) }
        // What a killed run may leave of a report; nobody reads it.
        known.formUnion(BundleLayout.reports.map { BundleLayout.temporaryPrefix + $0 })
        for name in contents.files.keys.sorted() where !known.contains(name) {
            alterations.append(Alteration(.added, name, "nobody sealed it"))
        }
        let directories = Set(listed.flatMap { BundlePath($0)?.directories ?? [] })
        for name in contents.directories.subtracting(directories).sorted()
        where !contents.files.keys.contains(where: { $0.hasPrefix(name + "/") }) {
            alterations.append(Alteration(.added, name + "/", "a directory that nobody sealed"))
        }
    }

    private func isAltered(_ name: String) -> Bool { alterations.contains { $0.path == name } }

    private func differs(_ present: Digest, from sealed: Digest) -> String {
        "sha256 \(present.short)… instead of \(sealed.short)…"
    }
}
