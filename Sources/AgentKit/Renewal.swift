import Evidence
import OpenSSL
import Values

/// When a certificate is to be replaced: its threshold before its end, earlier by a share that is different for each
/// certificate and the same after each restart, so that a fleet enrolled in one hour does not renew in one hour.
struct Renewal: Hashable, Sendable {
    /// Before the end by this much.
    let lead: Interval
    let due: WallTime

    init(of leaf: X509Fact, within threshold: Interval) {
        self.init(
            serial: leaf.serial, fingerprint: leaf.fingerprint, notBefore: leaf.notBefore, notAfter: leaf.notAfter,
            within: threshold)
    }

    init(serial: String, fingerprint: Digest, notBefore: WallTime, notAfter: WallTime, within threshold: Interval) {
        // A certificate that lives shorter than the threshold would be due from its first moment.
        let longest = (notAfter - notBefore).microseconds / 3
        let wanted = min(threshold.microseconds, longest)
        let draw = SHA256.digest(of: Array("renewal of \(serial) \(fingerprint)".utf8)).rawValue
        let share = Int64(draw.prefix(4), radix: 16) ?? 0
        // Up to a quarter of the threshold earlier.
        lead = Interval(microseconds: wanted + wanted / (4 << 16) * share)
        due = WallTime(microseconds: notAfter.microseconds - lead.microseconds)
    }
}
