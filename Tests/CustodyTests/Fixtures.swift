import Custody
import Evidence

import TestKit
import Values

extension Snapshot {
    /// The smallest bundle: nothing was looked for.
    static var bare: Snapshot {
        Snapshot(
            target: Target(),
            observer: Observer(
                version: "test", arguments: ["--unit", "x"], effectiveUser: 0, started: .now, finished: .now))
    }
}

extension RawItem {
    static func text(_ path: String, _ text: String) -> RawItem {
        RawItem(path, content: Array(text.utf8), source: Source("/" + path, path: "raw/" + path, time: .now))
    }

    static var few: [RawItem] {
        [
            .text("proc/net/tcp", "  sl  local_address rem_address   st\n   0: 00000000:309B 00000000:0000 0A\n"),
            .text("systemd/linux-patch-api.service", "NRestarts=4762\nMainPID=0\n"),
        ]
    }
}

/// What openssl(1) makes: a CA, and below it certificates as the agent has them.
struct Authority {
    let scratch: Scratch

    static let shared = Result { try Authority() }

    private init() throws {
        scratch = try Scratch()
        let made = try scratch.shell(
            """
            set -e
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 -subj '/CN=Patch CA'
            issue() { # name, how to make the key
              openssl genpkey $2 -out $1.key
              openssl req -new -key $1.key -subj "/CN=$1" -out $1.csr
              printf 'extendedKeyUsage=serverAuth\\nsubjectAltName=DNS:host\\n' > $1.ext
              openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days ${3:-30} -extfile $1.ext -out $1.pem
            }
            issue rsa '-algorithm RSA -pkeyopt rsa_keygen_bits:2048'
            issue ec '-algorithm EC -pkeyopt ec_paramgen_curve:P-256'
            issue ed25519 '-algorithm ED25519'
            openssl pkcs8 -topk8 -in rsa.key -passout pass:secret -out encrypted.key
            """)
        guard made.status == 0 else { throw Failure(output: made.output) }
    }

    struct Failure: Error { var output: String }

    func identity(_ name: String, key: String? = nil) -> SigningIdentity {
        SigningIdentity(certificate: scratch.file("\(name).pem"), key: scratch.file("\(key ?? name).key"))
    }
}

/// A bundle with everything in it: signed, with raw items and a report.
func wholeBundle(
    in scratch: Scratch, form: BundleForm = .directory, signer: SigningIdentity? = nil, snapshot: Snapshot = .bare
) throws -> (path: String, evidence: SealedEvidence) {
    let sealed = try Sealer(directory: scratch.file("evidence"), form: form, signer: signer)
        .seal(snapshot, raw: RawItem.few)
    try sealed.attachReport(json: Array("{\"verdict\": \"unhealthy\"}\n".utf8), markdown: Array("# Report\n".utf8))
    return (try sealed.finish(), sealed)
}
