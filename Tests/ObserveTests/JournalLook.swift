import Evidence
import Linux
import Observe
import TestKit
import Testing
import Values

/// A look at the journal files of a story.
struct JournalLook {
    let fact: JournalFact
    let raw: RawItem?

    init(_ story: JournalStory, patience: Interval = .seconds(3600)) async throws {
        let files = try story.written()
        try await self.init(in: files.path, patience: patience)
    }

    init(in directory: String, patience: Interval = .seconds(3600)) async throws {
        let seen = await JournalProbe(directory: directory, patience: patience).observe(.live)
        fact = try seen.snapshot.journal.required
        raw = seen.raw.first
    }

    /// `count × signature` of each present epoch.
    var epochs: [String] { fact.epochs.map { "\($0.count) × \($0.signature)" } }
}

enum Line {
    static let missing = "Error: TLS CA certificate not found: /etc/linux_patch_api/certs/ca.pem"

    static func inUse(_ second: Int) -> String {
        "2026-05-28T15:59:\(second % 50 + 10).123456Z ERROR linux_patch_api: "
            + "Failed to bind to 0.0.0.0:12443: Address already in use (os error 98)"
    }

    static let inUseSignature = "ERROR linux_patch_api: Failed to bind to <addr>: Address already in use (os error <n>)"
}
