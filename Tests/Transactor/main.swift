import Glibc
import Linux
import Packages
import Transact
import Values

// transactor begin DIRECTORY ID VERB NAME…: has the agent's program carry out one transaction, as the agent would.
// transactor state DIRECTORY ID: prints how it stands, in one line.

func say(_ words: String) { Terminal.write(words + "\n", to: .standardOutput) }

func words(_ state: TransactionState) -> String {
    switch state {
    case .notBegun: "not begun"
    case .running(let progress): "running \(progress.percent) \(progress.message)"
    case .over(let outcome):
        "over \(outcome.fault.map { "\($0.code.rawValue) \($0.description)" } ?? "well"): \(outcome.summary)"
    case .cut(let progress): "cut \(progress?.percent ?? 0)"
    }
}

let arguments = OwnArguments.all
guard arguments.count > 3 else { exit(64) }
let launcher: any TransactionLauncher = TransientUnitLauncher.isPossible ? TransientUnitLauncher() : DetachedLauncher()
let transactions = Transactions(directory: arguments[2], program: "/usr/bin/linux-patch-api", launcher: launcher)

if arguments[1] == "begin" {
    guard arguments.count > 4, let verb = PackageOrder.Verb(rawValue: arguments[4]) else { exit(64) }
    var order = PackageOrder(verb, arguments.dropFirst(5).compactMap { PackageName($0).map { .init($0) } })
    order.refreshesIndex = true
    do throws(TransactionFault) {
        try transactions.begin(TransactionOrder(id: arguments[3], order: order, patience: .seconds(60)))
    } catch {
        say("\(error.code.rawValue) \(error.description)")
        exit(1)
    }
} else {
    say(words(transactions.state(of: arguments[3])))
}
