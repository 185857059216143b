import Custody
import Values

/// Which bundles have to go so that no more than so many, and no more than so much, are kept of all units together.
struct CaptureRetention {
    var most: Int
    var room: Bytes

    /// In the order in which they go: those between an episode's first and newest, then earlier episodes from the oldest
    /// on, then what other units have; of the episode at hand first the newest, and its first one last of all.
    func surplus(of captures: [Capture], during episode: String, of unit: String) -> [Capture] {
        let ranked = captures.map { (rank: rank($0, among: captures, episode, unit), capture: $0) }
        let order = ranked.sorted { one, other in
            (one.rank, one.capture.time, one.capture.name) < (other.rank, other.capture.time, other.capture.name)
        }
        var count = captures.count
        var size = captures.reduce(0 as UInt64) { $0 + $1.size.count }
        var surplus: [Capture] = []
        for (_, capture) in order where count > most || size > room.count {
            surplus.append(capture)
            count -= 1
            size -= capture.size.count
        }
        return surplus
    }

    private func rank(_ capture: Capture, among all: [Capture], _ episode: String, _ unit: String) -> Int {
        let own = all.filter { $0.unit == capture.unit }
        let episodes = own.filter { $0.episode == capture.episode }.map { ($0.time, $0.name) }
        let isFirst = episodes.allSatisfy { ($0.0, $0.1) >= (capture.time, capture.name) }
        let isNewest = episodes.allSatisfy { ($0.0, $0.1) <= (capture.time, capture.name) }
        guard isFirst || isNewest else { return 0 }
        if capture.unit == unit, capture.episode == episode { return isFirst ? 4 : 3 }
        return own.contains { $0.episode > capture.episode } || capture.unit == unit ? 1 : 2
    }
}
