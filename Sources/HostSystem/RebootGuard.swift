import Evidence
public import Linux
import Observe
import Values

/// What speaks against booting this host now: it would not come up again, or come up with its packages half-done.
public enum RebootGuard {
    /// Damaged, slow or huge ramdisks are given up after that.
    private static let patience = Interval.seconds(10)

    /// One sentence each, for a person; empty where nothing speaks against it. May take seconds, for it unpacks the
    /// newest kernel's ramdisk up to its first module: for a thread that may wait.
    public static func obstacles(at root: HostRoot = .live, database: PackageDatabase? = nil) -> [String] {
        let database = database ?? PackageDatabase(at: root)
        var obstacles = database.holders().map { "a package manager is at work: \($0)" }
        obstacles += database.faults()
        // A container boots no kernel.
        guard HostProbe.container(root) == nil else { return obstacles }
        if let fact = BootProbe.kernels(of: root, patience: patience).known { obstacles += words(for: fact, root) }
        return obstacles
    }

    /// Of the newest kernel, which boots next unless its loader was told otherwise.
    private static func words(for fact: BootFact, _ root: HostRoot) -> [String] {
        guard let newest = fact.kernels.first else { return [] }
        var obstacles: [String] = []
        if newest.image.size == 0 { obstacles.append("\(newest.image.path), the newest kernel, is empty") }
        let remedy = "; make it anew with 'update-initramfs -u -k \(newest.version)' or 'dracut -f', then look again"
        guard newest.ramdisk.exists else {
            // Some hosts boot without any.
            if fact.generator != nil || fact.kernels.contains(where: \.ramdisk.exists) {
                obstacles.append("the newest kernel, \(newest.version), has no initial ramdisk" + remedy)
            }
            return obstacles
        }
        let name = "\(newest.ramdisk.path), the newest kernel's initial ramdisk,"
        guard newest.ramdisk.size > 0 else { return obstacles + ["\(name) is empty" + remedy] }
        switch newest.ramdiskHasModules {
        case .value(true, _): break
        // A kernel that has everything built in.
        case .value(false, _) where newest.hasModules == false: break
        case .value(false, _): obstacles.append("\(name) holds no kernel module" + remedy)
        case .missing(let absence):
            if !isPackedOtherwise(newest.ramdisk.path, root) {
                obstacles.append("\(name) can't be read: \(absence.why)" + remedy)
            }
        }
        return obstacles
    }

    /// bzip2 and LZO, which kernels unpack and this program does not (Documentation/x86/boot.rst names them all).
    private static func isPackedOtherwise(_ path: String, _ root: HostRoot) -> Bool {
        guard let head = try? root.contents(of: path, limit: 4) else { return false }
        return head.starts(with: "BZh".utf8) || head.starts(with: [0x89, 0x4C, 0x5A, 0x4F])
    }
}
