import Identity
import OpenSSL
import Values
import Wire

/// Asking the manager.
extension EnrollmentRun {
    func probe() async -> EnrollmentMachine.Event {
        do throws(ManagerFault) {
            let answer = try await enroller.client.probeClock()
            warn(of: answer)
            guard enroller.isNeeded() else { return .needless }
            do throws(HostIdentity.Fault) {
                let found = try enroller.identify(answer.localAddress)
                identity = found
                machine.identify(fqdn: found.fqdn, address: "\(found.address)", machineID: found.machineID)
                return .agreed
            } catch {
                return .nameless("\(error); \(error.hint)")
            }
        } catch {
            return .fault(error)
        }
    }

    /// A first contact that nobody vouches for is told each time, with what makes it unnecessary.
    private func warn(of answer: ManagerAnswer) {
        guard let seen = answer.unverified else { return }
        enroller.note(
            "warning: the manager at \(enroller.client.endpoint) is NOT verified; compare its fingerprint there, and "
                + "pin it: enrollment.manager_fingerprint: \(seen.labelled)")
    }

    func register() async -> EnrollmentMachine.Event {
        guard let identity else { return .nameless("it is not known who this host is") }
        let csr: String?
        do throws(IdentityError) {
            csr = try request(for: identity)
        } catch {
            return .storage("\(error); \(error.hint)")
        }
        do throws(ManagerFault) {
            let answer = try await enroller.client.register(identity.request(csr: csr))
            return .registration(answer.registration(at: now))
        } catch {
            return .fault(error)
        }
    }

    /// A request for a new key, which is on the disk before the manager hears of it; nil where OpenSSL can't make one,
    /// since the manager of today does without.
    private func request(for identity: HostIdentity) throws(IdentityError) -> String? {
        guard let key = try? PrivateKey.generate(),
            let request = try? SigningRequest.pem(
                for: key, commonName: identity.fqdn, dnsNames: [identity.fqdn], addresses: [identity.address])
        else { return nil }
        var pem = key.pem
        defer { KeyDescription.cleanse(&pem) }
        try RequestKeyFile(enroller.state).save(pem)
        return String(decoding: request, as: UTF8.self)
    }

    /// Longer than any answer without a bundle, and shorter than any with one.
    private static let bundleFloor = 512

    func poll() async -> EnrollmentMachine.Event {
        guard let token else { return .status(.notFound) }
        do throws(IdentityError) {
            if isTokenUnsaved {
                try TokenFile(enroller.state).save(token)
                isTokenUnsaved = false
            }
            try enroller.state.proveWritable(room: .kibibytes(64))
        } catch {
            return .storage("\(error); \(error.hint)")
        }
        let raw: ManagerAnswer
        do throws(ManagerFault) {
            raw = try await enroller.client.status(of: token)
        } catch {
            return .fault(error)
        }
        guard raw.status == 200, raw.body.count >= Self.bundleFloor else { return .status(raw.standing(at: now)) }
        answer = raw.body
        isAnswerInherited = false
        do throws(IdentityError) {
            try AnswerStage(enroller.state).keep(raw: raw.body)
        } catch {
            enroller.note("the manager's answer is held in memory alone: \(error); \(error.hint)")
        }
        let standing = raw.standing(at: now)
        if case .approved = standing { return .status(standing) }
        drop()
        return .status(standing)
    }

    /// An answer without a bundle.
    func drop() {
        answer = nil
        do throws(IdentityError) {
            try AnswerStage(enroller.state).discard()
        } catch {
            enroller.note("\(error)")
        }
    }
}
