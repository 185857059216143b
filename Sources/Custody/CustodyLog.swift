import Linux
import Values

/// `custody.jsonl` of a bundle that is a directory: lines are only ever added.
struct CustodyLog {
    let bundle: String

    /// Adds one line, synced before this returns. Writers wait for each other; a chain that does not hold is not
    /// continued.
    @discardableResult
    func append(
        _ event: CustodyEvent, by custodian: Custodian, files: [String: Digest]? = nil, detail: [String: String]?
    ) throws(CustodyError) -> Digest {
        let file = try open()
        let bytes: [UInt8]
        do throws(SystemError) {
            _ = try file.lock(wait: true)
            bytes = try file.contents(limit: Int(BundleLimits.document.count)).bytes
        } catch {
            throw .system(error)
        }
        let chain = try CustodyChain(bytes)
        guard chain.faults.isEmpty, let head = chain.head else {
            throw .unreadable(BundleLayout.custody, why: chain.faults.first ?? "it is empty")
        }
        let entry = CustodyEntry(
            seq: chain.entries.count, time: Clock.wall, event: event, by: custodian, files: files, detail: detail,
            prev: head)
        let hashed = try entry.hashed()
        do throws(SystemError) {
            do throws(SystemError) {
                try file.writeAll(hashed.line)
            } catch {
                // Half a line on a full disk would look like tampering.
                try? file.truncate(to: UInt64(bytes.count))
                throw error
            }
            try file.synchronize()
        } catch {
            throw .system(error)
        }
        return hashed.entry.hash ?? head
    }

    /// What is written so far, where it holds together.
    func read() throws(CustodyError) -> CustodyChain {
        let read: [UInt8]
        do throws(SystemError) {
            let directory = try DirectoryAnchor(opening: bundle)
            let bytes = try directory.contents(of: BundleLayout.custody, limit: Int(BundleLimits.document.count)).bytes
            read = bytes
        } catch {
            throw .system(error)
        }
        let chain = try CustodyChain(read)
        if let fault = chain.faults.first { throw .unreadable(BundleLayout.custody, why: fault) }
        return chain
    }

    private func open() throws(CustodyError) -> Descriptor {
        do throws(SystemError) {
            return try DirectoryAnchor(opening: bundle).openForAppending(BundleLayout.custody)
        } catch {
            throw .system(error)
        }
    }
}
