import TestKit
import Testing

@testable import Packages

/// Our orders of versions against the package managers' own.
@Suite struct VersionOrderTests {
    private static let versions = [
        "1.0-1", "1.0-2", "1.0-10", "1:0.1-1", "1.0", "1.0.1-1", "1.0a-1", "1.0.a-1", "1.0~rc1-1", "1.0^git1-1",
        "01.0-1",
        "1..0-1", "1.0.-1", "1-1", "2-1", "1.a-1", "1.0^-1", "1.0~-1", "10.0001-1", "1.0-1.el9",
    ]

    private static let pairs = versions.flatMap { one in versions.map { (one, $0) } }

    private static func sign(_ number: Int) -> Int { number.signum() }

    @Test(.enabled(if: PackageTools.areHere("/usr/bin/rpm"), "needs root and rpm"))
    func `versions are ordered as rpm orders them`() throws {
        // An epoch and a release are parted by us: rpm is asked for what is between.
        let plain = Self.versions.map { $0.split(separator: ":").last ?? "" }
            .map { String($0.split(separator: "-").first ?? "") }
        var script = ""
        var expected: [Int] = []
        for one in plain {
            for other in plain {
                script += "print(rpm.vercmp('\(one)','\(other)')..' ')"
                expected.append(Self.sign(RpmVersionOrder.compare(one, other)))
            }
        }
        let words = try ChildProcess.output(of: ["rpm", "--eval", "%{lua: \(script)}"])
        #expect(words.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) } == expected)
        #expect(RpmVersionOrder.isOlder("9.9-1", "1:0.1-1") && RpmVersionOrder.isOlder("1.0-1", "1.0-1.el9"))
    }

    @Test(.enabled(if: PackageTools.areHere("/usr/bin/vercmp"), "needs root and pacman"))
    func `versions are ordered as pacman orders them`() throws {
        let script = Self.pairs.map { "vercmp '\($0.0)' '\($0.1)'" }.joined(separator: "\n")
        let words = try ChildProcess.output(of: ["sh", "-c", script]).split(separator: "\n").compactMap { Int($0) }
        #expect(words.count == Self.pairs.count)
        for (pair, word) in zip(Self.pairs, words) {
            #expect(Self.sign(PacmanVersionOrder.compare(pair.0, pair.1)) == Self.sign(word), "\(pair)")
        }
    }
}
