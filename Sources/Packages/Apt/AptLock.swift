import Linux
import Values

/// dpkg's locks, which are record locks of fcntl(2): whoever works with packages holds the first, dpkg itself the second.
struct AptLock {
    let host: AptHost

    struct Holder: Hashable {
        var process: FileLocks.Holder
        var program: String

        var words: String {
            guard case .process(let pid) = process else { return "a process outside of this container" }
            return "\(program) (pid \(pid))"
        }
    }

    /// Who has one of them now; asking takes none.
    func holder() -> Holder? {
        for name in ["lock-frontend", "lock"] {
            guard let holder = try? FileLocks.holder(of: host.database + "/" + name) else { continue }
            guard case .process(let pid) = holder else { return Holder(process: holder, program: "") }
            let bytes = (try? contents(of: "/proc/\(pid)/comm", limit: 64)) ?? []
            let program = String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self).harmless(limit: 32)
            return Holder(process: holder, program: program.isEmpty ? "a process" : program)
        }
        return nil
    }

    /// Waits until nobody has one, as long as the transaction's patience lasts.
    func wait(_ stage: TransactionStage) throws(TransactionFault) {
        var last: Holder?
        while let holder = holder() {
            if holder != last { stage.report("waiting for \(holder.words), which has the lock of dpkg") }
            last = holder
            do throws(TransactionFault) {
                try stage.goOn()
            } catch  where error.code == .timeout {
                throw TransactionFault(
                    .locked,
                    "\(holder.words) has the lock of dpkg and kept it for as long as was waited: no package was touched; "
                        + "try again when it has finished")
            }
            stage.pause(.seconds(1))
        }
    }
}
