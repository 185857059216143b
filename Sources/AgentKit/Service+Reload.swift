import Audit
import Configuration
import Enrollment
import Linux
import Serving
import Systemd
import Trust
import Values
import Wire

/// SIGHUP: configuration, whitelist, certificates and revocation list are read again; what is bad stays as it was.
extension Service {
    func reload() async -> AgentExit? {
        notifier.reloading(at: Clock.monotonic)
        defer { notifier.ready() }
        isReady = true
        do throws(SetupFault) {
            let next = try Setup.load(configurationPath)
            for warning in next.warnings { voice.warning("\(configurationPath): \(warning)") }
            adopt(next)
            audit.note(.configurationReloaded)
        } catch {
            voice.error("\(error); the configuration in force stays")
            audit.note(.configurationRefused(reason: "\(error)"))
            voice.hint(error.hint)
        }
        // Also where the configuration is bad: logrotate asks for no more than that.
        audit.reopen(at: setup.auditPlace)
        voice.notice("reloaded")
        // What the manager is verified with was read when the enrollment began; somebody may have put it right.
        if lastPhase == .untrusted { endEnrollment("is begun anew") } else { enrollment?.nudge() }
        return await lookAround(readsAgain: true)
    }

    private func adopt(_ next: Setup) {
        let old = setup.configuration
        if next.configuration.server != old.server, server != nil {
            voice.warning("the section server takes effect when the service is restarted")
        }
        // Who would enroll us, or where to, has changed: what is under way was meant for somebody or somewhere else.
        if next.configuration.enrollment != old.enrollment || next.tls != setup.tls
            || next.configuration.whitelistPath != old.whitelistPath
        {
            endEnrollment("is ended: the configuration has changed")
        }
        setup = next
        work.set(next.configuration.jobs)
        limiter.use(next.configuration.rateLimit)
        // Not at every reload: who reloads each minute would put it off for ever.
        if next.configuration.enrollment.managerURL != old.enrollment.managerURL { planListRefresh() }
    }

    /// Reads the whitelist; one that can't be used leaves the one in force, and at start-up denies everybody.
    /// `again`: also one that has not changed, with its names asked for anew.
    func readWhitelist(again: Bool = false) {
        do {
            let file = try WhitelistFile.read(path: setup.configuration.whitelistPath, root: .live)
            whitelistFault = nil
            guard again || file != whitelist else { return }
            try admit(file)
            whitelist = file
            if file.isEmpty {
                voice.warning("the whitelist '\(setup.configuration.whitelistPath)' is empty: nobody may connect")
            }
            resolve(file)
        } catch {
            whitelistFault = (error as? WhitelistFault)?.reason ?? "\(error)"
            voice.error("\(error); what was in force before stays, and at first that is: nobody may connect")
        }
    }

    /// Whom the gate lets in now.
    var admission: Admission {
        guard gate.isClosed else { return .open(entries: whitelist?.entries.count ?? 0, names: resolved.count) }
        if whitelist?.isEmpty != false, let whitelistFault { return .unusable(reason: whitelistFault) }
        guard let whitelist, !whitelist.isEmpty else { return .empty }
        return .unresolved(names: whitelist.hostNames.count)
    }

    /// Lets in whom the file names, and ends the connections of all others. Names have the addresses that they had
    /// when they were last found, so that a resolver that is down locks nobody out.
    private func admit(_ file: WhitelistFile) throws(Whitelist.InvalidEntry) {
        let found = file.hostNames.flatMap { resolved[$0] ?? [] }
        gate.replace(with: try Whitelist(file.entries + found.map(\.description)))
        server?.review()
    }

    /// Asks for host names aside: a resolver that does not answer must not keep addresses from being let in. One
    /// question at a time: each waits in a thread of its own.
    func resolve(_ file: WhitelistFile) {
        guard !file.hostNames.isEmpty, !isResolving else { return }
        isResolving = true
        let mailbox = mailbox
        Task(executorPreference: ThreadExecutor()) {
            var found: [String: [IPAddress]] = [:]
            for name in file.hostNames {
                let addresses = HostLookup.addresses(of: name)
                if !addresses.isEmpty { found[name] = addresses }
            }
            mailbox.post(.resolved(file, found))
        }
    }

    /// An answer about a file that is not in force any more counts for nothing.
    func take(_ found: [String: [IPAddress]], of file: WhitelistFile) {
        isResolving = false
        guard file == whitelist else {
            if let whitelist { resolve(whitelist) }
            return
        }
        let missing = file.hostNames.filter { found[$0] == nil }
        for name in missing where resolved[name] != [] {
            voice.warning(
                "whitelist: no address was found for '\(name.harmless(limit: 253))'; it is asked for again")
        }
        let old = resolved
        resolved = [:]
        for name in file.hostNames { resolved[name] = found[name] ?? old[name] ?? [] }
        // Addresses of names change, and nobody tells.
        set(.names, after: pace.shortened(missing.isEmpty ? StartDecision.usualLook : .seconds(300)))
        do throws(Whitelist.InvalidEntry) { try admit(file) } catch { voice.error("\(error)") }
        if case .serving(let serving) = state { show(serving) }
    }
}
