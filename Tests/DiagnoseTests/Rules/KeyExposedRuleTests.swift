@testable import Diagnose
import Evidence
import TestKit
import Testing
import Values

@Suite struct KeyExposedRuleTests {
    let rule = KeyExposedRule()

    static func mode(_ mode: UInt32, group: UInt32 = 0) -> Snapshot {
        .healthy.with {
            $0.certificates.edit {
                $0.edit(.key) {
                    $0.file.edit {
                        $0.mode = mode
                        $0.group = group
                    }
                }
            }
        }
    }

    @Test(arguments: [
        (0o644, 0, "every user"), (0o602, 0, "every user"), (0o640, 115, "group 115"), (0o640, 0, "the group of root"),
    ])
    func `a key that others may read or write is a risk`(mode: UInt32, group: UInt32, who: String) throws {
        let diagnosis = Self.mode(mode, group: group).diagnosed()
        #expect(diagnosis.ids(.risk) == ["key-exposed"])
        #expect(try #require(diagnosis["key-exposed"]).summary.contains(who))
        #expect(diagnosis.verdict == .healthy)
    }

    @Test(arguments: [0o600, 0o400, 0o711])
    func `a key of its owner alone clears it`(mode: UInt32) {
        #expect(rule.answer(Self.mode(mode, group: 115)) == .clears)
    }

    @Test func `a key in a directory that may not be searched is unknown`() {
        #expect(
            rule.answer(Snapshot.healthy.with { $0.certificates.edit { $0.edit(.key) { $0.file = .unseen() } } })
                == .unknown)
    }
}
