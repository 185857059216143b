public import Evidence
import OpenSSL
import Values

/// The host's own certificate and key, by path: what a bundle is signed with. The key is never copied.
public struct SigningIdentity: Sendable, Hashable {
    public let certificate: String
    public let key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// The agent's own, where the look found out which files these are.
    public init?(of snapshot: Snapshot) {
        // Its paths are those of a disk: here they lead to the key of the machine that looks.
        guard snapshot.observer.offline == nil else { return nil }
        let files = snapshot.certificates.known
        let configuration = snapshot.configuration.known
        guard let certificate = files?[.certificate]?.path ?? configuration?.certificatePath,
            let key = files?[.key]?.path ?? configuration?.keyPath
        else { return nil }
        self.init(certificate: certificate, key: key)
    }

    /// Renders a manifest that says who signs it and signs it; where that fails, one that says why nobody does.
    static func sign(
        _ manifest: Manifest, by identity: SigningIdentity?
    ) throws(CustodyError) -> (manifest: [UInt8], signature: [UInt8]?) {
        var manifest = manifest
        guard let identity else {
            manifest.signature = .init(signed: false, because: manifest.unsignedBecause)
            return (try BundleJSON.document(manifest), nil)
        }
        do throws(CMSError) {
            let opened = try CMS.Identity(certificate: identity.certificate, key: identity.key)
            manifest.signature = .init(
                signed: true, subject: opened.signer.subject, fingerprint: opened.signer.fingerprint)
            if case .success(let bytes) = document(manifest) { return (bytes, try opened.sign(bytes)) }
        } catch {
            manifest.signature = .init(signed: false, because: error.description.harmless(limit: 300))
        }
        return (try BundleJSON.document(manifest), nil)
    }

    private static func document(_ manifest: Manifest) -> Result<[UInt8], CustodyError> {
        do throws(CustodyError) { return .success(try BundleJSON.document(manifest)) } catch { return .failure(error) }
    }
}

extension Manifest {
    fileprivate var unsignedBecause: String {
        observer.offline == nil
            ? "this look found no certificate and key of the host" : "the host does not run, and another machine looked"
    }
}
