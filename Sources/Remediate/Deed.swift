import Values

/// One kind of step: what is said of it before it is approved, what it depends on, and how it is done. A kind is one file
/// in Deeds, with its case in `Action` and its line in `Action.deed`.
protocol Deed: Sendable {
    /// For machines.
    var kind: String { get }
    /// All that it depends on, for machines: docs/plan.schema.json says what each kind has.
    var details: [String: ActionDetail] { get }
    /// The command by which a person would do the same.
    var command: String { get }
    var precondition: String { get }
    var success: String { get }
    /// How it is taken back where the host is not healthy in the end; nil where it can't be.
    var undo: String? { get }
    /// The destruction map: which evidence is gone afterwards. All of it is in the bundle.
    var destroys: String { get }
    var turn: Turn { get }

    func effect(in workplace: Workplace) -> any Effect
}

extension Deed {
    var undo: String? { nil }
}

/// The order in which the least is lost: what destroys less comes first, and nothing starts before it can.
enum Turn: Int {
    case directory, access, dropIn, reload, process, certificates, counters, start, restart, stop
}

extension Action {
    var deed: any Deed {
        switch self {
        case .end(let culprit): culprit
        case .setAccess(let change): change
        case .makeDirectory(let new): new
        case .writeDropIn(let file): file
        case .reloadManager: ReloadManager()
        case .runAgent(let command): command
        case .resetFailed(let unit): ResetFailed(unit: unit)
        case .start(let unit): StartUnit(unit: unit)
        case .restart(let unit): RestartUnit(unit: unit)
        case .stop(let unit): StopUnit(unit: unit)
        }
    }

    var kind: String { deed.kind }
    var rank: Int { deed.turn.rawValue }
}
