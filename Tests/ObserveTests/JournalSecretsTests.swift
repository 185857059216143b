@testable import Observe
import Testing

@Suite struct JournalSecretsTests {
    private func masked(_ lines: String...) -> [String] {
        var secrets = LineSecrets()
        return lines.map { String(decoding: secrets.mask(Array($0.utf8)), as: UTF8.self) }
    }

    @Test(arguments: [
        ("polling_token=abc123 next", "polling_token=<masked> next"),
        ("token: abc, retry", "token: <masked>, retry"),
        (#"{"Password" : "p w", "x": 1}"#, #"{"Password" : "<masked> w", "x": 1}"#),
        ("Authorization: Bearer abc.def", "Authorization: Bearer <masked>"),
        ("sent Bearer abc.def!", "sent Bearer <masked>"),
        ("GET https://u:p@host:1/x?token=abc&y=1", "GET https://<masked>@host:1/x?token=<masked>&y=1"),
        ("_CMDLINE=agent --polling-token abc --quiet", "_CMDLINE=agent --polling-token <masked> --quiet"),
        ("unexpected token in line 3", "unexpected token in line 3"),
        ("see https://host/a@b", "see https://host/a@b"),
        ("ends in token=", "ends in token="),
    ])
    func `a secret goes, what is around it stays`(line: String, expected: String) {
        #expect(masked(line) == [expected])
    }

    @Test func `a private key goes, in one message or line by line, and what follows stays`() {
        #expect(
            masked("MESSAGE=-----BEGIN EC PRIVATE KEY-----\nab\n-----END EC PRIVATE KEY----- after")
                == ["MESSAGE=<masked> after"])
        #expect(
            masked("-----BEGIN PRIVATE KEY-----", "short", "-----END PRIVATE KEY-----", "after")
                == ["<masked>", "<masked>", "<masked>", "after"])
    }

    @Test func `a line from the middle of a key goes, a digest stays`() {
        #expect(masked("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0000") == ["<masked>"])
        let digest = String(repeating: "0123456789abcdef", count: 4)
        #expect(masked(digest) == [digest])
    }
}
