/// temporary until merge
public enum PackageManagerChoice { public static func detect() -> (any PackageManager)? { nil } }
