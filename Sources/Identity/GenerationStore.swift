import Evidence
public import Files
import Linux
public import Trust
public import Values

/// `generations/`: the identities that this host has had, the newest with the highest number.
///
/// A bundle is staged, judged from the disk by the caller, and committed; only then it is published. An answer that it
/// came in is to be discarded after that, so that a crash in between loses nothing.
public struct GenerationStore: Sendable {
    let state: StateDirectory
    /// Who reads the published files.
    let service: ServiceUser

    public init(_ state: StateDirectory, readBy service: ServiceUser = .root) {
        self.state = state
        self.service = service
    }

    /// Writes and syncs a bundle under a temporary name.
    public func stage(_ bundle: IdentityBundle) throws(IdentityError) -> StagedGeneration {
        for file in GenerationFile.allCases {
            guard let content = bundle[file] else { continue }
            guard !content.isEmpty else { throw .unacceptable(file.words, why: "it is empty") }
            guard Bytes(UInt64(content.count)) <= IdentityBundle.limit else {
                throw .unacceptable(file.words, why: "it is longer than \(IdentityBundle.limit.readable)")
            }
        }
        let generations = try state.open(StateDirectory.generations)
        let name = "\(TemporaryName())"
        do throws(SystemError) {
            let made = try generations.makeDirectory(name)
            do throws(SystemError) {
                for file in GenerationFile.allCases {
                    guard let content = bundle[file] else { continue }
                    let descriptor = try made.createFile(file.name)
                    try descriptor.setPermissions(file.mode)
                    try descriptor.writeAll(content)
                    try descriptor.synchronize()
                }
                try made.synchronize()
            } catch {
                // The reason matters more than a leftover, which the next opening takes away.
                try? generations.removeTree(name)
                throw error
            }
        } catch {
            throw .storage(error)
        }
        return StagedGeneration(name: name, paths: CertificatePaths(generation: generations.pathOf(name)))
    }

    /// Gives it the next number. One that is the newest generation already, byte for byte, gets no second: that is what
    /// is left of a run that died after this step.
    public func commit(_ staged: StagedGeneration) throws(IdentityError) -> Generation {
        let generations = try state.open(StateDirectory.generations)
        let known = try numbers(in: generations)
        if let newest = known.first {
            let old = try bundle(in: "\(newest)", of: generations)
            if try bundle(in: staged.name, of: generations) == old {
                try discard(staged)
                return generation(newest, in: generations)
            }
        }
        var next = GenerationNumber((known.first?.value ?? 0) + 1)
        do throws(SystemError) {
            while true {
                do throws(SystemError) {
                    try generations.rename(staged.name, to: "\(next)")
                    break
                } catch  where error.isExisting {
                    next = GenerationNumber(next.value + 1)
                }
            }
            try generations.synchronize()
        } catch {
            throw .storage(error)
        }
        return generation(next, in: generations)
    }

    public func discard(_ staged: StagedGeneration) throws(IdentityError) {
        let generations = try state.open(StateDirectory.generations)
        do throws(SystemError) { try generations.removeTree(staged.name) } catch {
            guard error.code == SystemError.notThere else { throw .storage(error) }
        }
    }

    /// Newest first.
    public var all: [Generation] {
        get throws(IdentityError) {
            let generations = try state.open(StateDirectory.generations)
            return try numbers(in: generations).map { generation($0, in: generations) }
        }
    }

    /// Removes all but the newest few and the one in use.
    public func prune(keeping count: Int = 2, plus current: GenerationNumber?) throws(IdentityError) {
        let generations = try state.open(StateDirectory.generations)
        for number in try numbers(in: generations).dropFirst(max(1, count)) where number != current {
            // Renamed first: a generation that is half removed must not be taken for one.
            let doomed = "\(TemporaryName())"
            do throws(SystemError) {
                try generations.rename("\(number)", to: doomed)
                try generations.removeTree(doomed)
            } catch {
                throw .storage(error)
            }
        }
    }

    /// What a generation's files are worth at this time, dates included.
    public func status(of generation: Generation, at now: WallTime) -> CertificateStatus {
        status(of: generation.paths, readBy: ownUser, at: now)
    }

    /// The same of a bundle before it may replace anything.
    public func status(of staged: StagedGeneration, at now: WallTime) -> CertificateStatus {
        status(of: staged.paths, readBy: ownUser, at: now)
    }

    /// What published files are worth to the service.
    public func status(published paths: CertificatePaths, at now: WallTime) -> CertificateStatus {
        look(published: paths).status(at: now, renewingWithin: Interval(microseconds: 0))
    }

    func look(published paths: CertificatePaths) -> CertificatesFact { look(at: paths, readBy: service) }

    private var ownUser: ServiceUser {
        ServiceUser(name: "the agent", user: Caller.effectiveUser, groups: [])
    }

    private func status(of paths: CertificatePaths, readBy user: ServiceUser, at now: WallTime) -> CertificateStatus {
        look(at: paths, readBy: user).status(at: now, renewingWithin: Interval(microseconds: 0))
    }

    private func look(at paths: CertificatePaths, readBy user: ServiceUser) -> CertificatesFact {
        Judge(of: paths, readBy: .success(user), hostNames: [], below: .live).look().fact
    }
}
