import Evidence
import Linux
import Synchronization
import Testing
import Values

@testable import Observe

/// How often something happened, shared by the probes of one test.
private final class Counter: Sendable {
    private let count = Mutex(0)
    @discardableResult func next() -> Int {
        count.withLock {
            $0 += 1; return $0
        }
    }
    var value: Int { count.withLock { $0 } }
}

/// A unit whose counter of restarts is told look by look; the last number stays.
private struct ScriptedUnit: RepeatedProbe {
    let subject = "unit"
    let volatility = Volatility.unit
    let restarts: [UInt32]
    let looks = Counter()

    func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let number = looks.next()
        var look = UnitLook(time: WallTime(seconds: Int64(number)), monotonic: UInt64(number))
        look.nRestarts = restarts[min(number, restarts.count) - 1]
        look.invocationID = "same"
        return Observation { [look] snapshot in
            var fact = snapshot.unit.known ?? UnitFact(looks: [])
            fact.looks.append(look)
            snapshot.unit = .value(fact, Source("unit", time: look.time))
        }
    }
}

/// Sees the socket tables, and says which look at them it was.
private struct CountedSockets: Probe {
    let subject = "sockets"
    let volatility = Volatility.sockets
    let looks = Counter()

    func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        let number = looks.next()
        var fact = PortFact(port: target.port)
        fact.processesScanned = number
        let source = Source("tcp", path: "raw/proc/net/tcp", time: WallTime(seconds: 0))
        return Observation(raw: [RawItem("proc/net/tcp", content: Array("\(number)".utf8), source: source)]) {
            [fact] in $0.port = .value(fact, source)
        }
    }
}

/// Never comes home by itself.
private struct HangingProbe: Probe {
    let subject = "dead mount"
    let volatility = Volatility.files

    func look(at root: HostRoot, for target: Target, after seen: Snapshot) async -> Observation {
        for await _ in AsyncStream<Never>(unfolding: {
            try? await Task.sleep(for: .seconds(3600)); return nil
        }) {}
        return Observation { $0.disks = .value([], Source("too late", time: WallTime(seconds: 0))) }
    }
}

@Suite struct CollectorTests {
    private func collect(
        _ probes: [any Probe], budget: Duration = .seconds(3600),
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async -> Observe.Collection {
        await Collector(probes: probes, root: HostRoot("/nowhere"), budget: budget)
            .collect(Target(), version: "1", arguments: ["--json"], progress: progress)
    }

    @Test func `a unit that stands still is looked at before, after and at the end`() async throws {
        let result = await collect([CountedSockets(), ScriptedUnit(restarts: [7])])
        let unit = try result.snapshot.unit.required
        #expect(unit.looks.count == 3 && !unit.torn && unit.repeats == 0 && !unit.moved)
        #expect(result.raw.map(\.path) == ["proc/net/tcp"])
    }

    @Test func `a look that the unit moved under is repeated, and both are kept`() async throws {
        let result = await collect([ScriptedUnit(restarts: [7, 8, 8]), CountedSockets()])
        let unit = try result.snapshot.unit.required
        #expect(unit.looks.map(\.nRestarts) == [7, 8, 8, 8])
        #expect(!unit.torn && unit.repeats == 1 && unit.moved)
        #expect(try result.snapshot.port.required.processesScanned == 2)
        #expect(result.raw.map(\.path) == ["torn/1/proc/net/tcp", "proc/net/tcp"])
        #expect(result.raw.first?.source.path == "raw/torn/1/proc/net/tcp")
    }

    @Test func `a unit that never stands still stays torn after three repeats`() async throws {
        let sockets = CountedSockets()
        let result = await collect([ScriptedUnit(restarts: [1, 2, 3, 4, 5, 6, 7]), sockets])
        let unit = try result.snapshot.unit.required
        #expect(unit.torn && unit.repeats == 3 && sockets.looks.value == 4)
        #expect(unit.looks.map(\.nRestarts) == [1, 2, 3, 4, 5, 6])
        #expect(Set(result.raw.map(\.path)).count == result.raw.count)
    }

    @Test func `a start at the very end is seen, though the look was whole`() async throws {
        let unit = try await collect([ScriptedUnit(restarts: [4, 4, 5]), CountedSockets()]).snapshot.unit.required
        #expect(!unit.torn && unit.moved)
    }

    @Test func `sockets are looked at without a unit too`() async throws {
        let result = await collect([CountedSockets()])
        #expect(try result.snapshot.port.required.processesScanned == 1)
        #expect(result.snapshot.unit.absence?.reason == .notLookedFor)
    }

    @Test func `a probe that hangs is left behind and named, and the others' facts are kept`() async throws {
        let result = await collect([HangingProbe(), CountedSockets()], budget: .milliseconds(200))
        let absence = try #require(result.snapshot.disks.absence)
        #expect(absence.reason == .limitReached && absence.why.contains("dead mount"))
        #expect(result.snapshot.port.known != nil)
    }

    @Test func `without any time everything is absent and nothing is lost`() async {
        let sockets = CountedSockets()
        let result = await collect([sockets, ScriptedUnit(restarts: [1])], budget: .zero)
        #expect(sockets.looks.value == 0)
        let readings = Mirror(reflecting: result.snapshot).children.filter {
            "\(type(of: $0.value))".hasPrefix("Reading<")
        }
        #expect(!readings.isEmpty && result.snapshot.absences.count == readings.count)
        #expect(result.snapshot.absences.allSatisfy { $0.reason == .limitReached })
    }

    @Test func `who looked and what was looked at is told`() async {
        let subjects = Mutex<[String]>([])
        let result = await collect([CountedSockets()]) { subject in subjects.withLock { $0.append(subject) } }
        #expect(subjects.withLock { $0 } == ["sockets"])
        #expect(result.snapshot.observer.arguments == ["--json"])
        #expect(result.snapshot.observer.started <= result.snapshot.observer.finished)
    }
}
