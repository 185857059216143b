import Custody
import Evidence
import FoundationEssentials
import Glibc
import TestKit
import Testing
import Values

@Suite struct CaptureStoreTests {
    let scratch: Scratch
    private let unit = UnitName.agent

    init() throws { scratch = try Scratch() }

    private func store() throws -> CaptureStore { try CaptureStore(scratch.file("captures")) }

    private func bundle(in episode: String, of store: borrowing CaptureStore, form: BundleForm = .archive) throws {
        let directory = store.directory(of: unit, episode: episode)
        let item = RawItem("proc/net/tcp", content: Array(episode.utf8), source: Source("/proc/net/tcp", time: .now))
        _ = try Sealer(directory: directory, form: form).seal(.incident, raw: [item]).finish()
    }

    @Test func `a record lasts, and the next one takes its place`() throws {
        #expect(try store().record(of: unit) == nil)
        try store().setRecord([1, 2], of: unit)
        try store().setRecord([3], of: unit)
        #expect(try store().record(of: unit) == [3])
        #expect(try names(in: scratch.file("captures/\(unit)")) == ["record"])
    }

    @Test(arguments: [
        "ln -s /etc/hostname record", "mkfifo record", "mkdir record", "head -c 5000 /dev/zero >record",
        "cd .. && rmdir \(UnitName.agent) && ln -s /etc \(UnitName.agent)",
    ])
    func `what lies in a record's place is not believed`(deed: String) throws {
        let store = try store()
        try scratch.shell("mkdir -p captures/\(unit) && cd captures/\(unit) && \(deed)")
        #expect(store.record(of: unit) == nil)
    }

    @Test func `a killed writer's leftover is in nobody's way`() throws {
        let store = try store()
        try scratch.shell("mkdir -p captures/\(unit) && ln -s /etc/hostname captures/\(unit)/.record-new")
        try store.setRecord([7], of: unit)
        #expect(store.record(of: unit) == [7])
    }

    @Test func `bundles of both forms are counted and can go, and nothing else is`() throws {
        let store = try store()
        try bundle(in: "20260101T000000Z", of: store)
        try bundle(in: "20260102T000000Z", of: store, form: .directory)
        try scratch.shell(
            """
            cd captures/\(unit)/20260101T000000Z
            echo note >note.txt; ln -s /etc/hostname link.evidence.tar.zst; mkfifo pipe.evidence.tar.zst
            ln -s /etc ../20260103T000000Z; mkdir -p '../../not a unit/x'; touch '../../not a unit/x/a.evidence.tar.zst'
            """)
        let found = store.captures()
        #expect(found.map(\.episode).sorted() == ["20260101T000000Z", "20260102T000000Z"])
        #expect(found.allSatisfy { $0.unit == unit.rawValue && $0.size.count > 500 })
        for capture in found { try store.remove(capture) }
        #expect(store.captures().isEmpty)
        store.sweep()
        #expect(
            try names(in: scratch.file("captures/\(unit)/20260101T000000Z")) == [
                "link.evidence.tar.zst", "note.txt", "pipe.evidence.tar.zst",
            ])
        #expect(try !names(in: scratch.file("captures/\(unit)")).contains("20260102T000000Z"))
    }

    @Test func `what a killed run left in an episode goes`() throws {
        let store = try store()
        try bundle(in: "20260101T000000Z", of: store)
        try scratch.shell(
            "mkdir -p captures/\(unit)/20260101T000000Z/.tmp-x/raw && echo >captures/\(unit)/20260101T000000Z/.tmp-x/raw/y"
        )
        store.sweep()
        #expect(try names(in: scratch.file("captures/\(unit)/20260101T000000Z")).count == 1)
        #expect(store.captures().count == 1)
    }

    @Test func `what is to be spared is not written into`() throws {
        let sealer = Sealer(directory: scratch.file("evidence"), sparing: Bytes(.max / 2))
        let error = #expect(throws: CustodyError.self) { try sealer.seal(.incident, raw: []) }
        guard case .sparing = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try names(in: scratch.file("evidence")) == [])
    }
}
