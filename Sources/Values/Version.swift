/// The version of everything built from this source: the one place that says it.
public enum Version {
    public static let current = "1.2.0"
}
