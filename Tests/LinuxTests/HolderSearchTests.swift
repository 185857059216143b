import Linux
import TestKit
import Testing
import Values

@Suite struct HolderSearchTests {
    private let ownPid: Int32

    init() throws { ownPid = try #require(Int32(try Descriptor(directory: "/proc").link("self"))) }

    @Test func `an own listener is found with pid, start time and descriptor`() throws {
        let own = try OwnSocket()
        own.startListening()
        let census = try HolderSearch().holders(of: [own.inode])
        let hit = try #require(census.hits.first { $0.process.pid == ownPid })
        #expect(hit.descriptor == own.descriptor)
        #expect(try hit.process.startTicks == ProcessDirectory(ownPid).stat().startTicks)
        #expect(census.descriptors > 0)
    }

    @Test(arguments: [3, 700] as [Int32])
    func `a holder that merely inherited the descriptor is found too`(number: Int32) throws {
        let own = try OwnSocket()
        own.startListening()
        let child = try IdleChild(holding: own.descriptor, as: number)
        let census = try HolderSearch().holders(of: [own.inode])
        #expect(census.hits.contains { $0.process.pid == child.pid && $0.descriptor == number })
        #expect(census.hits.contains { $0.process.pid == ownPid && $0.descriptor == own.descriptor })
    }

    @Test func `every process is counted, whether a holder was found early or late`() throws {
        let own = try OwnSocket()
        own.startListening()
        // Waiting children are there before, during and after the search.
        let children = try (0..<3).map { _ in try IdleChild(holding: own.descriptor, as: 5).keepRunning() }
        defer { children.forEach(IdleChild.end) }
        let before = try Set(processes())
        let census = try HolderSearch().holders(of: [own.inode])
        let lasting = try before.intersection(processes())
        #expect(census.processes + census.unreadable.count >= lasting.count)
        #expect(Set(children).isSubset(of: census.hits.map(\.process.pid)))
    }

    private func processes() throws -> [Int32] {
        var pids: [Int32] = []
        try DirectoryEntries().forEachNumber(in: Descriptor(directory: "/proc")) { pid in
            pids.append(pid)
            return true
        }
        return pids
    }

    @Test func `comparing and looking find the same holders`() throws {
        let first = try OwnSocket()
        let second = try OwnSocket(.ipv6)
        let third = try OwnSocket()
        let child = try IdleChild(holding: first.descriptor, as: 40)
        // Up to two sockets are compared with a sample, three are looked at one by one.
        let compared = try HolderSearch().holders(of: [first.inode, second.inode])
        let looked = try HolderSearch().holders(of: [first.inode, second.inode, third.inode])
        // Other tests' children have all descriptors for the moment between fork and exec.
        func lasting(_ census: HolderCensus) -> [HolderCensus.Hit] {
            census.hits.filter { [ownPid, child.pid].contains($0.process.pid) && $0.inode != third.inode }
        }
        #expect(lasting(compared) == lasting(looked))
        #expect(compared.holders(of: first.inode).contains { $0.process.pid == child.pid })
    }

    @Test func `the first holder is enough where one is asked for, and the answer says so`() throws {
        let own = try OwnSocket()
        own.startListening()
        let census = try HolderSearch().firstHolder(of: [own.inode])
        #expect(!census.hits.isEmpty)
        #expect(census.stoppedEarly)
        #expect(!census.complete)
        #expect(try HolderSearch().firstHolder(of: [own.inode], likely: [ownPid]).hits.map(\.process.pid) == [ownPid])
    }

    @Test func `a socket that nobody holds has no holder, and everybody was asked`() throws {
        let census = try HolderSearch().holders(of: [.max])
        #expect(census.hits.isEmpty)
        #expect(!census.stoppedEarly)
        #expect(census.processes > 0)
    }

    @Test func `holders are read from the links of a recorded host`() throws {
        let root = HostRoot(Fixture.host("enrollment-holds-port"))
        let row = try #require(try SocketTable.listeners(on: 12443, at: root).first)
        let census = try HolderSearch(at: root).holders(of: [row.inode])
        #expect(census.hits.map(\.process.pid) == [15, 16])
        #expect(census.hits.map(\.descriptor) == [3, 3])
        #expect(census.complete)
    }
}
