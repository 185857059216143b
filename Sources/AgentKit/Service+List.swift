import Configuration
import Enrollment
import Evidence
import Identity
import Linux
import NIOCore
import OpenSSL
import Trust
import Values

/// The revocation list: fetched at half its life, verified before it replaces the one in force.
extension Service {
    /// Asks for the next fetch: at once where there is no list that is valid, else at half of its life.
    func planListRefresh() {
        guard setup.configuration.enrollment.managerURL != nil, store != nil else { return }
        // Not for long at once: the clock may be set meanwhile, or the machine be asleep.
        let span = served?.list.refresh(at: Clock.wall, pace: pace) ?? pace.list.lowerBound
        set(.list, after: min(span, pace.list.upperBound))
    }

    /// Fetches the list aside: a manager that hangs must hold up neither a stop nor a reload.
    func refreshList() {
        guard let url = setup.configuration.enrollment.managerURL, store != nil, served != nil, !isFetchingList else {
            return
        }
        guard served?.list.isDue(at: Clock.wall) != false else { return planListRefresh() }
        isFetchingList = true
        let (mailbox, setup, group, pace) = (mailbox, setup, group, pace)
        Task(executorPreference: LoopExecutor.shared) {
            do {
                let contact = try ManagerContact(url, setup: setup, group: group, pace: pace)
                let answer = try await contact.client.revocationList()
                guard answer.status == 200 else { throw ListFault("the manager answered \(answer.status)") }
                mailbox.post(.listArrived(.success(answer.body)))
            } catch {
                mailbox.post(.listArrived(.failure(ListFault("\(error)"))))
            }
        }
    }

    /// Puts the list in place; the change of the file is then taken over as every other.
    func take(list: Result<[UInt8], ListFault>) {
        isFetchingList = false
        guard let store else { return }
        do {
            try GenerationStore(store).publishList(try list.get(), to: setup.paths)
            listFailures = 0
            set(.look, after: .seconds(0))
            set(.list, after: pace.list.upperBound)
        } catch {
            listFailures += 1
            if listFailures == 1 { voice.warning("cannot fetch the revocation list: \(error); the one in force stays") }
            // Doubled after each failure, up to an hour: the list in force has hours to live.
            let wait = pace.list.lowerBound.microseconds << min(listFailures - 1, 4)
            set(.list, after: Interval(microseconds: min(wait, pace.list.upperBound.microseconds)))
        }
    }
}

/// Why a list that arrived is not used.
struct ListFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension RevocationListState {
    /// Whether the next one should be fetched: this one is not valid, or in the second half of its life.
    func isDue(at now: WallTime) -> Bool {
        guard case .valid(let list) = at(now), let end = list.nextUpdate else { return true }
        return (end - now).microseconds <= (end - list.thisUpdate).microseconds / 2
    }

    /// How long until the next one is fetched: half of what is left to the middle of its life, with a little chance in
    /// it, so that the hosts of a manager do not all ask at once.
    func refresh(at now: WallTime, pace: Pace) -> Interval {
        guard case .valid(let list) = at(now), let end = list.nextUpdate else { return pace.list.lowerBound }
        let life = (end - list.thisUpdate).microseconds
        let middle = (list.thisUpdate - now).microseconds + life / 2 + Int64.random(in: 0...max(0, life / 20))
        return Interval(microseconds: max(middle, pace.list.lowerBound.microseconds))
    }
}
