import Linux
import Packages

/// The kernels that are installed, by the names of their images and modules.
struct InstalledKernels {
    /// As `uname -r` would say each.
    let releases: [String]

    init(at root: HostRoot) {
        var found = root.names(in: "/boot").compactMap(Self.release(ofImage:))
        let modules = root.names(in: "/lib/modules").filter { Self.isRelease($0) }
        // A directory of modules stays behind where anything else wrote into it: what tells is an image in it, or, where
        // /boot has images without a version (Arch, Alpine), modules.
        let isUnversioned = found.isEmpty
        found += modules.filter { release in
            let directory = "/lib/modules/" + release
            return (try? FileStatus(of: root.place(directory + "/vmlinuz"))) != nil
                || isUnversioned && !root.names(in: directory + "/kernel", limit: 1).isEmpty
        }
        releases = Array(Set(found))
    }

    init(_ releases: [String]) { self.releases = releases }

    /// The newest that is newer than `running` and of the same flavour; nil where that is the newest.
    func successor(of running: String) -> String? {
        let flavour = Self.flavour(of: running)
        let newer = releases.filter { Self.flavour(of: $0) == flavour && PackageVersionOrder.isOlder(running, $0) }
        return newer.max { PackageVersionOrder.isOlder($0, $1) }
    }

    /// `vmlinuz-6.1.0-25-amd64`; nil for rescue images, for copies that boot loaders pass over, and for names without a
    /// version.
    static func release(ofImage name: String) -> String? {
        guard let prefix = ["vmlinuz-", "vmlinux-"].first(where: name.hasPrefix) else { return nil }
        let release = String(name.dropFirst(prefix.count))
        let isCopy = [".old", ".bak", "~"].contains(where: release.hasSuffix) || release.contains(".dpkg-")
        return isRelease(release) && !isCopy && !release.hasPrefix("0-rescue") ? release : nil
    }

    private static func isRelease(_ text: String) -> Bool {
        text.utf8.count <= 128 && text.utf8.first.map { (48...57).contains($0) } == true
    }

    /// What distinguishes kernels that do not replace each other: `cloud-amd64` of `6.1.0-25-cloud-amd64`, `generic`,
    /// `lts`, `debug` of `5.14.0-427.el9.x86_64+debug`; empty where the version is all there is.
    static func flavour(of release: String) -> String {
        let parts = release.split(separator: "-").dropFirst()
        if let last = parts.last, let plus = last.firstIndex(of: "+"), last.index(after: plus) != last.endIndex {
            return String(last[last.index(after: plus)...])
        }
        // Oracle's second line of kernels differs in the middle of its version.
        if parts.last?.contains("uek.") == true { return "uek" }
        let words = parts.reversed().prefix { part in
            part.utf8.first.map { !(48...57).contains($0) } == true && !isCandidate(part)
        }
        return words.reversed().joined(separator: "-")
    }

    /// `rc3`: part of a version.
    private static func isCandidate(_ part: Substring) -> Bool {
        part.hasPrefix("rc") && part.dropFirst(2).utf8.allSatisfy { (48...57).contains($0) }
    }
}
