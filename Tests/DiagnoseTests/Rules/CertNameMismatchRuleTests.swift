@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct CertNameMismatchRuleTests {
    let rule = CertNameMismatchRule()

    static func covering(_ names: [String], of all: [String] = ["radarr-lxc.moon-dragon.us", "192.168.3.41"])
        -> Snapshot
    {
        .healthy.with {
            $0.certificates.edit {
                $0.hostNames = all
                $0.coveredNames = names
            }
        }
    }

    @Test func `a running agent with another host's certificate is probably out of the manager's reach`() {
        let diagnosis = Self.covering([]).diagnosed()
        #expect(diagnosis.ids(.root) == ["cert-name-mismatch"])
        #expect(diagnosis["cert-name-mismatch"]?.confidence == .probable)
    }

    @Test func `a service that fails does not fail on names`() {
        let failing = Self.covering([]).failing(Snapshot.portInUse)
        #expect(failing.diagnosed().ids(.risk) == ["cert-name-mismatch"])
    }

    @Test func `a name without any address is a risk, for the manager calls by address`() {
        #expect(Self.covering(["radarr-lxc.moon-dragon.us"]).diagnosed().ids(.risk) == ["cert-name-mismatch"])
    }

    @Test func `an address clears it, as does a name where the host has no address but loopback`() {
        #expect(rule.answer(Self.covering(["192.168.3.41"])) == .clears)
        #expect(rule.answer(Self.covering(["localhost"], of: ["localhost", "127.0.0.1"])) == .clears)
    }

    @Test func `a host that does not know its names can't tell`() {
        #expect(rule.answer(Self.covering([], of: [])) == .unknown)
        #expect(rule.answer(Snapshot.healthy.with { $0.certificates = .unseen() }) == .unknown)
    }
}
