public import Identity
import OpenSSL
public import Values
import Wire

extension StateDirectory {
    /// Whether the answer in which a certificate came is still kept: then a run published it and ended before it had
    /// done the rest, as letting the manager in.
    public func hasUnfinished(_ certificate: Digest) -> Bool {
        guard let answer = try? AnswerStage(self).load(), case .approved(let bundle) = StatusAnswer.parse(kept: answer)
        else { return false }
        return CertificateBundle(bundle.certificate).certificates.first?.fingerprint == certificate
    }
}
