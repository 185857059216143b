/// Recorded hosts under Tests/Fixtures/hosts.
public enum Fixture {
    /// The directory that stands for `/` of the host in that situation.
    public static func host(_ situation: String, file: String = #filePath) -> String {
        let tests = file.split(separator: "/").dropLast(2).joined(separator: "/")
        return "/" + tests + "/Fixtures/hosts/" + situation
    }
}
