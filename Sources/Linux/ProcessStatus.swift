/// What is read of /proc/PID/status (proc_pid_status(5)).
public struct ProcessStatus: Hashable, Sendable {
    /// Of the thread group's leader.
    public let realUser: UInt32
    public let effectiveUser: UInt32
    /// The pid in each nested PID namespace, from the reader's to the innermost.
    public let namespacePids: [Int32]

    public init?(parsing bytes: Span<UInt8>) {
        var users: (real: UInt32, effective: UInt32)?
        var pids: [Int32] = []
        var start = 0
        while start < bytes.count {
            let end = bytes.position(of: 10, from: start) ?? bytes.count
            let line = bytes.extracting(start..<end)
            start = end + 1
            guard let colon = line.position(of: UInt8(ascii: ":")) else { continue }
            let key = line.extracting(..<colon)
            let values = line.extracting((colon + 1)...)
            var cursor = ByteCursor()
            if key.equals("Uid"), let real = cursor.decimal(in: values), let effective = cursor.decimal(in: values) {
                users = (UInt32(truncatingIfNeeded: real), UInt32(truncatingIfNeeded: effective))
            } else if key.equals("NSpid") {
                while let pid = cursor.decimal(in: values) { pids.append(Int32(truncatingIfNeeded: pid)) }
            }
        }
        guard let users else { return nil }
        realUser = users.real
        effectiveUser = users.effective
        namespacePids = pids
    }
}
