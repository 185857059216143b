// Seeded mutation fuzzing of every parser of hostile bytes: `fuzz [--seconds N] [--seed S] [--target NAME]`.
//
// A fault is a crash of this process: the line before it names target, seed and execution, and the same seed finds it
// again. An execution that takes a minute is ended by SIGALRM, which is a crash too.
import Glibc

struct Options {
    var seconds = 10.0
    var seed = UInt64.random(in: 0...UInt64.max)
    var target: String?

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Usage(words: "\(name) needs a value") }
            switch name {
            case "--seconds": seconds = try Options.number(value, of: name)
            case "--seed": seed = try Options.number(value, of: name)
            case "--target": target = value
            default: throw Usage(words: "unknown option \(name)")
            }
        }
    }

    private static func number<Number: LosslessStringConvertible>(_ text: String, of name: String) throws -> Number {
        guard let number = Number(text) else { throw Usage(words: "\(name) '\(text)' is no number") }
        return number
    }
}

struct Usage: Error { var words: String }

/// Runs one target until its time is over and returns how often it ran.
func fuzz(_ target: FuzzTarget, seed: UInt64, for duration: Duration) -> Int {
    print("\(target.name): seed \(seed)")
    fflush(nil)
    var mutator = Mutator(seed: seed)
    let clock = ContinuousClock()
    let start = clock.now
    var executions = 0
    for input in target.seeds {
        target.run(input)
        executions += 1
    }
    while clock.now - start < duration {
        // The clock costs more than the smallest target.
        for _ in 0..<16 {
            alarm(60)
            target.run(mutator.input(from: target.seeds))
        }
        executions += 16
    }
    alarm(0)
    let elapsed = clock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    print("\(target.name): \(executions) executions, \(Int(Double(executions) / max(seconds, 0.001))) a second")
    return executions
}

do {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    let targets = try FuzzRegistry.targets().filter { options.target == nil || $0.name == options.target }
    guard !targets.isEmpty else { throw Usage(words: "no target of that name") }
    let share = Duration.seconds(options.seconds / Double(targets.count))
    var executions = 0
    for target in targets { executions += fuzz(target, seed: options.seed, for: share) }
    print("\(targets.count) targets, \(executions) executions, 0 crashes")
} catch let usage as Usage {
    print("fuzz: error: \(usage.words)")
    exit(64)
} catch {
    print("fuzz: error: \(error)")
    exit(1)
}
