import Glibc
import Identity
import Linux
import TestKit
import Testing
import Trust
import Values
import Wire

/// A state directory and a certificate directory of a test's own.
struct Ground: Sendable {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    var statePath: String { directory.path + "/state" }
    var certificates: String { directory.path + "/certs" }

    var paths: CertificatePaths {
        CertificatePaths(
            ca: certificates + "/ca.pem", certificate: certificates + "/server.pem",
            key: certificates + "/server.key.pem", crl: certificates + "/crl.pem")
    }

    func state() throws(IdentityError) -> StateDirectory { try StateDirectory(opening: statePath) }
    func store() throws(IdentityError) -> GenerationStore { GenerationStore(try state()) }

    /// Stages, commits and publishes.
    @discardableResult func install(_ identity: TestIdentity) throws -> Generation {
        let store = try store()
        let generation = try store.commit(try store.stage(identity.bundle))
        try store.publish(generation, to: paths)
        return generation
    }

    /// Whether exactly this identity is published, list included.
    func holds(_ identity: TestIdentity) throws -> Bool {
        let bundle = try identity.bundle
        func content(_ path: String) -> [UInt8]? { try? TemporaryDirectory.bytes(of: path) }
        return content(paths.ca) == bundle.ca && content(paths.certificate) == bundle.certificate
            && content(paths.key) == bundle.key && content(paths.crl) == bundle.list
    }

    func names(_ path: String) throws -> [String] {
        try DirectoryListing(of: directory.path + "/" + path).names
    }

    func status(_ path: String) throws -> FileStatus { try FileStatus(of: path, followingLinks: false) }
}

/// Identities that OpenSSL made for this run.
enum TestIdentity: String, CaseIterable, Sendable {
    /// Of one CA.
    case first, second
    /// Of another CA with the same name.
    case foreign
    case expired, future
    case withoutList

    var bundle: IdentityBundle {
        get throws {
            let (ca, name, list): (String, String, String?) =
                switch self {
                case .first: ("root", "ec", "crl")
                case .second: ("root", "rsa", "crl")
                case .foreign: ("impostor", "foreign", "crl-impostor")
                case .expired: ("root", "expired", "crl")
                case .future: ("root", "future", "crl")
                case .withoutList: ("root", "rsa", nil)
                }
            return IdentityBundle(
                ca: try TestCertificates.bytes(ca + ".pem"), certificate: try TestCertificates.bytes(name + ".pem"),
                key: try TestCertificates.bytes(name + ".key"),
                list: try list.map { try TestCertificates.bytes($0 + ".pem") })
        }
    }

    /// As files that a program can be pointed at.
    func write(to directory: TemporaryDirectory, _ name: String) throws {
        let bundle = try bundle
        try directory.write(name + "/ca.pem", bundle.ca)
        try directory.write(name + "/server.pem", bundle.certificate)
        try directory.write(name + "/server.key.pem", bundle.key, mode: 0o600)
        if let list = bundle.list { try directory.write(name + "/crl.pem", list) }
    }
}

/// The program beside this test that enrolls on disk.
enum Writer {
    static var path: String {
        get throws {
            let own = try symbolicLinkTarget(of: "/proc/self/exe")
            return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/identity-writer"
        }
    }

    /// Runs a line of bash, in which `$W` is the program; its exit status and everything that it printed.
    static func shell(_ line: String, in directory: TemporaryDirectory) throws -> (status: Int32, output: String) {
        let output = try TemporaryDirectory()
        let child = try ChildProcess(
            ["bash", "-c", "cd '\(directory.path)'; W='\(try path)'; \(line)"], output: output.path + "/output")
        let status = child.wait()
        return (status, String(decoding: try output.read("output"), as: UTF8.self))
    }
}

let isRoot = geteuid() == 0

/// Whether a program is on the PATH; a test that needs it says so.
func has(_ program: String) -> Bool { unsafe system("command -v \(program) > /dev/null 2>&1") == 0 }

let now = WallTime(seconds: 1_779_000_000)
