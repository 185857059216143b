import Linux
import TestKit
import Testing
import Values

@Suite struct ProcessFilesTests {
    @Test func `a name that looks like stat's own fields does not shift them`() throws {
        let root = HostRoot(Fixture.host("enrollment-holds-port"))
        let stat = try ProcessDirectory(14, at: root).stat()
        #expect(stat.name == "x) S 1 (y")
        #expect(stat.state == "S")
        #expect(stat.parent == 1)
        #expect(stat.startTicks > 0)
    }

    @Test func `the limit of open files is the soft one, and none is none`() {
        func limits(_ text: String) -> ProcessLimits? { ProcessLimits(parsing: Array(text.utf8)) }
        let head = "Limit                     Soft Limit           Hard Limit           Units     \n"
        let both = limits(head + "Max open files            1024                 524288               files     \n")
        #expect(both?.openFiles == 1024 && both?.openFilesHard == 524_288)
        let none = limits("Max open files            unlimited            unlimited            files\n")
        #expect(none != nil && none?.openFiles == nil && none?.openFilesHard == nil)
        for text in ["", head, "Max open files", "Max open files            many  4096 files\n"] {
            #expect(limits(text) == nil)
        }
    }

    @Test func `no cut stat line crashes or is believed`() {
        let line = Array("12 (a) b) S 1 12 12 0 -1 4194304 94 0 0 0 0 0 0 0 20 0 1 0 472331 0 0".utf8)
        #expect(ProcessStat(parsing: line)?.startTicks == 472331)
        #expect(ProcessStat(parsing: line)?.name == "a) b")
        for length in 0..<(line.count - 10) {
            #expect(ProcessStat(parsing: Array(line.prefix(length))) == nil)
        }
    }

    @Test func `the effective user is told from the real one`() {
        let status = Array("Name:\tsudo\nUid:\t1000\t0\t0\t0\nGid:\t1000\t0\t0\t0\nNSpid:\t1218\t7\n".utf8)
        let read = ProcessStatus(parsing: status)
        #expect(read?.realUser == 1000)
        #expect(read?.effectiveUser == 0)
        #expect(read?.namespacePids == [1218, 7])
        #expect(ProcessStatus(parsing: Array("Name:\tx\n".utf8)) == nil)
    }

    @Test(
        arguments: [
            ("0::/system.slice/linux-patch-api.service\n", "linux-patch-api.service", nil, nil),
            ("0::/user.slice/user-0.slice/session-3.scope\n", "session-3.scope", nil, "3"),
            ("9:name=systemd:/user.slice/user-0.slice/session-3.scope\n0::/\n", "session-3.scope", nil, "3"),
            ("4:memory:/somewhere\n1:name=systemd:/system.slice/cron.service\n", "cron.service", nil, nil),
            (
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/linux-patch-api.service\n",
                "user@1000.service", "linux-patch-api.service", nil
            ),
            (
                "0::/machine.slice/machine-x.scope/payload/system.slice/linux-patch-api.service\n", "machine-x.scope",
                nil, nil
            ),
            ("0::/\n", nil, nil, nil),
        ] as [(String, String?, String?, String?)])
    func `a process belongs to the system manager's unit, whatever lies deeper`(
        file: String, unit: String?, userUnit: String?, session: String?
    ) throws {
        let group = try #require(ControlGroup(parsing: Array(file.utf8)))
        #expect(group.unit() == unit)
        #expect(group.userUnit() == userUnit)
        #expect(group.session() == session)
    }

    @Test func `inside a container the manager's own root is not part of unit names`() throws {
        let first = ControlGroup(path: "/host.slice/box.service/init.scope")
        let group = ControlGroup(path: "/host.slice/box.service/system.slice/linux-patch-api.service")
        #expect(group.unit() == "box.service")
        #expect(group.unit(below: first.managerRoot) == "linux-patch-api.service")
    }

    @Test func `arguments keep empty ones and lose the padding of a title`() {
        #expect(ProcessWords.arguments(parsing: Array("a\0\0b\0".utf8)) == ["a", "", "b"])
        #expect(ProcessWords.arguments(parsing: Array("nginx: master\0\0\0\0".utf8)) == ["nginx: master"])
        #expect(ProcessWords.arguments(parsing: []) == [])
        #expect(ProcessWords.arguments(parsing: [0, 0]) == [])
    }

    @Test func `a login user that was never set is none`() {
        #expect(ProcessWords.loginUser(parsing: Array("4294967295".utf8)) == nil)
        #expect(ProcessWords.loginUser(parsing: Array("1000".utf8)) == 1000)
        #expect(ProcessWords.loginUser(parsing: []) == nil)
    }

    @Test func `only a socket's link has a socket's inode`() {
        func inode(_ link: String) -> UInt64? { ProcessWords.inode(ofLink: link, kind: "socket") }
        #expect(inode("socket:[46181]") == 46181)
        #expect(inode("pipe:[46181]") == nil)
        #expect(inode("socket:[46181") == nil)
        #expect(inode("/tmp/socket:[1]x") == nil)
    }

    @Test func `a process that ended is gone, and its successor is not taken for it`() throws {
        let child = try IdleChild(holding: 0, as: 0)
        let process = try ProcessDirectory(child.pid)
        #expect(try process.stat().pid == child.pid)
        child.end()
        do {
            _ = try process.stat()
            Issue.record("a process that ended was read")
        } catch {
            #expect(error.isGone)
        }
    }
}
