/// Where recorded material of real hosts lies.
public enum Fixtures {
    /// The path of `Tests/Fixtures/<name>`.
    public static func path(_ name: String) -> String {
        let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        return here.joined(separator: "/") + "/Fixtures/" + name
    }
}
