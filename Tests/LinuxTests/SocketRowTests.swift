import Linux
import TestKit
import Testing
import Values

@Suite struct SocketRowTests {
    @Test func `a listener of proc net tcp is read with address, state, user and inode`() throws {
        let line = Array(
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 46181 1 0 100 0"
                .utf8)
        let row = try #require(SocketRow(parsing: line))
        #expect(row.local.description == "127.0.0.1:8080")
        #expect(row.state == .listen)
        #expect(row.user == 1000)
        #expect(row.inode == 46181)
    }

    @Test func `a recorded dual-stack listener and its mapped connection are read from tcp6`() throws {
        var rows: [SocketRow] = []
        try SocketTable.tcp6.forEachRow(at: HostRoot(Fixture.host("enrollment-holds-port"))) { row, _ in
            rows.append(row)
            return true
        }
        #expect(rows.map(\.state) == [.listen, .finWait2])
        #expect(rows.map(\.local.description) == ["[::]:12443", "[::ffff:127.0.0.1]:12443"])
        #expect(rows[1].local.address.isMapped)
        #expect(rows[1].inode == 0)
    }

    @Test func `no cut or damaged line is taken for a socket or crashes`() {
        let line = Array(
            "   0: 0000000000000000FFFF00000100007F:309B 0000000000000000FFFF00000100007F:EDF0 05 0:0 03:1 0 0 0 7 1"
                .utf8)
        for length in 0..<(line.count - 3) {
            #expect(SocketRow(parsing: Array(line.prefix(length))) == nil)
        }
        for index in line.indices {
            var damaged = line
            damaged[index] = UInt8(ascii: "~")
            _ = SocketRow(parsing: damaged)
        }
        #expect(SocketRow(parsing: Array("  sl  local_address rem_address   st".utf8)) == nil)
    }

    @Test func `a number that does not fit is none`() {
        func decimal(_ text: String) -> UInt64? {
            var cursor = ByteCursor()
            return cursor.decimal(in: Array(text.utf8).span)
        }
        #expect(decimal("18446744073709551616") == nil)
        #expect(decimal("18446744073709551615") == .max)
    }

    @Test func `the kernel's filtered answer and its table agree on an own listener`() throws {
        let own = try OwnSocket(.ipv6)
        own.startListening()
        let fromTable = try SocketTable.listeners(on: own.port, at: .live)
        #expect(fromTable.map(\.inode) == [own.inode])
        guard SocketDiagnosis.isResident,
            let fromKernel = SocketDiagnosis.sockets(of: own.port, in: [.listen])
        else { return }
        #expect(fromKernel == fromTable)
    }

    @Test func `damaged netlink messages are a failure, not a crash`() {
        var bytes = [UInt8](repeating: 0xFF, count: 100)
        #expect(DiagnosisMessages(parsing: bytes).failed)
        bytes = [3, 0, 0, 0] + [UInt8](repeating: 0, count: 96)
        #expect(DiagnosisMessages(parsing: bytes).failed)
        for length in 0..<16 {
            #expect(DiagnosisMessages(parsing: Array(bytes.prefix(length))).rows.isEmpty)
        }
    }
}
