import Configuration
import Evidence
import Linux
import OpenSSL
import Serving
import Trust
import Values

/// The identity that new connections are served with: TLS material made once from files that the judge allowed.
struct ServedIdentity: Sendable {
    let files: IdentityFiles
    let material: TLSMaterial
    let fingerprint: Digest
    let notAfter: WallTime
    let list: RevocationListState

    init(_ files: IdentityFiles, look: CertificateReader.Look, setup: Setup, voice: AgentVoice) throws {
        guard let leaf = look.fact[.certificate]?.certificates.first else {
            throw OpenSSLError("read the certificate", reason: "the file is empty")
        }
        self.files = files
        fingerprint = leaf.fingerprint
        notAfter = leaf.notAfter
        let anchors = CertificateBundle(files.ca).certificates
        list = files.listState(at: Clock.wall)
        let judge = try PeerJudge(
            anchors: anchors, list: list, purpose: .client,
            listPolicy: setup.tls.requiresCRL ? .require : .prefer)
        material = try TLSMaterial(
            certificateChainPEM: files.certificate, keyPEM: files.key, clientAnchorsPEM: files.ca
        ) { chain in
            switch judge.judge(chain, at: Clock.wall) {
            case .accepted: .accepted
            case .refused(let fault): .refused(reason: fault.description)
            }
        }
    }
}
