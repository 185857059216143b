import Glibc

/// What is put to the test and what stands in for the agent: programs that the build left beside this one.
struct Programs {
    /// nil until it is built.
    var doctor: String?
    var oldAgent: String
    /// The agent itself and the manager that it is tried with; nil until they are built.
    var agent: String?
    var manager: String?
    /// What orders transactions beside the agent.
    var transactor: String?
    /// What kills the doctor at every point of a remediation.
    var executioner: String?
    /// Where the Swift runtime lies that one of them is linked to; nil where both do without.
    var runtime: String?

    static func find() throws -> Programs {
        let here = try executableDirectory()
        guard
            let oldAgent = [variable("PATCH_DOCTOR_OLD_AGENT"), "\(here)/old-agent"].compactMap({ $0 }).first(
                where: exists)
        else { throw Command.Failure(description: "no old-agent in \(here): run 'swift build --product old-agent'") }
        let doctor = [variable("PATCH_DOCTOR_BINARY"), "\(here)/patch-doctor"].compactMap { $0 }.first(where: exists)
        let agent = [variable("PATCH_DOCTOR_AGENT"), "\(here)/linux-patch-api"].compactMap { $0 }.first(where: exists)
        let manager = ["\(here)/patch-manager-dev"].first(where: exists)
        let transactor = ["\(here)/transactor"].first(where: exists)
        let executioner = ["\(here)/libexecutioner.so"].first(where: exists)
        let runtime = try [oldAgent, doctor, agent, manager].compactMap { $0 }.compactMap(runtime(of:)).first
        return Programs(
            doctor: doctor, oldAgent: oldAgent, agent: agent, manager: manager, transactor: transactor,
            executioner: executioner, runtime: runtime)
    }

    func cargo(certificates: String, patient: Scenario.Patient) throws -> Container.Cargo {
        var cargo = Container.Cargo()
        switch patient {
        case .oldAgent: cargo.programs[oldAgent] = "/usr/bin/linux-patch-api"
        case .agent, .host:
            guard let agent, let manager else {
                throw Command.Failure(
                    description: "no linux-patch-api or patch-manager-dev beside the lab: run 'swift build'")
            }
            if patient == .agent { cargo.programs[agent] = "/usr/bin/linux-patch-api" }
            if patient == .host, let package = Self.package {
                cargo.views[package.parent] = LabPackages.built
            }
            cargo.programs[manager] = "/usr/bin/patch-manager-dev"
            cargo.programs[oldAgent] = "/opt/lab/old-agent"
            if let transactor { cargo.programs[transactor] = "/opt/lab/transactor" }
        }
        if let doctor { cargo.programs[doctor] = "/usr/bin/patch-doctor" }
        if let executioner { cargo.programs[executioner] = "/opt/lab/executioner.so" }
        if let runtime { cargo.views[runtime] = runtime }
        cargo.views[certificates] = LabFiles.certificatesInside
        return cargo
    }

    /// The agent's package, as `make deb` made it last.
    static var package: String? {
        let pattern = "\(LabFiles.directory)/../../../.build/packages/linux-patch-api_*.deb"
        let paths = try? Command(["sh", "-c", "ls -t \(pattern) 2>/dev/null"]).run().text.lines
        return (paths?.first).flatMap { try? Command(["readlink", "-f", String($0)]).output().trimmed }
    }

    private static func executableDirectory() throws -> String {
        let path = try Command(["readlink", "-f", "/proc/\(getpid())/exe"]).output().trimmed
        return path.parent
    }

    private static func runtime(of program: String) throws -> String? {
        let line = try Command(["ldd", program]).output().lines.first { $0.contains("libswiftCore.so") }
        guard let path = line?.split(separator: " ").first(where: { $0.hasPrefix("/") }) else { return nil }
        let real = try Command(["readlink", "-f", String(path)]).output().trimmed
        return real.parent
    }
}
