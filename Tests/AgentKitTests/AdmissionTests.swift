import TestKit
import Testing
import Values

@testable import AgentKit

/// Whom the whitelist lets in is told where a person looks first.
@Suite struct AdmissionTests {
    private func admission(_ text: String) throws -> Admission {
        let directory = try TemporaryDirectory()
        try directory.write("whitelist.yaml", text)
        return Admission(reading: directory.path + "/whitelist.yaml")
    }

    @Test func `a list that lets nobody in is named with its path and the reason`() throws {
        let empty = try admission("entries: []\n")
        #expect(empty.closed("/w.yaml") == "nobody may connect: the whitelist '/w.yaml' is empty")
        #expect(empty.words("/w.yaml").contains("nobody may connect"))
        for text in ["entries: 127.0.0.1\n", "{}", "entries:\n  - 10.0.0.0/99\n"] {
            let damaged = try admission(text)
            #expect(damaged.closed("/w.yaml")?.hasPrefix("nobody may connect: cannot use") == true, "\(text)")
        }
        #expect(Admission(reading: "/nowhere/w.yaml").closed("/w")?.contains("no such file") == true)
    }

    @Test func `one that lets somebody in is counted`() throws {
        let open = try admission("entries:\n  - 10.0.0.0/8\n  - manager.example\n")
        #expect(open.closed("/w.yaml") == nil)
        #expect(open.words("/w.yaml") == "1 address or network, 1 host name may connect")
    }

    @Test func `the status says so behind the address and before all else`() {
        var serving = ServiceState.Serving(address: "0.0.0.0:12443", notAfter: WallTime(seconds: 1_790_000_000))
        serving.concern = "due"
        let open = ServiceState.serving(serving).words
        #expect(!open.contains("nobody"))
        serving.closed = Admission.empty.closed("/w.yaml")
        let closed = ServiceState.serving(serving).words
        #expect(closed.contains("UTC; nobody may connect: the whitelist '/w.yaml' is empty; due"), "\(closed)")
    }
}
