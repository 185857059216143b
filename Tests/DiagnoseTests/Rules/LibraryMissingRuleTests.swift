@testable import Diagnose
import Evidence
import Testing
import TestKit

@Suite struct LibraryMissingRuleTests {
    let rule = LibraryMissingRule()
    static let complaints = [
        "linux-patch-api: error while loading shared libraries: libssl.so.3: cannot open shared object file: "
            + "No such file or directory": "libssl.so.3",
        "linux-patch-api: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by "
            + "linux-patch-api)": "GLIBC_2.38",
        "linux-patch-api: symbol lookup error: linux-patch-api: undefined symbol: SSL_new, version OPENSSL_3.0.0":
            "symbol SSL_new",
        "Error loading shared library libssl.so.3: No such file or directory (needed by linux-patch-api)":
            "libssl.so.3",
    ]

    @Test(arguments: complaints)
    func `the loader's words name what is missing`(_ words: String, _ subject: String) {
        let judged = Judged(rule, on: Snapshot.healthy.exiting(127, words))
        #expect(judged.bearing == .blocks(.program))
        #expect(judged.faults.first?.subject == subject)
    }

    @Test func `a version that is missing ends with 1`() {
        let words = "x: libc.so.6: version `GLIBC_2.38' not found (required by x)"
        #expect(Judged(rule, on: Snapshot.healthy.exiting(1, words)).isGuilty)
    }

    @Test func `other last words clear it`() {
        #expect(Judged(rule, on: Snapshot.healthy.exiting(127, "sh: 1: agent: not found")).because != nil)
    }

    @Test func `status 127 with the journal closed is unknown, never a pass`() {
        let closed = Snapshot.healthy.exiting(127, "").with { $0.journal = .unseen("journal") }
        #expect(Judged(rule, on: closed).absence?.what == "journal")
    }

    @Test func `hostile words stay on one line`() {
        let words = "x: error while loading shared libraries: \u{1B}[2Jlib\u{202E}so: cannot open"
        let subject = Judged(rule, on: Snapshot.healthy.exiting(127, words)).faults.first?.subject
        #expect(subject == "\\u{1b}[2Jlib\\u{202e}so")
    }
}
