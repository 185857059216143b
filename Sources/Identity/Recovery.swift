import Evidence
public import Trust
public import Values

/// What a start found where the identity is published, and what was done about it.
public enum Recovery: Hashable, Sendable {
    /// The files are left as they are: they can be served with, or a wrong clock is all that keeps them from it.
    case intact(CertificateStatus)
    /// They could not be used, so a generation was published in their place; `notes` are for the log.
    case republished(Generation, insteadOf: CertificateStatus, notes: [String])
    /// They can't be used, and neither can any generation.
    case helpless(CertificateStatus)
}

extension GenerationStore {
    /// For the start of a service: publishes the newest generation that can be used where the published files can't.
    /// Not for a reload: while a person copies files in, one after the other, they do not agree either.
    public func recover(_ paths: CertificatePaths, at now: WallTime) throws(IdentityError) -> Recovery {
        let fact = look(published: paths)
        let found = fact.status(at: now, renewingWithin: Interval(microseconds: 0))
        if found.isUsable {
            guard fact.crlSignatureValid.known == false, let own = try generation(publishedAt: paths) else {
                return .intact(found)
            }
            // A run died when it had put a new CA's list in its place and nothing else yet.
            return .republished(own, insteadOf: found, notes: try publish(own, to: paths))
        }
        // A clock that is wrong is waited for.
        if case .notYetValid = found { return .intact(found) }
        for generation in try all where status(of: generation, at: now).isUsable {
            let notes = try publish(generation, to: paths)
            return .republished(generation, insteadOf: found, notes: notes)
        }
        return .helpless(found)
    }

    /// Makes a generation of what a person copied in, if it can be used; nil where it can't, and where it is the
    /// newest generation already. What is judged is the copy, so that nothing can change after the judgement.
    public func adopt(_ paths: CertificatePaths, at now: WallTime) throws(IdentityError) -> Generation? {
        guard status(published: paths, at: now).isUsable, let bundle = try published(at: paths) else { return nil }
        if let newest = try all.first, try self.bundle(of: newest)?.isSameIdentity(as: bundle) == true { return nil }
        let staged = try stage(bundle)
        guard status(of: staged, at: now).isUsable else {
            try discard(staged)
            return nil
        }
        return try commit(staged)
    }

    /// What lies at the paths; nil where one that must be there is missing.
    private func published(at paths: CertificatePaths) throws(IdentityError) -> IdentityBundle? {
        var contents: [GenerationFile: [UInt8]] = [:]
        for file in try targets(at: paths) { contents[file.file] = file.content }
        guard let ca = contents[.ca], let certificate = contents[.certificate], let key = contents[.key] else {
            return nil
        }
        return IdentityBundle(ca: ca, certificate: certificate, key: key, list: contents[.list])
    }

    /// The newest generation whose identity lies at the paths.
    private func generation(publishedAt paths: CertificatePaths) throws(IdentityError) -> Generation? {
        guard let published = try published(at: paths) else { return nil }
        for generation in try all where try bundle(of: generation)?.isSameIdentity(as: published) == true {
            return generation
        }
        return nil
    }
}
