/// The files that scenarios install, as they lie beside the harness.
enum LabFiles {
    /// `Tests/Lab/files`, found from where this file was compiled.
    static let directory: String = {
        let here = #filePath.split(separator: "/").dropLast(2)
        return "/" + here.joined(separator: "/") + "/files"
    }()

    /// Where the lab's certificates are shown inside a container.
    static let certificatesInside = "/opt/lab/certificates"

    /// A file that is shipped with the agent, by its place in the project.
    static func shipped(_ path: String) -> String { contents(of: "\(directory)/../../../\(path)") ?? "" }

    static func text(_ name: String) -> String { contents(of: "\(directory)/\(name)") ?? "" }
}
