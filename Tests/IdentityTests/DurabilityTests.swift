import TestKit
import Testing

/// What a power cut would show: a name never reaches the disk before what it names.
@Suite(.enabled(if: has("strace"), "strace is not installed: the order of system calls stays unseen"))
struct DurabilityTests {
    @Test func `everything is synced before it gets its name, and the name after it`() throws {
        let ground = try Ground()
        try TestIdentity.foreign.write(to: ground.directory, "new")
        try ground.install(.second)
        let run = try Writer.shell(
            "strace -y -qq -o trace -e trace=write,fsync,renameat,renameat2 \"$W\" '\(ground.statePath)' "
                + "'\(ground.certificates)' new", in: ground.directory)
        #expect(run.status == 0, "\(run.output)")
        let lines = String(decoding: try ground.directory.read("trace"), as: UTF8.self).split(separator: "\n")
        var unsynced: Set<Substring> = []
        var renames = 0
        for (index, line) in lines.enumerated() {
            let path = line.split(separator: "<").dropFirst().first?.split(separator: ">").first ?? ""
            if line.hasPrefix("write("), path.hasPrefix(ground.directory.path) {
                unsynced.insert(path)
            } else if line.hasPrefix("fsync(") {
                unsynced.remove(path)
            } else if line.hasPrefix("rename") {
                let name = line.split(separator: "\"")[1]
                guard name.hasPrefix(".new-") else { continue }
                renames += 1
                // A file of this name, or files in a directory of this name.
                #expect(!unsynced.contains { $0.contains(name) }, "\(line)")
                #expect(
                    lines[..<index].contains { $0.hasPrefix("fsync(") && $0.contains(name + ">") },
                    "never synced: \(line)")
                #expect(
                    lines[index...].contains { $0.hasPrefix("fsync(") && $0.contains("<\(path)>") },
                    "its directory is not synced: \(line)")
            }
        }
        // Token, answer, digest of the token, two records, one generation, four published files.
        #expect(renames == 10)
    }
}
