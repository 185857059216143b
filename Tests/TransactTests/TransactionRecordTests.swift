import FoundationEssentials
import Packages
import Testing
import Transact
import Values

@Suite struct TransactionRecordTests {
    @Test func `an order says the same after it was written and read`() throws {
        let name = try #require(PackageName("libc6"))
        var order = PackageOrder(.install, [.init(name, version: PackageVersion("2.36-9"))])
        order.refreshesIndex = true
        order.planDigest = "0123"
        let written = TransactionOrder(id: "8f1c", order: order, patience: .seconds(90))
        let read = try JSONDecoder().decode(TransactionOrder.self, from: JSONEncoder().encode(written))
        #expect(read == written)
    }

    @Test(arguments: ["-y", "curl-/x", "a b", "?upgradable", "~nwrk", "", "../x"])
    func `an order with a name that is none is not read`(name: String) {
        let text =
            #"{"id":"8f1c","patience_microseconds":1,"order":{"verb":"install","packages":[{"name":"\#(name)"}],"#
            + #""allowsUnsigned":false,"withoutRecommends":false,"refreshesIndex":false}}"#
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(TransactionOrder.self, from: Data(text.utf8))
        }
    }
}
