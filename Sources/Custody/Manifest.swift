import Evidence
import Values

/// `manifest.json`: what was sealed, by whom and when, and what could not be collected.
struct Manifest: Hashable, Sendable, Codable {
    static let format = "patch-doctor.manifest/1"

    var schema = Manifest.format
    var tool: Tool
    var host: Host
    var times: Times
    var target: Target
    var observer: Observer
    /// How many files are listed: a list that was cut short shows.
    var items: Int
    var files: [File]
    /// What was wanted and not collected.
    var absent: [Absence]
    var signature: Signature

    struct Tool: Hashable, Sendable, Codable {
        var name: String
        var version: String
    }

    struct Host: Hashable, Sendable, Codable {
        var name: String
        /// SHA-256 of machine-id(5); nil where unknown.
        var machine: Digest?
        var boot: String?
    }

    struct Times: Hashable, Sendable, Codable {
        var started: WallTime
        var finished: WallTime
        var sealed: WallTime
        /// CLOCK_MONOTONIC and CLOCK_BOOTTIME at the seal, microseconds: no clock step moves them.
        var monotonic: UInt64
        var boottime: UInt64
        /// nil where nobody could tell.
        var synchronized: Bool?
    }

    struct File: Hashable, Sendable, Codable {
        var path: BundlePath
        /// In bytes.
        var size: UInt64
        var sha256: Digest
        /// What was read: `/proc/net/tcp`.
        var source: String
        /// When it was read, by the host's clock.
        var collected: WallTime
        /// What was taken out before it was written.
        var redactions: [String]?
        /// Why it is shorter than its source.
        var truncation: String?
        /// The name that its collector gave it, where no bundle may hold that.
        var named: String?
    }

    /// Either `signed` with the signer, or not with the reason.
    struct Signature: Hashable, Sendable, Codable {
        var signed: Bool
        var subject: String?
        var fingerprint: Digest?
        var because: String?
    }

    /// The lines that `SHA256SUMS` must hold for these files, as sha256sum(1) writes them.
    static func sums(of files: [File]) -> [UInt8] {
        var text = ""
        for file in files where file.path.text != BundleLayout.sums {
            // sha256sum(1): a backslash in a name is doubled, and one in front of the line says so.
            let escaped = file.path.text.split(separator: "\\", omittingEmptySubsequences: false)
            text += escaped.count > 1 ? "\\" : ""
            text += "\(file.sha256)  \(escaped.joined(separator: "\\\\"))\n"
        }
        return Array(text.utf8)
    }

    /// The digests in a `SHA256SUMS` by path; nil where it is not written as `sums(of:)` does.
    static func digests(inSums bytes: [UInt8]) -> [String: Digest]? {
        var result: [String: Digest] = [:]
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        for line in text.split(separator: "\n") {
            let isEscaped = line.hasPrefix("\\")
            let plain = isEscaped ? line.dropFirst() : line
            guard let digest = Digest(rawValue: String(plain.prefix(64))), plain.dropFirst(64).hasPrefix("  ") else {
                return nil
            }
            let name = plain.dropFirst(66)
            result[
                isEscaped
                    ? name.split(separator: "\\\\", omittingEmptySubsequences: false).joined(separator: "\\")
                    : String(name)] = digest
        }
        return result
    }
}
