import Identity
import OpenSSL
import Trust
import Values
import Wire

/// From the manager's answer to the published identity.
extension EnrollmentRun {
    /// A certificate that begins later than that is no question of clocks.
    private static let farthestStart = Interval.seconds(24 * 3600)

    func provision() async -> EnrollmentMachine.Event {
        guard let answer, case .approved(let bundle) = StatusAnswer.parse(kept: answer) else {
            return passOver()
        }
        do throws(IdentityError) {
            guard let identity = try identity(from: bundle) else {
                return isAnswerInherited ? passOver() : .refused("there is no private key for its certificate")
            }
            let staged = try enroller.store.stage(identity)
            let status = enroller.store.status(of: staged, at: now)
            guard status.isUsable else {
                try enroller.store.discard(staged)
                let doubt = await doubt(status)
                if isAnswerInherited, case .refused = doubt { return passOver() }
                return doubt
            }
            let generation = try enroller.store.commit(staged)
            try enroller.store.publish(generation, to: enroller.paths).forEach(enroller.note)
            await enroller.whenPublished()
            published = generation
            check(identity)
            do throws(IdentityError) { try enroller.store.prune(plus: generation.number) } catch {
                enroller.note("\(error)")
            }
            return .installed
        } catch {
            return .storage("\(error); \(error.hint)")
        }
    }

    /// What an earlier run kept is of no use, or was used up by it: the request itself may still stand.
    private func passOver() -> EnrollmentMachine.Event {
        enroller.note("an answer that an earlier run kept is passed over")
        drop()
        isAnswerUseless = true
        do throws(IdentityError) { return .locked(try inherit()) } catch {
            return .storage("\(error); \(error.hint)")
        }
    }

    /// Dates that do not fit are the clock's fault until the manager's says otherwise.
    private func doubt(_ status: CertificateStatus) async -> EnrollmentMachine.Event {
        switch status {
        case .notYetValid(_, let start) where start - now <= Self.farthestStart: return .early(start)
        case .notYetValid, .expired:
            do throws(ManagerFault) {
                _ = try await enroller.client.probeClock()
                return .refused("\(status), and the manager's clock agrees with this host's")
            } catch {
                return .fault(error)
            }
        default: return .refused("\(status)")
        }
    }

    /// The key that never left this host where the certificate is for it, else the one that was delivered.
    private func identity(from bundle: ApprovedBundle) throws(IdentityError) -> IdentityBundle? {
        let leaf = CertificateBundle(bundle.certificate).certificates.first
        var own = try RequestKeyFile(enroller.state).load()
        if let pem = own, let leaf, let key = try? PrivateKey(pem: pem), key.matches(leaf) {
            enroller.note("the manager answered this host's own request: its private key never left it")
        } else {
            own = nil
        }
        guard let key = own ?? bundle.key else { return nil }
        return IdentityBundle(
            ca: bundle.ca, certificate: bundle.certificate + intermediates(of: bundle), key: key, list: bundle.list)
    }

    /// What a manager needs beside the leaf to reach the CA; today's sends none.
    private func intermediates(of bundle: ApprovedBundle) -> [UInt8] {
        guard !bundle.chain.isEmpty else { return [] }
        let known = CertificateBundle(bundle.ca).certificates + CertificateBundle(bundle.certificate).certificates
        let further = CertificateBundle(bundle.chain).certificates.filter { one in
            one.subject != one.issuer && !known.contains { $0.fingerprint == one.fingerprint }
        }
        let separator: [UInt8] = bundle.certificate.last == 10 ? [] : [10]
        return further.isEmpty ? [] : separator + further.flatMap(\.pem)
    }

    /// The manager dials this host by address and by name: a certificate without them serves, but not to it.
    private func check(_ bundle: IdentityBundle) {
        guard let host = identity, let leaf = CertificateBundle(bundle.certificate).certificates.first else { return }
        let names = leaf.names.map { $0.lowercased() }
        let missing = ["ip:\(host.address)", "dns:" + host.fqdn.lowercased()].filter { !names.contains($0) }
        guard !missing.isEmpty else { return }
        let words = missing.map { $0.split(separator: ":", maxSplits: 1).last.map(String.init) ?? $0 }
        enroller.note(
            "warning: the new certificate is not for \(words.joined(separator: " and ").harmless(limit: 300)), where "
                + "the manager looks for this host")
    }
}
