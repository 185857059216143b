import Values
import Wire

/// What the manager's answers, and their absence, lead to.
extension EnrollmentMachine {
    /// A registration is sent only when a day's share is not used up.
    mutating func mayRegister(_ now: WallTime) -> Step {
        if let start = record.registrationsSince {
            if start > now { record.registrationsSince = now }
            if start <= now, now - start >= pace.lifetime {
                record.registrations = 0
                record.registrationsSince = nil
            }
        }
        guard mode == .service, record.registrations >= pace.registrationsPerDay, let start = record.registrationsSince
        else {
            if !hasDeadEnd { enter(.registering, now, fault: nil) }
            return step(.register, after: .seconds(0), now)
        }
        if !hasDeadEnd {
            enter(
                .unreachable, now,
                fault: "\(record.registrations) registrations in a day came to nothing; the next is due later")
        }
        return step(.prove, after: (start + pace.lifetime) - now, now)
    }

    /// The words of a quiet wait stay until there is a new answer.
    private var hasDeadEnd: Bool { [.denied, .lost, .refused].contains(record.phase) && record.fault != nil }

    private mutating func countRegistration(_ now: WallTime) {
        if record.registrationsSince == nil { record.registrationsSince = now }
        record.registrations += 1
    }

    mutating func take(_ answer: RegistrationAnswer, _ now: WallTime, _ fraction: Double) -> Step {
        switch answer {
        case .registered(let token):
            countRegistration(now)
            failures = 0
            record.registeredAt = now
            record.expiresAt = now + pace.lifetime
            enter(.pending, now, fault: nil)
            return step(.poll, after: poll, now, [.keepToken(token)])
        case .duplicate:
            return deadEnd(
                .conflict,
                "it has a request of this machine-id already, for which this host holds no token: it was lost, or "
                    + "another host has the same machine-id, as cloned virtual machines do",
                "deny the request at the manager, or wait until it ends by itself after 24 h; on a clone, make a new "
                    + "machine-id: rm /etc/machine-id && systemd-machine-id-setup", now, fraction)
        case .conflict(let words):
            return deadEnd(
                .conflict, "it knows a host of this name or address already\(words)",
                "delete that host at the manager, or replace it there", now, fraction)
        case .denied(let words):
            return deadEnd(.denied, "it takes no registration of this host\(words)", "ask who runs it", now, fraction)
        case .limited(let wish): return limited(wish, now, fraction)
        case .fault(let status, let words, let wish):
            return fault("it can't register hosts now (\(status)\(words))", wish, now, fraction)
        case .rejected(let status, let words):
            return fault("it rejects the registration (\(status)\(words))", nil, now, fraction)
        case .redirect: return take(ManagerFault.redirect, now, fraction)
        case .malformed(let reason):
            return take(ManagerFault.malformed(reason), now, fraction)
        }
    }

    mutating func take(_ answer: StatusAnswer, _ now: WallTime, _ fraction: Double) -> Step {
        switch answer {
        case .approved:
            failures = 0
            enter(.provisioning, now, fault: nil)
            return step(.provision, after: .seconds(0), now)
        case .pending(let wish):
            failures = 0
            if mode == .command, let end = record.expiresAt, now > end {
                return self.end(
                    "nobody approved this host within 24 h", hint: "approve it at the manager and run this again")
            }
            enter(.pending, now, fault: nil)
            return step(.poll, after: obeyed(wish, atLeast: poll), now)
        case .denied:
            return deadEnd(
                .denied, "a person there denied this host's request", "ask who runs it", now, fraction, [.spendToken])
        case .notFound: return lost(now, fraction)
        case .conflict:
            enter(.conflict, now, fault: "it knows a host of this name or address already")
            return step(.poll, after: pace.pollCeiling, now)
        case .limited(let wish): return limited(wish, now, fraction)
        case .fault(let status, let words, let wish):
            return fault("it can't answer now (\(status)\(words))", wish, now, fraction)
        case .redirect: return take(ManagerFault.redirect, now, fraction)
        case .malformed(let reason): return take(ManagerFault.malformed(reason), now, fraction)
        }
    }

    /// A request that ended by its age is made anew soon; one that went before its time was denied, or its bundle was
    /// lost on the way.
    private mutating func lost(_ now: WallTime, _ fraction: Double) -> Step {
        let isAged = record.expiresAt.map { $0 <= now } ?? true
        if isAged, mode == .service {
            enter(.lost, now, fault: "the request ended without a decision; it is made anew")
            forgetRequest()
            return step(.prove, after: jittered(pace.retry.lowerBound, fraction), now, [.spendToken])
        }
        if isAged {
            forgetRequest()
            enter(.registering, now, fault: nil)
            return step(.prove, after: .seconds(0), now, [.spendToken])
        }
        return deadEnd(
            .lost,
            "it no longer knows this host's request: it was denied there, or its answer was lost on the way and is not "
                + "given twice",
            "if the manager lists this host already, delete it there; then reload the service to ask again", now,
            fraction, [.spendToken])
    }

    private mutating func deadEnd(
        _ phase: EnrollmentRecord.Phase, _ words: String, _ hint: String, _ now: WallTime, _ fraction: Double,
        _ effects: [Effect] = []
    ) -> Step {
        enter(phase, now, fault: words + ": " + hint)
        forgetRequest()
        failures = 0
        if mode == .command { return end("the manager at \(record.manager) said: \(words)", hint: hint, effects) }
        return step(.prove, after: quiet(fraction), now, effects)
    }

    private mutating func limited(_ wish: Interval?, _ now: WallTime, _ fraction: Double) -> Step {
        enter(.rateLimited, now, fault: "too many questions from this address, which other hosts may share")
        return step(deed, after: obeyed(wish, atLeast: backOff(fraction)), now)
    }

    private mutating func fault(_ words: String, _ wish: Interval?, _ now: WallTime, _ fraction: Double) -> Step {
        enter(.unreachable, now, fault: words)
        let isPolling = deed == .poll
        if mode == .command, !isPolling, failures >= 4 {
            return end("the manager at \(record.manager) is of no use: \(words)", hint: "look at the manager's log")
        }
        return step(isPolling ? .poll : .prove, after: obeyed(wish, atLeast: backOff(fraction)), now)
    }

    mutating func take(_ fault: ManagerFault, _ now: WallTime, _ fraction: Double) -> Step {
        let phase: EnrollmentRecord.Phase =
            switch fault {
            case .untrusted: .untrusted
            case .clock, .outOfDate: .clock
            default: .unreachable
            }
        enter(phase, now, fault: "\(fault); \(fault.hint)")
        let isRegistering = deed == .register
        if isRegistering, fault.mayHaveArrived { countRegistration(now) }
        let isEarly = deed != .poll && deed != .provision
        if mode == .command, isEarly, fault.needsPerson || failures >= 4 {
            return end("cannot use the manager at \(record.manager): \(fault)", hint: fault.hint)
        }
        return step(isRegistering ? .prove : deed, after: backOff(fraction), now)
    }
}

extension ManagerFault {
    /// The question may have been taken though no answer came.
    var mayHaveArrived: Bool {
        switch self {
        case .timedOut(.answer), .timedOut(.body), .cutOff, .tooLarge, .malformed, .unreachable(.reset),
            .unreachable(.closed):
            true
        default: false
        }
    }

    /// It will not change before somebody changes something.
    var needsPerson: Bool {
        switch self {
        case .untrusted, .outOfDate, .clock, .notTLS, .redirect, .unreachable(.nameNotFound): true
        default: false
        }
    }
}
