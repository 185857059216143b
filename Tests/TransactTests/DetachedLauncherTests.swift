import Packages
import TestKit
import Testing
import Transact

/// Where there is no systemd, the process of a transaction has to outlive the agent all the same.
@Suite struct DetachedLauncherTests {
    @Test func `it runs in a session of its own, with nothing of ours, and is nobody's child here`() throws {
        let directory = try TemporaryDirectory()
        // Both ends of a named pipe wait for one another, so that nothing here has to wait for a file to appear.
        try ChildProcess(["mkfifo", directory.path + "/told"]).wait()
        let program = directory.path + "/program"
        try directory.write(
            "program",
            """
            #!/bin/sh
            read -r line </proc/$$/stat
            set -- "$*" ${line#*) }
            echo "$1|parent $3|session $5|self $$|$(readlink /proc/$$/fd/0)|$(env | cut -d= -f1 | sort | tr '\\n' ' ')" \
                >'\(directory.path)/told'
            """, mode: 0o755)
        try DetachedLauncher().launch(id: "t", directory: "/a/transaction", program: program)
        let told = try ChildProcess.output(of: ["cat", directory.path + "/told"])
        let parts = told.split(separator: "|").map(String.init)
        try #require(parts.count == 6, "\(told)")
        #expect(parts[0] == "--transaction /a/transaction")
        #expect(parts[1] != "parent \(try ChildProcess.output(of: ["sh", "-c", "echo $PPID"]).dropLast())")
        let ours = try ChildProcess.output(of: ["sh", "-c", "cut -d' ' -f6 /proc/$$/stat"]).dropLast()
        #expect(parts[2] != "session \(ours)")
        // Who is not the first of its session can't be given a terminal by accident (setsid(2)).
        #expect(parts[2].dropFirst("session ".count) != parts[3].dropFirst("self ".count))
        #expect(parts[4] == "/dev/null")
        #expect(parts[5].contains("PATH") && parts[5].contains("LC_ALL") && !parts[5].contains("HOME"))
    }

    @Test func `a program that is not there is told, and nothing is begun`() {
        #expect(throws: TransactionFault.self) {
            try DetachedLauncher().launch(id: "t", directory: "/a", program: "/nowhere/program")
        }
    }
}
