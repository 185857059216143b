import Evidence
import Linux
import OpenSSL
import Values

/// Compares a bundle, a directory or an archive, with its manifest, and writes nothing anywhere.
public enum Verifier {
    /// Throws only where it can't be looked at or is no bundle; whatever was done to a bundle is in the result.
    public static func verify(_ path: String) throws(CustodyError) -> Verification {
        let contents: BundleContents
        let isDirectory: Bool
        do throws(SystemError) {
            isDirectory = try FileStatus(of: path).isDirectory
        } catch {
            throw .system(error)
        }
        if isDirectory {
            contents = try read(directory: path)
        } else {
            contents = try read(archive: path)
        }
        var inspection = try Inspection(of: contents, at: path, form: isDirectory ? .directory : .archive)
        try inspection.inspect()
        return try inspection.result()
    }

    private static func read(directory path: String) throws(CustodyError) -> BundleContents {
        let contents = try BundleContents(directory: try EvidenceDirectory.existing(path))
        guard contents.isBundle else { throw .notABundle(path, why: "it holds no \(BundleLayout.manifest)") }
        return contents
    }

    private static func read(archive path: String) throws(CustodyError) -> BundleContents {
        let contents = try BundleContents(archive: try open(path))
        guard contents.isBundle || contents.brokenOff != nil else {
            throw .notABundle(path, why: "it holds no \(BundleLayout.manifest)")
        }
        return contents
    }

    private static func open(_ path: String) throws(CustodyError) -> Descriptor {
        do throws(SystemError) {
            let file = try Descriptor(reading: path)
            guard try file.status.isRegular else { throw SystemError("read", path, code: SystemError.invalid) }
            return file
        } catch {
            throw .system(error)
        }
    }
}

extension BundleContents {
    /// Whether it looks like a bundle at all, however damaged.
    fileprivate var isBundle: Bool {
        files[BundleLayout.manifest] != nil
            || (files[BundleLayout.custody] != nil && files[BundleLayout.sums] != nil)
    }
}
