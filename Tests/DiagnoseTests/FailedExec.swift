import Evidence
import TestKit

extension Snapshot {
    /// A loop whose attempts end with this exit status, and these words of systemd's.
    func exiting(_ status: Int32, _ words: String) -> Snapshot {
        failing(words).with { $0.unit.edit { $0.always { $0.execMainStatus = status } } }
    }

    /// A loop whose attempts end with this result, and by this signal where there was a process.
    func ending(_ result: String, signal: Int32? = nil, dumped: Bool = false, _ words: String) -> Snapshot {
        failing(words).with { host in
            host.unit.edit { unit in
                unit.always { look in
                    look.result = result
                    look.execMainCode = signal == nil ? 0 : dumped ? 3 : 2
                    look.execMainStatus = signal ?? 0
                }
            }
        }
    }
}
