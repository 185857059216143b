import Linux

/// What runs left behind that were killed while they made a bundle.
enum Leftovers {
    /// Takes away those whose makers are dead: a living maker holds a lock, and the kernel releases it at death.
    /// Whatever can't be removed stays, and no reader takes it for a bundle.
    static func clean(_ place: borrowing DirectoryAnchor) {
        guard let listing = try? place.list(limit: BundleLimits.entries), let own = try? place.status.owner else {
            return
        }
        for name in listing.names {
            guard let status = try? place.status(of: name) else { continue }
            if name.hasPrefix(BundleLayout.temporaryPrefix), status.isDirectory {
                try? removeTree(name, in: place, owner: own)
            } else if name.hasSuffix(BundleLayout.archiveSuffix + BundleLayout.partialSuffix), status.isRegular {
                try? removeFile(name, in: place)
            }
        }
    }

    private static func removeTree(
        _ name: String, in place: borrowing DirectoryAnchor, owner: UInt32
    ) throws(SystemError) {
        let directory = try place.openDirectory(name)
        // In a directory that others can write to, their trees are none of ours.
        guard try directory.status.owner == Caller.current.user, try directory.tryLock(),
            directory.isStill(name, in: place)
        else { return }
        try place.removeTree(name)
    }

    private static func removeFile(_ name: String, in place: borrowing DirectoryAnchor) throws(SystemError) {
        let file = try place.openFile(name)
        guard try file.status.owner == Caller.current.user, try file.lock(wait: false) else { return }
        try place.removeFile(name)
    }
}
