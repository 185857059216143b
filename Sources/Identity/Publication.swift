import Files
import Linux
import OpenSSL
public import Trust
import Values

/// Bringing a generation to the paths that the configuration names, where the server and the doctor look.
extension GenerationStore {
    /// In this order the files take their places: a run that dies in between leaves files that do not agree, which
    /// `recover` sees, and never a key or a certificate that serves with another CA's list.
    private static let order: [GenerationFile] = [.list, .ca, .key, .certificate]

    /// Copies a generation's files to these paths and returns what is worth a line in the log.
    ///
    /// Everything is looked at and written beside its target before the first target is touched, so that a refusal or
    /// a full disk leaves all as it was. A file that lies there and is of no generation is kept as `….replaced`. An
    /// existing list stays where the new CA signed it and the generation brings none that is newer; another CA's goes.
    @discardableResult
    public func publish(_ generation: Generation, to paths: CertificatePaths) throws(IdentityError) -> [String] {
        let generations = try state.open(StateDirectory.generations)
        guard let bundle = try bundle(in: "\(generation.number)", of: generations) else {
            throw .refused(
                path: generations.pathOf("\(generation.number)"), why: "a file of this generation is missing",
                advice: "move it away; the next older one is used then")
        }
        let files = try targets(at: paths)
        let known = try bundles()
        var notes: [String] = []
        var changed: [PublishedFile] = []
        var removed: PublishedFile?
        for file in files {
            let content: [UInt8]
            if file.file == .list {
                if bundle.list != nil, SignedList(of: bundle) == nil {
                    notes.append("the revocation list that came with it is left out: the CA did not sign it")
                }
                guard let list = newerList(bundle, than: file.content) else {
                    if file.content != nil { removed = file }
                    continue
                }
                content = list
            } else {
                content = bundle[file.file] ?? []
            }
            guard !file.isAlready(content, ownedBy: owner(of: file)) else { continue }
            try file.prepare(content, ownedBy: owner(of: file))
            changed.append(file)
        }
        for file in changed where file.file != .list {
            guard let old = file.content, !known.contains(where: { $0[file.file] == old }) else { continue }
            if let note = try file.keepOld() { notes.append(note) }
        }
        if let removed {
            try removed.remove()
            try removed.synchronize()
            notes.append("'\(removed.path)' is removed: the CA did not sign it")
        }
        for file in changed { try file.replace() }
        var synced: Set<String> = []
        for file in changed where synced.insert(file.place).inserted { try file.synchronize() }
        return notes
    }

    /// Whether `publish` would be let: to be asked before anything is asked of the manager. Makes directories that are
    /// missing, and writes and removes a small file in each.
    public func provePublishable(to paths: CertificatePaths) throws(IdentityError) {
        var proven: Set<String> = []
        for file in try targets(at: paths) where proven.insert(file.place).inserted {
            try file.prove(room: .kibibytes(256))
        }
    }

    /// Replaces the published revocation list alone. Refused where the published CA did not sign it, and where the one
    /// that lies there is younger.
    public func publishList(_ pem: [UInt8], to paths: CertificatePaths) throws(IdentityError) {
        let files = try targets(at: paths)
        guard let target = files.first(where: { $0.file == .list }),
            let ca = files.first(where: { $0.file == .ca })?.content,
            let chain = files.first(where: { $0.file == .certificate })?.content
        else { throw .unacceptable("the revocation list", why: "there is no CA certificate to verify it with") }
        guard let list = SignedList(pem, by: ca, chain: chain) else {
            throw .unacceptable("the revocation list", why: "the CA in '\(paths.ca)' did not sign it")
        }
        if let old = target.content.flatMap({ SignedList($0, by: ca, chain: chain) }), old.thisUpdate > list.thisUpdate
        {
            throw .unacceptable(
                "the revocation list",
                why: "it is of \(list.thisUpdate.readable), the one in use of \(old.thisUpdate.readable)")
        }
        guard !target.isAlready(pem, ownedBy: owner(of: target)) else { return }
        try target.prepare(pem, ownedBy: owner(of: target))
        try target.replace()
        try target.synchronize()
    }

    /// Closes a published key to those whom it is none of their business, and says so: everybody but its owner, and a
    /// group that may read it, which somebody must have wanted.
    public func closeKey(at paths: CertificatePaths) throws(IdentityError) -> String? {
        guard let key = try targets(at: paths).first(where: { $0.file == .key }) else { return nil }
        return try key.close(to: 0o640)
    }

    /// The four files in the order of their replacement.
    func targets(at paths: CertificatePaths) throws(IdentityError) -> [PublishedFile] {
        var files: [PublishedFile] = []
        for file in GenerationStore.order {
            let path = paths[file]
            guard !files.contains(where: { $0.path == path }) else {
                throw .refused(
                    path: path, why: "the configuration names it for two files", advice: "give each file its own path")
            }
            // Where the service is not root it must be able to go there.
            files.append(
                try PublishedFile(file, at: path) { directory in
                    directory == "/etc/linux_patch_api" && service.user == 0 ? 0o750 : 0o755
                })
        }
        return files
    }

    /// The key is the service's own; the rest everybody may read.
    private func owner(of file: PublishedFile) -> UInt32 {
        file.file == .key ? service.user : Caller.effectiveUser
    }

    /// The list that should lie beside a bundle: its own, or the one that is there if that is younger; nil where the
    /// CA signed neither.
    private func newerList(_ bundle: IdentityBundle, than existing: [UInt8]?) -> [UInt8]? {
        let old = existing.flatMap { SignedList($0, by: bundle.ca, chain: bundle.certificate) }
        guard let own = SignedList(of: bundle) else { return old?.bytes }
        guard let old, old.thisUpdate > own.thisUpdate else { return own.bytes }
        return old.bytes
    }
}

/// A revocation list that the CA signed, or an issuer that the CA vouches for.
private struct SignedList {
    let bytes: [UInt8]
    let thisUpdate: WallTime

    init?(_ bytes: [UInt8], by ca: [UInt8], chain: [UInt8]) {
        guard let list = try? RevocationList(bytes) else { return nil }
        let anchors = CertificateBundle(ca).certificates
        let others = Array(CertificateBundle(chain).certificates.dropFirst())
        func isSigned(by one: Certificate) -> Bool { list.isIssued(by: one) && list.isSigned(by: one) }
        guard
            anchors.contains(where: isSigned)
                || others.contains(where: { one in
                    isSigned(by: one) && one.isCA
                        && (try? Chain(of: one, through: others, to: anchors))?.isTrusted == true
                })
        else { return nil }
        self.bytes = bytes
        thisUpdate = list.thisUpdate
    }

    init?(of bundle: IdentityBundle) {
        guard let list = bundle.list else { return nil }
        self.init(list, by: bundle.ca, chain: bundle.certificate)
    }
}

extension CertificatePaths {
    subscript(file: GenerationFile) -> String {
        switch file {
        case .ca: ca
        case .certificate: certificate
        case .key: key
        case .list: crl
        }
    }
}
