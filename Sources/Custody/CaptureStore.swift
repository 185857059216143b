import Linux
public import Values

/// A bundle that was kept without anybody asking for it.
public struct Capture: Sendable, Hashable {
    /// The unit's name.
    public var unit: String
    /// When its episode began, `20260520T202355Z`.
    public var episode: String
    /// The bundle's name.
    public var name: String
    /// When it was written; orders those of an episode.
    public var time: WallTime
    public var size: Bytes

    public init(unit: String, episode: String, name: String, time: WallTime, size: Bytes) {
        self.unit = unit
        self.episode = episode
        self.name = name
        self.time = time
        self.size = size
    }
}

/// The directory of those bundles: `<unit>/<episode>/<bundle>`, and beside the episodes a unit's `record`. All that lies
/// there is ours to remove; evidence that a person kept lies elsewhere.
///
/// Locked for as long as it is open: one capture at a time. Nothing in it is believed: a link, a FIFO or a name that
/// nobody here would give is passed over.
public struct CaptureStore: ~Copyable, Sendable {
    public let path: String
    private let place: DirectoryAnchor
    private let lock: Descriptor

    private static let recordName = "record"
    private static let newRecord = ".record-new"
    /// How many names are read of a directory.
    private static let names = 4096

    /// Opens it, makes what is missing of its path, and waits for whoever has it open.
    public init(_ path: String) throws(CustodyError) {
        let place = try EvidenceDirectory.open(path)
        lock = try Self.lock(place)
        self.place = place
        self.path = path
    }

    private static func lock(_ place: borrowing DirectoryAnchor) throws(CustodyError) -> Descriptor {
        do throws(SystemError) {
            let file = try place.openOrCreateFile("lock")
            _ = try file.lock(wait: true)
            return file
        } catch {
            throw .system(error)
        }
    }

    /// Where the bundles of an episode go.
    public func directory(of unit: UnitName, episode: String) -> String { "\(path)/\(unit.rawValue)/\(episode)" }

    // MARK: - Records

    /// What was written down about a unit; nil where nothing was, or where something else lies in its place.
    public func record(of unit: UnitName) -> [UInt8]? {
        guard let directory = try? place.openDirectory(unit.rawValue),
            let (bytes, isLonger) = try? directory.contents(of: Self.recordName, limit: 4096), !isLonger
        else { return nil }
        return bytes
    }

    /// Writes it down so that it lasts: whole or not at all.
    public func setRecord(_ bytes: [UInt8], of unit: UnitName) throws(CustodyError) {
        do throws(SystemError) {
            if try !place.contains(unit.rawValue) {
                _ = try place.makeDirectory(unit.rawValue)
                try place.synchronize()
            }
            let directory = try place.openDirectory(unit.rawValue)
            if try directory.contains(Self.newRecord) { try directory.removeFile(Self.newRecord) }
            let file = try directory.createFile(Self.newRecord)
            try file.writeAll(bytes)
            try file.synchronize()
            try directory.replace(Self.recordName, with: Self.newRecord)
            try directory.synchronize()
        } catch {
            throw .system(error)
        }
    }

    // MARK: - Bundles

    /// Every bundle in it.
    public func captures() -> [Capture] {
        var found: [Capture] = []
        forEachEpisode { unit, episode, directory in
            for name in Self.listed(directory) {
                guard name.hasSuffix(BundleLayout.suffix) || name.hasSuffix(BundleLayout.archive),
                    !name.hasPrefix("."), let status = try? directory.status(of: name)
                else { continue }
                let size = status.isDirectory ? Self.size(of: name, in: directory, depth: 0) : status.size
                guard status.isDirectory || status.isRegular else { continue }
                found.append(
                    Capture(unit: unit, episode: episode, name: name, time: status.modified, size: Bytes(size)))
            }
        }
        return found
    }

    public func remove(_ capture: Capture) throws(CustodyError) {
        do throws(SystemError) {
            let episode = try place.openDirectory(capture.unit).openDirectory(capture.episode)
            if try episode.status(of: capture.name).isDirectory {
                // Renamed first: half of a directory must not be taken for a bundle.
                let doomed = BundleLayout.temporaryPrefix + capture.name
                try episode.rename(capture.name, to: doomed)
                try episode.removeTree(doomed)
            } else {
                try episode.removeFile(capture.name)
            }
        } catch {
            throw .system(error)
        }
    }

    /// Takes away what runs left that were killed, and episodes that hold nothing any more.
    public func sweep() {
        forEachEpisode { unit, episode, directory in
            Leftovers.clean(directory)
            guard Self.listed(directory).isEmpty, let parent = try? place.openDirectory(unit) else { return }
            try? parent.removeDirectory(episode)
        }
    }

    private func forEachEpisode(_ body: (String, String, borrowing DirectoryAnchor) -> Void) {
        for unit in Self.listed(place) where UnitName(rawValue: unit)?.rawValue == unit {
            guard let directory = try? place.openDirectory(unit) else { continue }
            for episode in Self.listed(directory) where !episode.hasPrefix(".") {
                guard let anchor = try? directory.openDirectory(episode) else { continue }
                body(unit, episode, anchor)
            }
        }
    }

    private static func listed(_ directory: borrowing DirectoryAnchor) -> [String] {
        (try? directory.list(limit: names).names) ?? []
    }

    /// Bytes of every file below a directory.
    private static func size(of name: String, in parent: borrowing DirectoryAnchor, depth: Int) -> UInt64 {
        guard depth < BundleLimits.depth, let directory = try? parent.openDirectory(name) else { return 0 }
        var total: UInt64 = 0
        for name in listed(directory) {
            guard let status = try? directory.status(of: name) else { continue }
            total &+= status.isDirectory ? size(of: name, in: directory, depth: depth + 1) : status.size
        }
        return total
    }
}

extension BundleLayout {
    fileprivate static let archive = suffix + archiveSuffix
}
