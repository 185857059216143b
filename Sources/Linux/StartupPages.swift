import CLinux

/// Memory that only the start needed: pages of program files that are in memory because they ran once.
///
/// They are the page cache's and not ours alone, but they count as ours (VmRSS of proc_pid_status(5)). What is needed
/// again comes back by itself, from the cache.
public enum StartupPages {
    /// Lets go of all pages of read-only file mappings that nothing of this process's own was written to. Costs a few
    /// milliseconds and some page faults later; where /proc can't be read nothing happens.
    public static func giveBack() {
        guard let text = try? contents(of: "/proc/self/smaps", limit: 4 << 20) else { return }
        var mapping: (start: UInt64, end: UInt64)?
        for line in text.split(separator: 10) {
            let words = line.split(separator: 32)
            guard let first = words.first else { continue }
            if first.last != 58 {  // no colon: the head of a mapping
                mapping = head(words)
            } else if let found = mapping, first.elementsEqual("Anonymous:".utf8) {
                // A page that relocation wrote to would come back as it is in the file.
                if words.dropFirst().first?.elementsEqual("0".utf8) == true { _ = cl_give_back(found.start, found.end) }
                mapping = nil
            }
        }
    }

    /// `55d0c0a00000-55d0c1600000 r-xp 00200000 fe:00 1234 /usr/bin/x`: where it lies, if it is a file's and read-only.
    private static func head(_ words: [ArraySlice<UInt8>]) -> (start: UInt64, end: UInt64)? {
        guard words.count >= 6, words[5].first == 47,
            words[1].elementsEqual("r-xp".utf8) || words[1].elementsEqual("r--p".utf8)
        else { return nil }
        let ends = words[0].split(separator: 45)
        guard ends.count == 2, let start = UInt64(String(decoding: ends[0], as: UTF8.self), radix: 16),
            let end = UInt64(String(decoding: ends[1], as: UTF8.self), radix: 16)
        else { return nil }
        return (start, end)
    }
}
