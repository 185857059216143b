import Custody
import Diagnose
import Evidence
import Linux
import Report
import Values

/// Diagnoses a bundle again and again: `diagnose-bench BUNDLE [RUNS]`. Prints the medians of each step in microseconds:
/// verifying and reading, the rules and the story, and the report as JSON.
@main
struct DiagnoseBench {
    static func main() {
        let words = CommandLine.arguments
        guard words.count > 1 else {
            print("usage: diagnose-bench BUNDLE [RUNS]")
            return
        }
        let runs = words.count > 2 ? Int(words[2]) ?? 21 : 21
        var verifying: [UInt64] = []
        var judging: [UInt64] = []
        var telling: [UInt64] = []
        do {
            for _ in 0..<runs {
                let start = Clock.monotonic
                guard let evidence = try Verifier.verify(words[1]).evidence else {
                    print("the bundle is not what was sealed")
                    return
                }
                let read = Clock.monotonic
                let diagnosis = Diagnostician().diagnose(evidence.snapshot)
                let judged = Clock.monotonic
                let report = Report(
                    of: evidence.snapshot, diagnosis, evidence: .init(path: words[1], digest: evidence.digest))
                let bytes = try JSONReport.encode(report)
                let told = Clock.monotonic
                precondition(!bytes.isEmpty)
                verifying.append(read - start)
                judging.append(judged - read)
                telling.append(told - judged)
            }
        } catch {
            print("\(error)")
            return
        }
        func median(_ times: [UInt64]) -> UInt64 { times.sorted()[times.count / 2] }
        print("\(median(verifying)) \(median(judging)) \(median(telling))")
    }
}
