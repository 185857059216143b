public import Packages
import Linux
import Values

/// The transactions of this host, as the agent sees them: each has a directory of its own and is carried out by a process
/// that the agent only starts. Whatever becomes of the agent, the process goes on; whatever becomes of the process, the
/// directory tells.
public struct Transactions: Sendable {
    private let directory: String
    private let program: String
    private let launcher: any TransactionLauncher

    /// Where each transaction has a directory, mode 0700: `/var/lib/linux_patch_api/transactions`. `program` is the
    /// absolute path of the agent's own binary.
    public init(directory: String, program: String, launcher: any TransactionLauncher) {
        self.directory = directory
        self.program = program
        self.launcher = launcher
    }

    /// Writes the order down and has the process started. Where the transaction has begun or is over already, nothing
    /// happens; where it was written and not begun, it is started again, by the order that was written first.
    public func begin(_ order: TransactionOrder) throws(TransactionFault) {
        try Self.check(order.id)
        do throws(SystemError) {
            let root = try Self.made(directory)
            let place = TransactionDirectory(try Self.made(order.id, in: root))
            if place.has(TransactionDirectory.Name.begun) || place.has(TransactionDirectory.Name.outcome) { return }
            if place.read(TransactionDirectory.Name.order, TransactionOrder.self)?.id != order.id {
                try place.write(TransactionDirectory.Name.order, order)
                try root.synchronize()
            }
        } catch {
            throw TransactionFault(writing: error)
        }
        try launcher.launch(id: order.id, directory: path(of: order.id), program: program)
    }

    public func state(of id: String) -> TransactionState {
        guard let place = open(id) else { return .notBegun }
        if let outcome = Self.outcome(in: place) { return .over(outcome) }
        let begun = place.has(TransactionDirectory.Name.begun)
        if !begun {
            return launcher.isUnderWay(id) ? .running(TransactionProgress(percent: 0, message: "starting")) : .notBegun
        }
        let progress = place.read(TransactionDirectory.Name.progress, TransactionProgress.self)
        let boot = place.read(TransactionDirectory.Name.begun, TransactionBeginning.self)?.boot
        let isOfThisBoot = boot == nil || boot == OwnBoot.identifier
        if isOfThisBoot, place.isLocked {
            return .running(progress ?? TransactionProgress(percent: 0, message: "starting"))
        }
        // It may have ended between the two looks.
        if let outcome = Self.outcome(in: place) { return .over(outcome) }
        return .cut(progress)
    }

    /// The last lines of what the programs printed; each is bounded and harmless.
    public func output(of id: String, lines: Int) -> [String] {
        guard let place = open(id) else { return [] }
        return TransactionOutput.lastLines(lines, in: place.anchor)
    }

    /// Removes the directory of one that is over or was cut; one that goes on, or may begin, is left alone.
    public func forget(_ id: String) {
        switch state(of: id) {
        case .notBegun, .running: return
        case .over, .cut: break
        }
        guard let root = try? DirectoryAnchor(opening: directory) else { return }
        try? root.removeTree(id)
    }

    /// Removes what is left of all others, as an agent leaves it that was killed amid forgetting; what runs is left alone.
    public func forget(allBut kept: Set<String>) {
        guard let root = try? DirectoryAnchor(opening: directory), let found = try? root.list(limit: 65536) else {
            return
        }
        for id in found.names where Self.isIdentifier(id) && !kept.contains(id) {
            if case .running = state(of: id) { continue }
            try? root.removeTree(id)
        }
    }

    private func path(of id: String) -> String { directory + "/" + id }

    private func open(_ id: String) -> TransactionDirectory? {
        guard Self.isIdentifier(id), let root = try? DirectoryAnchor(opening: directory),
            let anchor = try? root.openDirectory(id)
        else { return nil }
        return TransactionDirectory(anchor)
    }

    private static func outcome(in place: borrowing TransactionDirectory) -> TransactionOutcome? {
        guard place.has(TransactionDirectory.Name.outcome) else { return nil }
        if let outcome = place.read(TransactionDirectory.Name.outcome, TransactionOutcome.self) { return outcome }
        let fault = TransactionFault(
            .packageManager,
            "cannot understand '\(place.anchor.pathOf(TransactionDirectory.Name.outcome))': what came of the transaction is "
                + "not known; compare the packages with what was ordered")
        return TransactionOutcome(fault: fault, exitStatus: nil, changes: [], summary: "not known")
    }

    /// Letters, digits and `-`, a letter or digit first, at most 64: it becomes the name of a directory and of a unit.
    static func isIdentifier(_ text: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first, isPlain(first) else { return false }
        return text.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
    }

    private static func check(_ id: String) throws(TransactionFault) {
        guard !isIdentifier(id) else { return }
        throw TransactionFault(.packageManager, "'\(id.harmless(limit: 80))' can't name a transaction")
    }

    private static func made(_ path: String) throws(SystemError) -> DirectoryAnchor {
        var anchor = try DirectoryAnchor(opening: "/")
        for part in path.split(separator: "/") {
            // Links on the way to it are the administrator's own: /var/lib may be one.
            let place = anchor.pathOf(String(part))
            let next: DirectoryAnchor
            do throws(SystemError) {
                next = try DirectoryAnchor(opening: place)
            } catch  where error.isNotFound {
                next = try anchor.makeDirectory(String(part))
                try anchor.synchronize()
            }
            anchor = next
        }
        return anchor
    }

    private static func made(_ name: String, in root: borrowing DirectoryAnchor) throws(SystemError) -> DirectoryAnchor
    {
        do throws(SystemError) {
            return try root.makeDirectory(name)
        } catch  where error.isExisting {
            return try root.openDirectory(name)
        }
    }
}

extension TransactionFault {
    init(writing error: SystemError) {
        switch error.code {
        case SystemError.noSpace, SystemError.quotaExceeded:
            self.init(.diskFull, "\(error.description): nothing was begun; free some room there")
        default:
            self.init(
                error.isNotPermitted ? .permissionDenied : .packageManager, "\(error.description): nothing was begun")
        }
    }
}
