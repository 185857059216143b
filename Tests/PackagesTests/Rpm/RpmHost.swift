import Packages
import TestKit

/// A host of rpm's kind below a directory of its own, and a repository beside it, both made of nothing.
final class RpmHost {
    let directory: TemporaryDirectory
    let manager: DnfPackageManager
    var root: String { directory.path + "/root" }
    private var repository: String { directory.path + "/repository" }

    /// `settings` are lines of dnf.conf; `source` is where the host looks for the repository.
    init(settings: String = "gpgcheck=0", source: String? = nil) throws {
        directory = try TemporaryDirectory()
        manager = DnfPackageManager(root: directory.path + "/root")
        directory.makeDirectory("repository")
        directory.makeDirectory("root/var/lib/rpm")
        // Debian's rpm keeps its database in the home of who runs it.
        directory.makeDirectory("root/root")
        directory.link("root/root/.rpmdb", to: "../var/lib/rpm")
        try directory.write(
            "root/etc/dnf/dnf.conf",
            "[main]\nplugins=1\npluginconfpath=\(root)/etc/dnf/plugins\n\(settings)\n")
        try directory.write("root/etc/dnf/vars/releasever", "1\n")
        try directory.write(
            "root/etc/dnf/plugins/versionlock.conf",
            "[main]\nenabled = 1\nlocklist = \(root)/etc/dnf/plugins/versionlock.list\n")
        try directory.write("root/etc/dnf/plugins/versionlock.list", "")
        try directory.write(
            "root/etc/yum.repos.d/tests.repo",
            "[tests]\nname=tests\nbaseurl=\(source ?? "file://" + repository)\nenabled=1\n")
    }

    /// Adds a package to the repository; `index` shows it to the host.
    func add(_ name: String, _ version: String, epoch: Int = 0, _ lines: String = "", payload: String = "") throws {
        let parts = version.split(separator: "-")
        try directory.write(
            "specs/\(name).spec",
            """
            Name: \(name)
            \(epoch == 0 ? "# no epoch" : "Epoch: \(epoch)")
            Version: \(parts[0])
            Release: \(parts[1])
            Summary: The package \(name)
            License: none
            BuildArch: noarch
            \(lines.split(separator: "\n").filter { $0.contains(": ") }.joined(separator: "\n"))
            %description
            A test's.
            %install
            mkdir -p %{buildroot}/opt
            \(payload.isEmpty ? "echo \(version) > %{buildroot}/opt/\(name)" : payload)
            %files
            /opt/\(name)
            \(lines.split(separator: "\n").filter { !$0.contains(": ") }.joined(separator: "\n"))

            """)
        _ = try ChildProcess.output(of: [
            "rpmbuild", "--quiet", "--define", "_topdir \(directory.path)/build", "--define", "_rpmdir \(repository)",
            "--define", "_rpmfilename %{name}-%{version}-%{release}.rpm", "-bb", directory.path + "/specs/\(name).spec",
        ])
    }

    func index() throws {
        _ = try ChildProcess.output(of: ["createrepo_c", "--quiet", "--simple-md-filenames", repository])
        _ = try ChildProcess.output(of: [
            "dnf", "--quiet", "--installroot", root, "makecache", "--refresh",
        ])
    }

    /// What is installed, as rpm itself tells it.
    var installed: [String] {
        get throws {
            try ChildProcess.output(of: [
                "rpm", "--root", root, "-qa", "--queryformat", "%{NAME} %{EVR}\\n",
            ])
            .split(separator: "\n").map(String.init).sorted()
        }
    }

    /// Installs by hand, beside the agent.
    func install(_ words: String...) throws {
        _ = try ChildProcess.output(of: ["dnf", "--quiet", "--installroot", root, "-y", "install"] + words)
    }
}
