import Custody
import Evidence
import Glibc
import Linux
import TestKit
import Values

// sealer DIRECTORY directory|archive [KIBIBYTES [CERTIFICATE KEY]]: seals the incident with that much raw material in
// 40 items (in 4 where it is less than 40 KiB), attaches a report, and prints the bundle's path and what each step took in milliseconds.

let arguments = CommandLine.arguments
guard arguments.count >= 3, let form = BundleForm(rawValue: arguments[2]) else {
    Terminal.write("usage: sealer DIRECTORY directory|archive [KIBIBYTES [CERTIFICATE KEY]]\n", to: .standardError)
    exit(64)
}
let kibibytes = arguments.count > 3 ? Int(arguments[3]) ?? 40 : 40
let signer = arguments.count > 5 ? SigningIdentity(certificate: arguments[4], key: arguments[5]) : nil

/// Text that compresses about as well as a journal does.
func material(_ count: Int, seed: Int) -> [UInt8] {
    var state = UInt64(seed) | 1
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 80)
    while bytes.count < count {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes += Array("May 20 20:23:55 linux-patch-api[\(state >> 48)]: Failed to bind 0.0.0.0:12443 \(state)\n".utf8)
    }
    return Array(bytes.prefix(count))
}

let count = kibibytes < 40 ? 4 : 40
let items = (0..<count).map { index in
    RawItem(
        "systemd/\(index % 4)/item-\(index)", content: material(kibibytes * 1024 / count, seed: index),
        source: Source("item \(index)", time: .now))
}

/// Milliseconds with two decimals.
func milliseconds(since start: UInt64) -> String {
    let hundredths = (Clock.monotonic - start) / 10
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}

do {
    let start = Clock.monotonic
    let sealed = try Sealer(directory: arguments[1], form: form, signer: signer).seal(.incident, raw: items)
    let sealing = milliseconds(since: start)
    Terminal.write("sealed \(sealed.location)\n", to: .standardOutput)
    let attaching = Clock.monotonic
    try sealed.attachReport(json: Array("{}\n".utf8), markdown: Array("# Report\n".utf8))
    let attached = milliseconds(since: attaching)
    let finishing = Clock.monotonic
    let path = try sealed.finish()
    Terminal.write(
        "finished \(path)\nseal \(sealing) ms, attach \(attached) ms, finish \(milliseconds(since: finishing)) ms\n",
        to: .standardOutput)
} catch {
    Terminal.write("sealer: error: \(error)\n", to: .standardError)
    exit(1)
}
