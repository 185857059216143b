import LabKit
import Testing

/// What the lab will make of each page of `runbooks/`, without booting anything.
@Suite struct RunbookCommandTests {
    @Test(arguments: RunbookBook.all)
    func `every mark is understood, and every scenario named by it exists`(page: RunbookPage) {
        #expect(page.defects.isEmpty, "runbooks/\(page.name).md: \(page.defects)")
        let scenarios = Set(ScenarioBook.all.map(\.id))
        for case .scenario(let id) in page.items {
            #expect(scenarios.contains(id), "\(page.name): no scenario '\(id)'")
        }
    }

    @Test(arguments: RunbookBook.all)
    func `every block is run somewhere, or says why not`(page: RunbookPage) {
        var isPlaced = RunbookBook.scenario(of: page.name) != nil
        for item in page.items {
            if case .scenario = item { isPlaced = true }
            guard case .block(let block) = item else { continue }
            #expect(isPlaced || block.reason != nil, "\(page.name).md:\(block.line): no scenario is named for it")
            #expect(!block.commands.isEmpty, "\(page.name).md:\(block.line): a block without a command")
        }
    }

    @Test func `most commands are run`() {
        let blocks = RunbookBook.all.flatMap(\.blocks)
        let all = blocks.reduce(0) { $0 + $1.commands.count }
        let left = blocks.filter { $0.reason != nil }.reduce(0) { $0 + $1.commands.count }
        #expect(all > 400 && left * 8 < all, "\(left) of \(all) commands are not run")
    }

    @Test func `a block ends at a blank line, a command at its line unless it goes on`() {
        let page = RunbookPage(
            name: "x",
            text: """
                Words.

                    a | b   # why
                    #=> exit 1, or 2 where there is none
                    #=> seen … twice
                    # a remark
                    c |
                        d \\
                        e
                    #=> (nothing)

                <!-- lab: NAME is echo 1 -->
                <!-- lab: not run: it needs a browser -->

                    f
                    #=> within a minute: up

                <!-- lab: no such thing -->
                <!-- lab: not run: nothing follows -->
                """)
        #expect(page.blocks.map(\.commands.count) == [2, 1])
        #expect(page.blocks.map(\.reason) == [nil, "it needs a browser"])
        let commands = page.blocks.flatMap(\.commands)
        #expect(commands.map(\.text) == ["a | b   # why", "c |\nd \\\ne", "f"])
        #expect(commands[0].statuses == [1, 2] && commands[0].sees == ["seen … twice"])
        #expect(commands[1].seesNothing && commands[2].comes == "up")
        #expect(page.items.contains(.word("NAME", script: "echo 1")))
        #expect(page.defects.count == 2)
    }
}
