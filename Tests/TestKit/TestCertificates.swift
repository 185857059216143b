import Glibc

/// Certificates of every kind, made once in a test run by the real `openssl` program; see Tests/Fixtures/certs/make.
public enum TestCertificates {
    private static let directory: Result<TemporaryDirectory, any Error> = Result {
        let directory = try TemporaryDirectory()
        let log = directory.path + "/make.log"
        let status = try ChildProcess([Fixtures.path("certs/make"), directory.path], output: log).wait()
        guard status == 0 else {
            let words = String(decoding: try directory.read("make.log"), as: UTF8.self)
            throw ChildProcess.Failure(words: "Tests/Fixtures/certs/make: \(words)")
        }
        // A static is never deinitialised, and keys should not lie about.
        atexit { try? TestCertificates.directory.get().removeAll() }
        return directory
    }

    /// Where `name` lies: `ec.pem`, `rsa.key`.
    public static func path(_ name: String) throws -> String { try directory.get().path + "/" + name }

    public static func bytes(_ name: String) throws -> [UInt8] { try TemporaryDirectory.bytes(of: path(name)) }
}
