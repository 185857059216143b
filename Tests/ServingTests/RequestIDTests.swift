import Testing
import Values

@testable import Serving

@Suite struct RequestIDTests {
    @Test func `request ids are random version 4 UUIDs`() {
        let source = RequestIDSource()
        let many = (0..<10_000).map { _ in source.next().description }
        #expect(Set(many).count == many.count)
        #expect(RequestID(.max, .max).description == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        #expect(
            RequestID(0x0123_4567_89AB_CDEF, 0x0123_4567_89AB_CDEF).description
                == "01234567-89ab-4def-8123-456789abcdef")
    }

    @Test func `the date is spelled as HTTP wants it`() throws {
        let time = try #require(WallTime(rfc3339: "2026-11-03T05:06:07Z"))
        #expect(DateStamp.spell(time) == "Tue, 03 Nov 2026 05:06:07 GMT")
        #expect(DateStamp.spell(WallTime(seconds: 784_111_777)) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
