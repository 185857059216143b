public import Evidence
import Values

extension Snapshot {
    /// The same host after its end, of which only the disk is left: no sockets, no processes, no systemd to ask. The
    /// journal ends ten minutes before anybody looks.
    public func fromItsDisk(journalEnds end: String = "2026-05-28T18:40:00Z") -> Snapshot {
        with { host in
            func gone<Value>(_ what: String) -> Reading<Value> {
                .unseen(what, .notAvailable, why: "what is looked at is a directory, not the running host")
            }
            let written = host.unit.known?.last.map { look in
                var written = look
                written.forgetState()
                return written
            }
            host.observer.offline = Observer.Offline(root: "/mnt/dead", journal: nil)
            host.observer.finished = .now + .seconds(600)
            host.unitFiles.edit { $0.asWritten = written }
            host.journal.edit { $0.reachesTo = .at(end) }
            host.clock = gone("clock")
            host.unit = gone("state of \(host.target.unit)")
            host.port = gone("port \(host.target.port)")
            host.processes = gone("processes")
            host.served = gone("served certificate")
            host.disks = gone("file systems")
        }
    }

    /// The same with nothing left but the journal.
    public func fromItsJournal() -> Snapshot {
        fromItsDisk().with { host in
            func gone<Value>(_ what: String) -> Reading<Value> {
                .unseen(what, .notAvailable, why: "what is looked at are journal files alone")
            }
            host.observer.offline = Observer.Offline(root: nil, journal: "/srv/journal")
            host.unitFiles = gone("unit files")
            host.program = gone("program")
            host.configuration = gone("configuration")
            host.certificates = gone("certificates")
            host.enrollment = gone("enrollment")
            host.package = gone("package")
        }
    }
}

extension UnitLook {
    /// Leaves what unit files say.
    fileprivate mutating func forgetState() {
        (activeState, subState, result, statusText, invocationID, controlGroup) = ("", "", "", "", "", "")
        (nRestarts, mainPID, execMainPID, execMainCode, execMainStatus) = (0, 0, 0, 0, 0)
        (execMainStart, execMainExit, stateChange, activeEnter) = (nil, nil, nil, nil)
    }
}
