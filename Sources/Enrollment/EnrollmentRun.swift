import Identity
import Linux
import OpenSSL
import Trust
import Values
import Wire

/// One run of an enroller: does what the machine decides, and tells it what came of it.
actor EnrollmentRun {
    let enroller: Enroller
    var machine: EnrollmentMachine
    /// Held until the run ends; the kernel frees it if the process dies.
    private var lock: EnrollmentLock?
    var token: PollingToken?
    /// The token is not on the disk yet.
    var isTokenUnsaved = false
    /// What the manager answered, if it may hold a bundle.
    var answer: [UInt8]?
    /// It is from an earlier run, which may have used it already.
    var isAnswerInherited = false
    /// What an earlier run kept was looked at, and may lie there still where the disk takes no removal.
    var isAnswerUseless = false
    var identity: HostIdentity?
    var published: Generation?
    /// The newest generation when the run began: a newer one was brought by another process.
    private let newest: GenerationNumber?

    init(_ enroller: Enroller) {
        self.enroller = enroller
        newest = (try? enroller.store.all)?.first?.number
        let known = try? enroller.identify(nil)
        identity = known
        machine = EnrollmentMachine(
            mode: enroller.mode, pace: enroller.pace, interval: enroller.interval,
            spread: EnrollmentRun.spread(of: known?.machineID ?? ""),
            record: EnrollmentRun.newRecord(enroller, known))
    }

    var now: WallTime { enroller.clock() }

    func untilDone() async throws(EnrollmentEnd) -> Generation {
        var step = EnrollmentMachine.Step(deed: .lock, wait: .seconds(0))
        while true {
            step.effects.forEach(perform)
            tell()
            switch step.deed {
            case .finish:
                guard let published else { break }
                return published
            case .end(let end): throw end
            default: break
            }
            if step.wait > .seconds(0), await enroller.doorbell.sleep(for: step.wait) {
                step = machine.take(.nudged, at: now, fraction: enroller.fraction())
                continue
            }
            // What arrived already is made an identity first: that takes milliseconds, and it is not given twice.
            if Task.isCancelled, step.deed != .provision || step.wait > .seconds(0) {
                throw EnrollmentEnd(.cancelled, "the enrollment was stopped; it goes on from here next time")
            }
            let event = await perform(step.deed)
            // A question that was given up because this run was says nothing of the manager.
            if Task.isCancelled, case .fault = event {
                throw EnrollmentEnd(.cancelled, "the enrollment was stopped; it goes on from here next time")
            }
            step = machine.take(event, at: now, fraction: enroller.fraction())
        }
    }

    /// Takes up what an earlier run wrote down; where it was about another manager or machine, nothing of it counts.
    private func takeUp() throws(IdentityError) {
        let found = try RecordFile(enroller.state).load()
        if let words = found.note { enroller.note(words) }
        let fresh = EnrollmentRun.newRecord(enroller, identity)
        guard var old = found.record else { return machine.takeUp(fresh) }
        guard old.manager == fresh.manager, old.machineID.isEmpty || old.machineID == fresh.machineID else {
            enroller.note("the enrollment at \(old.manager.harmless(limit: 200)) is left: it is another one")
            forgetOtherManager()
            return machine.takeUp(fresh)
        }
        old.pid = fresh.pid
        machine.takeUp(old)
    }

    /// Another manager's token is never shown to this one.
    private func forgetOtherManager() {
        do throws(IdentityError) {
            let file = TokenFile(enroller.state)
            if let old = try file.load() { try file.markSpent(old) }
            try file.clear()
            try AnswerStage(enroller.state).discard()
        } catch {
            enroller.note("\(error)")
        }
    }

    private func perform(_ deed: EnrollmentMachine.Deed) async -> EnrollmentMachine.Event {
        switch deed {
        case .lock: takeLock()
        case .prove: prove()
        case .probe: await probe()
        case .register: await register()
        case .poll: await poll()
        case .provision, .finish, .end: await provision()
        }
    }

    private func takeLock() -> EnrollmentMachine.Event {
        do throws(IdentityError) {
            let role: EnrollmentLock.Role = enroller.mode == .service ? .service : .command
            guard let lock = try EnrollmentLock.tryAcquire(in: enroller.state, as: role) else {
                let holder = EnrollmentLock.holder(in: enroller.state)
                return .heldElsewhere(holder.map { "\($0)" } ?? "a process that does not say its name")
            }
            self.lock = consume lock
            let wasElsewhere = machine.record.phase == .elsewhere
            try takeUp()
            if wasElsewhere, let found = try enroller.store.all.first,
                newest.map({ found.number > $0 }) ?? true
            {
                published = found
                return .foundIdentity
            }
            return .locked(try inherit())
        } catch {
            // It is taken anew with the next attempt, which this one would be in the way of.
            lock = nil
            return .storage("\(error); \(error.hint)")
        }
    }

    func inherit() throws(IdentityError) -> EnrollmentMachine.Inheritance {
        answer = isAnswerUseless ? nil : try AnswerStage(enroller.state).load()
        isAnswerInherited = answer != nil
        let file = TokenFile(enroller.state)
        token = try file.load()
        if token == nil, let configured = enroller.configuredToken, try !file.isSpent(configured) { token = configured }
        if answer != nil { return .answer }
        return token == nil ? .nothing : .token
    }

    private func prove() -> EnrollmentMachine.Event {
        do throws(IdentityError) {
            try enroller.state.proveWritable()
            try enroller.store.provePublishable(to: enroller.paths)
            return .proven
        } catch {
            return .storage("\(error); \(error.hint)")
        }
    }

    /// Saved before it is shown, so that the doctor never sees less than systemd; the file is the lock's holder's.
    private func tell() {
        // A manager's words of what went wrong may hold the path that was asked for.
        if let secret = token?.secret { machine.record.fault = machine.record.fault?.replacing(secret, with: "…") }
        if lock != nil {
            do throws(IdentityError) {
                try RecordFile(enroller.state).save(machine.record)
            } catch {
                if machine.record.fault == nil { enroller.note("\(error); \(error.hint)") }
            }
        }
        enroller.report(machine.record, StatusWords.line(machine.record, at: now))
    }

    private func perform(_ effect: EnrollmentMachine.Effect) {
        do throws(IdentityError) {
            let file = TokenFile(enroller.state)
            switch effect {
            case .keepToken(let token):
                self.token = token
                isTokenUnsaved = true
                try file.save(token)
                isTokenUnsaved = false
            case .spendToken:
                let dead = token
                token = nil
                isTokenUnsaved = false
                if let dead { try file.markSpent(dead) }
                try file.clear()
                try RequestKeyFile(enroller.state).clear()
            case .discardAnswer:
                answer = nil
                try AnswerStage(enroller.state).discard()
            }
        } catch {
            enroller.note("\(error); \(error.hint)")
        }
    }

    private static func newRecord(_ enroller: Enroller, _ identity: HostIdentity?) -> EnrollmentRecord {
        EnrollmentRecord(
            phase: .registering, manager: "\(enroller.client.endpoint)", fqdn: identity?.fqdn ?? "",
            address: identity.map { "\($0.address)" } ?? "", machineID: identity?.machineID ?? "",
            since: enroller.clock(), pid: ProcessIdentity.own.pid)
    }

    /// From 0 to below 1, always the same for one machine.
    private static func spread(of machineID: String) -> Double {
        let digest = SHA256.digest(of: Array("poll \(machineID)".utf8))
        return Double(UInt32(digest.rawValue.prefix(8), radix: 16) ?? 0) / 4_294_967_296
    }
}
