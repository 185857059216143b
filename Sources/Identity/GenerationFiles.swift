import Linux
import Trust
import Values

/// Reading generations.
extension GenerationStore {
    /// Newest first. A directory whose name is no plain number is none of ours.
    func numbers(in generations: borrowing DirectoryAnchor) throws(IdentityError) -> [GenerationNumber] {
        do throws(SystemError) {
            var numbers: [GenerationNumber] = []
            for name in try generations.list(limit: 65536).names {
                guard let value = UInt32(name), "\(value)" == name, try generations.status(of: name).isDirectory else {
                    continue
                }
                numbers.append(GenerationNumber(value))
            }
            return numbers.sorted(by: >)
        } catch {
            throw .storage(error)
        }
    }

    func generation(_ number: GenerationNumber, in generations: borrowing DirectoryAnchor) -> Generation {
        Generation(number: number, paths: CertificatePaths(generation: generations.pathOf("\(number)")))
    }

    /// The files in a directory of generations; nil where one that must be there is missing.
    func bundle(
        in name: String, of generations: borrowing DirectoryAnchor
    ) throws(IdentityError) -> IdentityBundle? {
        let directory: DirectoryAnchor
        do throws(SystemError) { directory = try generations.openDirectory(name) } catch {
            if error.isNotFound { return nil }
            throw .storage(error)
        }
        func content(_ file: GenerationFile) throws(IdentityError) -> [UInt8]? {
            try PrivateFile.read(file.name, in: directory, limit: IdentityBundle.limit)
        }
        guard let ca = try content(.ca), let certificate = try content(.certificate), let key = try content(.key) else {
            return nil
        }
        return IdentityBundle(ca: ca, certificate: certificate, key: key, list: try content(.list))
    }

    func bundle(of generation: Generation) throws(IdentityError) -> IdentityBundle? {
        try bundle(in: "\(generation.number)", of: try state.open(StateDirectory.generations))
    }

    /// Every generation that can be read, newest first.
    func bundles() throws(IdentityError) -> [IdentityBundle] {
        let generations = try state.open(StateDirectory.generations)
        var result: [IdentityBundle] = []
        for number in try numbers(in: generations) {
            // A damaged one is of no use to anybody and must not keep the others from being used.
            if let bundle = try? bundle(in: "\(number)", of: generations) { result.append(bundle) }
        }
        return result
    }
}

extension IdentityBundle {
    subscript(file: GenerationFile) -> [UInt8]? {
        switch file {
        case .ca: ca
        case .certificate: certificate
        case .key: key
        case .list: list
        }
    }
}
