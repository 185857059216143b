import Jobs
import NIOCore
import Packages
import Serving
import Testing
import Values
import Wire

@testable import AgentKit

@Suite struct ChangeReaderTests {
    static func request(_ body: String) -> HTTPRequest {
        HTTPRequest(
            method: "POST", path: "/api/v1/packages", body: ByteBuffer(string: body),
            peer: IPAddress(ipv4: 0x7F00_0001),
            requestID: RequestID(1, 2))
    }

    static func names(_ change: Change) -> [String] {
        if case .packages(let order) = change.work { order.packages.map(\.name.description) } else { [] }
    }

    @Test func `a package that is named twice is asked for once`() throws {
        let install = try ChangeReader.install(
            Self.request(#"{"packages":[{"name":"a1"},{"name":"b1"},{"name":"a1"}]}"#))
        #expect(Self.names(install) == ["a1", "b1"])
        #expect(try Self.names(ChangeReader.apply(Self.request(#"{"packages":["a1","a1"]}"#))) == ["a1"])
    }

    @Test func `one package with two versions is refused before anything is done`() throws {
        let fault = #expect(throws: RequestFault.self) {
            try ChangeReader.install(
                Self.request(#"{"packages":[{"name":"a1","version":"1"},{"name":"a1","version":"2"}]}"#))
        }
        #expect(fault?.status == 400)
        #expect(fault?.fault.message == "package a1 is named twice, with different versions")
    }

    @Test(arguments: [
        (#"{"reboot":true}"#, true), (#"{"allow_reboot":false,"reboot":true}"#, false),
        (#"{"allow_reboot":true}"#, true),
    ]) func `both words for a reboot are read, the newer one first`(body: String, isAllowed: Bool) throws {
        #expect(try (ChangeReader.apply(Self.request(body)).rebootDelay != nil) == isAllowed)
    }

    @Test func `an older word that makes no sense is refused beside the newer one too`() {
        #expect(throws: RequestFault.self) {
            try ChangeReader.apply(Self.request(#"{"allow_reboot":false,"reboot":{}}"#))
        }
    }
}
