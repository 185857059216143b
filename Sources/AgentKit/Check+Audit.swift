import Audit
import Identity
import Linux
import Values
import Wire

/// What `--check` says of the audit log. It changes no exit status: that one is of configuration and certificates.
extension Check {
    struct AuditLook {
        let path: String
        let state: State

        enum State {
            case missing
            case unreadable(IdentityError)
            case read(AuditCheck)
        }

        init(_ setup: Setup) {
            path = setup.auditPlace.path
            do throws(IdentityError) {
                state = .read(try AuditCheck(reading: path))
            } catch {
                if case .storage(let fault) = error, fault.isNotFound {
                    state = .missing
                } else {
                    state = .unreadable(error)
                }
            }
        }

        /// `unbroken, 12 lines in 2 files`, or where the chain breaks.
        var words: String {
            switch state {
            case .missing: return "none yet"
            case .unreadable(let error): return "can't be read: \("\(error)".harmless(limit: 400))"
            case .read(let check):
                let size = "\(check.lines) lines in \(check.files) \(check.files == 1 ? "file" : "files")"
                guard let first = check.breaks.first else { return "unbroken, \(size)" }
                let more = check.breaks.count > 1 ? " and in \(check.breaks.count - 1) more places" : ""
                return "broken before line \(first.line) of \(first.file.harmless(limit: 200))\(more), \(size)"
            }
        }

        func write(to writer: inout JSONWriter) {
            writer.object { writer in
                writer.name("path")
                writer.string(path.harmless(limit: 4096))
                switch state {
                case .missing: break
                case .unreadable(let error):
                    writer.name("problem")
                    writer.string("\(error)".harmless(limit: 400))
                case .read(let check):
                    writer.name("lines")
                    writer.number(check.lines)
                    writer.name("files")
                    writer.number(check.files)
                    writer.name("breaks")
                    writer.array { writer in
                        for place in check.breaks {
                            writer.object { writer in
                                writer.name("file")
                                writer.string(place.file.harmless(limit: 255))
                                writer.name("line")
                                writer.number(place.line)
                            }
                        }
                    }
                }
            }
        }
    }
}
