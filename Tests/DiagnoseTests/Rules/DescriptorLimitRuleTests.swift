@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct DescriptorLimitRuleTests {
    let rule = DescriptorLimitRule()
    let words = "Error: Failed to bind to 0.0.0.0:12443: Too many open files (os error 24)"

    func open(_ count: Int, of limit: UInt64? = 1024, handshake: Bool = false) -> Snapshot {
        Snapshot.healthy.with { host in
            host.descriptors.edit { ($0.open, $0.limit) = (count, limit) }
            host.served.edit { $0.handshake = handshake }
        }
    }

    @Test func `a service at its limit accepts nobody, with one to spare it is only near it`() {
        #expect(Judged(rule, on: open(1024)).bearing == .breaks)
        #expect(Judged(rule, on: open(1023)).bearing == .threatens)
        #expect(open(1024).diagnosed().ids(.root) == ["descriptor-limit"])
        #expect(open(1023, handshake: true).diagnosed().ids(.risk) == ["descriptor-limit"])
    }

    @Test func `from nine tenths on it is near, below it is not, and without a limit it never is`() {
        #expect(Judged(rule, on: open(922)).isGuilty)
        #expect(Judged(rule, on: open(921)).because != nil)
        #expect(Judged(rule, on: open(100_000, of: nil)).because != nil)
        #expect(Judged(rule, on: open(1000, of: 524_288)).because != nil)
    }

    @Test func `whoever got a hand-shake was accepted`() {
        #expect(Judged(rule, on: open(1024, handshake: true)).bearing == .threatens)
    }

    @Test func `a start that fails on it is a root, and other words are not`() {
        let host = Snapshot.healthy.failing(words).with { host in
            host.unit.edit { unit in unit.always { $0.descriptorLimit = 32 } }
            host.descriptors.edit { ($0.process, $0.open, $0.limit) = (nil, nil, nil) }
        }
        let diagnosis = host.diagnosed()
        #expect(diagnosis.ids(.root) == ["descriptor-limit"])
        #expect(diagnosis["descriptor-limit"]?.summary.contains("may open 32 files") == true)
        let other = host.with { $0.journal.edit { $0.epochs = [.failing("boom")] } }
        #expect(Judged(rule, on: other).because != nil)
        #expect(rule.recognises(.failing(words), on: .healthy) == "linux-patch-api.service")
        #expect(rule.recognises(.failing("Too many open files in system (os error 23)"), on: .healthy) == "host")
        #expect(rule.recognises(.failing("boom"), on: .healthy) == nil)
    }

    @Test func `what failed on it before the service ran well says nothing`() {
        let host = Snapshot.healthy.with { $0.journal.edit { $0.epochs = [.failing(words)] } }
        #expect(Judged(rule, on: host).because != nil)
    }

    @Test func `the host's own limit counts too`() {
        func host(_ open: UInt64) -> Snapshot {
            Snapshot.healthy.with { $0.descriptors.edit { ($0.hostOpen, $0.hostLimit) = (open, 100_000) } }
        }
        #expect(Judged(rule, on: host(98_000)).faults.map(\.subject) == ["host"])
        #expect(Judged(rule, on: host(97_000)).because != nil)
    }

    @Test func `a table that nobody could count is unknown`() {
        #expect(Judged(rule, on: Snapshot.healthy.with { $0.descriptors = .unseen("fds") }).absence?.what == "fds")
    }
}
