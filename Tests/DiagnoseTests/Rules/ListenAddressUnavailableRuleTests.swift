@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct ListenAddressUnavailableRuleTests {
    let rule = ListenAddressUnavailableRule()
    static let words = "Failed to bind to 10.9.9.9:12443: Cannot assign requested address (os error 99)"

    static func asked(_ address: String, failing words: String = words) -> Snapshot {
        .healthy.failing(words).with { $0.configuration.edit { $0.bindAddress = address } }
    }

    @Test func `an address that no interface has is the root`() {
        let diagnosis = Self.asked("10.9.9.9").diagnosed()
        #expect(diagnosis.ids(.root) == ["listen-address-unavailable"])
        #expect(diagnosis["listen-address-unavailable"]?.subject == "10.9.9.9")
    }

    @Test(arguments: ["0.0.0.0", "::", "127.0.0.53", "192.168.3.41", "fe80:0:0::1", "::ffff:192.168.3.41"])
    func `a wildcard, loopback or an own address can be bound`(address: String) {
        #expect(rule.answer(Self.asked(address, failing: Snapshot.portInUse)) == .clears)
    }

    @Test func `an own address that is refused again and again is probable`() {
        #expect(rule.fault(Self.asked("192.168.3.41"))?.confidence == .probable)
    }

    @Test func `an address that came too late is the origin of a service that gave up, not its root`() {
        let host = Self.asked("192.168.3.41").with { host in
            host.unit.edit { $0.always { $0.activeState = "failed" } }
            host.unit.edit { $0.always { $0.subState = "failed" } }
        }
        #expect(rule.answer(host) == .clears)
        #expect(host.diagnosed().ids(.origin) == ["listen-address-unavailable"])
    }

    @Test func `an address that vanished below a running service is a risk`() {
        let host = Snapshot.healthy.with { host in
            host.configuration.edit { $0.bindAddress = "10.9.9.9" }
            host.port.edit { $0.listeners[0].address = "10.9.9.9" }
        }
        #expect(host.diagnosed().ids(.risk) == ["listen-address-unavailable"])
    }

    @Test func `an unreadable configuration leaves the failure's own words`() {
        let host = Self.asked("10.9.9.9").with { $0.configuration = .unseen() }
        #expect(rule.fault(host)?.confidence == .probable)
    }

    @Test func `without interfaces or configuration nobody can tell`() {
        #expect(rule.answer(Self.asked("10.9.9.9").with { $0.port.edit { $0.localAddresses = [] } }) == .unknown)
        #expect(rule.answer(Snapshot.healthy.with { $0.configuration = .unseen() }) == .unknown)
    }
}
