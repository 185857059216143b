import Evidence
import Glibc
import Linux
import Observe
@testable import Remediate
import Stagehands
import Synchronization
import Values

// `chaos [--runs N] [--seed S] [--by-number]`: ends processes while others end, replace and change them, and counts who
// got a signal that was meant for somebody else. Runs in a process namespace of its own, whose numbers it hands out
// again on purpose: `make chaos`. With --by-number the signal is sent as a script would, and the count must not be 0.

/// SplitMix64: the same runs for the same seed, as far as the kernel's scheduling allows.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// What was counted.
struct Count {
    var done = 0, needless = 0, refused = 0, reused = 0, killed = 0
    var wrong: [String] = []
}

@main
struct Chaos {
    let actor: String
    let byNumber: Bool
    var dice: Dice
    var count = Count()
    var notes: [Int32] = [0, 0]
    /// Who must never get a signal: tag by pid.
    var innocents: [Int32: String] = [:]
    var nextTag = 0

    static func main() throws {
        var runs = 1000
        var seed = UInt64(now())
        var byNumber = false
        var words = Array(CommandLine.arguments.dropFirst())
        while !words.isEmpty {
            switch words.removeFirst() {
            case "--runs": runs = Int(words.isEmpty ? "" : words.removeFirst()) ?? 0
            case "--seed": seed = UInt64(words.isEmpty ? "" : words.removeFirst()) ?? 0
            case "--by-number": byNumber = true
            default: fail("usage: chaos [--runs N] [--seed S] [--by-number]", status: 64)
            }
        }
        guard runs > 0 else { fail("--runs needs a number", status: 64) }
        guard getpid() < 100 else {
            fail("it hands out process numbers, and so needs a process namespace of its own: make chaos", status: 64)
        }
        let here = try symbolicLinkTarget(of: "/proc/self/exe")
        let actor = here.split(separator: "/").dropLast().joined(separator: "/")
        var chaos = Chaos(actor: "/\(actor)/chaos-actor", byNumber: byNumber, dice: Dice(state: seed))
        guard unsafe stage_pipe(&chaos.notes) == 0 else { fail("no pipe") }
        for run in 1...runs {
            try chaos.play()
            if run % 250 == 0 { print("chaos: \(run) runs") }
        }
        chaos.close(runs, seed)
    }

    /// One run: a process is seen, things happen, and it is to be ended as it was seen.
    mutating func play() throws {
        while innocents.count < 3 { start("", isInnocent: true) }
        let holds = Bool.random(using: &dice)
        let isDeaf = Int.random(in: 0..<4, using: &dice) == 0
        let mode = (holds ? "listen " : "") + (isDeaf ? "deaf" : "obey")
        let (pid, tag) = start(mode, isInnocent: false)
        let culprit = try Culprit(ProcessReader().read(pid), sockets: Self.sockets(of: pid))
        let deed = stage_deed(UInt32.random(in: 0...4, using: &dice))
        let late = Bool.random(using: &dice)
        let newTag = tagged()

        // Early: before anybody acts. Late: in the very moment. For the deaf also while a person thinks about SIGKILL.
        let errand = unsafe stage_begin(
            deed, late ? UInt32.random(in: 0...1500, using: &dice) : 0, pid, actor, newTag, mode, notes[1])
        var replacement: Int32 = 0
        if !late { replacement = unsafe stage_join(errand) }
        let consents = Bool.random(using: &dice)
        let swaps = isDeaf && deed == STAGE_NOTHING && Bool.random(using: &dice)
        let swapTag = tagged()
        let swapped = Slot()
        let (actor, channel) = (actor, notes[1])
        let effect = EndProcessEffect(culprit: culprit, patience: Interval(microseconds: 20_000)) { _ in
            if swaps { swapped.set(unsafe stage_replace(pid, actor, swapTag, mode, channel)) }
            return consents
        }
        if byNumber {
            stage_kill_by_number(pid)
        } else {
            do throws(StepFailure) {
                switch try effect.carryOut() {
                case (.needless, _): count.needless += 1
                case (_, let words):
                    count.done += 1
                    if words.contains("SIGKILL") { count.killed += 1 }
                }
            } catch {
                count.refused += 1
            }
        }
        if late { replacement = unsafe stage_join(errand) }
        for (other, itsTag) in [(replacement, newTag), (swapped.value, swapTag)] where other > 0 {
            if other == pid { count.reused += 1 }
            // Killed without a note would be SIGKILL's work.
            if stage_lives(other) == 0 { count.wrong.append("\(itsTag), which has the number \(other), was ended") }
        }
        judge(allowed: tag, pid: pid)
        for other in Set([pid, replacement, swapped.value]) where other > 0 { stage_kill(other) }
    }

    /// Whoever took note of a SIGTERM and was not the one that was seen, got it wrongly; so did an innocent that is gone.
    mutating func judge(allowed tag: String, pid: Int32) {
        // The note of a signal may come after the signal; whoever lives has had the time of a turn of this loop.
        usleep(300)
        for noted in read() where noted != tag {
            count.wrong.append("\(noted) got SIGTERM, which was meant for \(tag)")
        }
        for (pid, tag) in innocents where stage_lives(pid) == 0 {
            count.wrong.append("\(tag), pid \(pid), is gone")
            innocents[pid] = nil
        }
    }

    mutating func read() -> [String] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let length = unsafe Glibc.read(notes[0], &buffer, buffer.count)
        guard length > 0 else { return [] }
        return String(decoding: buffer[..<length], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @discardableResult
    mutating func start(_ mode: String, isInnocent: Bool) -> (pid: Int32, tag: String) {
        let tag = isInnocent ? "innocent-" + tagged() : tagged()
        let pid = unsafe stage_start(actor, tag, mode, notes[1])
        guard pid > 0 else { fail("cannot start '\(actor)': error \(-pid)") }
        if isInnocent { innocents[pid] = tag }
        return (pid, tag)
    }

    mutating func tagged() -> String {
        nextTag += 1
        return "actor-\(nextTag)"
    }

    mutating func close(_ runs: Int, _ seed: UInt64) -> Never {
        for pid in innocents.keys { stage_kill(pid) }
        for words in count.wrong.prefix(10) { print("chaos: WRONG: \(words)") }
        print(
            "chaos: \(runs) runs, \(count.wrong.count) wrong processes signalled; \(count.done) ended, "
                + "\(count.killed) of them by SIGKILL with consent, \(count.needless) needless, \(count.refused) refused; "
                + "\(count.reused) numbers reused; seed \(seed)")
        let isRight = byNumber ? !count.wrong.isEmpty : count.wrong.isEmpty
        exit(isRight && count.reused > 0 ? 0 : 1)
    }

    private static func sockets(of pid: Int32) throws -> [UInt64] {
        let process = try ProcessDirectory(pid)
        return try process.descriptorNumbers().compactMap { try process.socketInode(ofDescriptor: $0) }
    }

    private static func now() -> Int {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec)
    }
}

/// A number that a closure leaves behind.
final class Slot: Sendable {
    private let number = Mutex<Int32>(0)
    var value: Int32 { number.withLock { $0 } }
    func set(_ value: Int32) { number.withLock { $0 = value } }
}

func fail(_ words: String, status: Int32 = 1) -> Never {
    print("chaos: \(words)")
    exit(status)
}
