import Evidence
import Observe
import Values

/// Who holds the port that this agent wants: the doctor's own look, in one line.
enum PortHolder {
    /// nil where nobody listens, so that the cause is another one.
    static func words(of port: Port) -> String? {
        guard let fact = try? PortSurvey(of: port).holders(), !fact.listeners.isEmpty else { return nil }
        let reader = ProcessReader()
        var seen: [String] = []
        for holder in fact.listeners.flatMap(\.holders) {
            guard let process = try? reader.read(holder.process.pid), process.identity == holder.process else {
                continue
            }
            let line = words(of: process)
            if !seen.contains(line) { seen.append(line) }
        }
        guard !seen.isEmpty else { return "a process that this one may not see" }
        return seen.prefix(3).joined(separator: ", ")
    }

    private static func words(of process: ProcessFact) -> String {
        let command = process.arguments.isEmpty ? process.name : process.arguments.joined(separator: " ")
        return
            "'\(command.harmless(limit: 200))' (pid \(process.identity.pid), cgroup \(process.cgroup.harmless(limit: 200)))"
    }
}
