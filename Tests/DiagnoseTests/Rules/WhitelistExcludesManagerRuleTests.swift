@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct WhitelistExcludesManagerRuleTests {
    let rule = WhitelistExcludesManagerRule()

    func host(_ change: (inout WhitelistFact) -> Void) -> Snapshot {
        Snapshot.healthy.with { $0.whitelist.edit(change) }
    }

    static func refused(_ address: String, _ time: String = "2026-05-28T18:30:00Z") -> RefusedPeer {
        RefusedPeer(address: address, lines: 3, last: .at(time), cursor: "s=1")
    }

    @Test func `a list without the manager's address is the root of a service that nobody reaches`() {
        let bad = host { $0.entries = ["10.0.0.0/8"] }
        #expect(bad.diagnosed().ids(.root) == ["whitelist-excludes-manager"])
        #expect(bad.diagnosed()["whitelist-excludes-manager"]?.summary.contains("192.168.3.10") == true)
        #expect(Judged(rule, on: host { $0.entries = ["10.0.0.0/8", "192.168.3.10"] }).because != nil)
        #expect(Judged(rule, on: host { $0.entries = ["::ffff:192.168.3.10"] }).because != nil)
    }

    @Test func `one admitted address of several is enough`() {
        #expect(Judged(rule, on: host { $0.managerAddresses = ["fd00::10", "192.168.3.10"] }).because != nil)
        #expect(Judged(rule, on: host { $0.managerAddresses = ["fd00::10", "10.3.3.10"] }).isGuilty)
    }

    @Test func `a list that is empty or can't be used lets nobody in, whoever the manager is`() {
        let empty = host { ($0.entries, $0.managerAddresses) = ([], []) }
        #expect(Judged(rule, on: empty).bearing == .breaks)
        let broken = host { ($0.problem, $0.managerAddresses) = ("it has no key 'entries'", []) }
        #expect(Judged(rule, on: broken).summary.contains("it has no key 'entries'"))
    }

    @Test func `a list that can't be used and was written later than the start is not in force yet`() {
        let later = host { ($0.problem, $0.file.modified) = ("line 2: nonsense", .at("2026-05-28T18:00:00Z")) }
        #expect(Judged(rule, on: later).bearing == .threatens)
        #expect(later.diagnosed().verdict == .healthy)
    }

    @Test func `a refused stranger is not the manager`() {
        #expect(Judged(rule, on: host { $0.refusals = .seen([Self.refused("203.0.113.9")]) }).because != nil)
        let named = host { fact in
            (fact.managerAddresses, fact.refusals) = ([], .seen([Self.refused("203.0.113.9")]))
        }
        #expect(Judged(rule, on: named).absence?.why.contains("203.0.113.9") == true)
        let quiet = named.with { $0.whitelist.edit { $0.refusals = .seen([]) } }
        #expect(Judged(rule, on: quiet).because != nil)
        let byName = named.with { $0.whitelist.edit { fact in fact.hostNames = [fact.manager ?? ""] } }
        #expect(Judged(rule, on: byName).because != nil)
    }

    @Test func `a manager refused by the present list is cited, one refused before it was mended is not`() {
        let bad = host {
            $0.entries = ["10.0.0.0/8"]
            $0.refusals = .seen([Self.refused("192.168.3.10")])
        }
        #expect(Judged(rule, on: bad).cited.contains("192.168.3.10 refused: not in the whitelist"))
        let older = bad.with { $0.whitelist.edit { $0.file.modified = .at("2026-05-28T18:35:00Z") } }
        #expect(!Judged(rule, on: older).cited.contains("refused"))
        #expect(Judged(rule, on: older).bearing == .threatens, "an old agent goes by the list it read at its start")
    }

    @Test func `names that only a name server knows leave it probable`() {
        let names = host { ($0.entries, $0.hostNames) = ([], ["bastion.example"]) }
        #expect(Judged(rule, on: names).confidence == .probable)
        let known = names.with { $0.whitelist.edit { $0.namedAddresses = ["192.168.3.10"] } }
        #expect(Judged(rule, on: known).because != nil)
    }

    @Test func `a service that is down or enrolls has other troubles`() {
        let failing = Snapshot.healthy.failing("boom").with { $0.whitelist.edit { $0.entries = ["10.0.0.0/8"] } }
        #expect(Judged(rule, on: failing).bearing == .threatens)
        let enrolling = Snapshot.enrolling(.pending).with { $0.whitelist.edit { $0.entries = [] } }
        #expect(Judged(rule, on: enrolling).notApplicable)
    }

    @Test func `without a manager there is nothing to judge, and an unread list is unknown`() {
        #expect(Judged(rule, on: host { ($0.manager, $0.entries) = (nil, []) }).notApplicable)
        #expect(Judged(rule, on: Snapshot.healthy.with { $0.whitelist = .unseen("list") }).absence?.what == "list")
    }
}
