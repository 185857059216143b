import Configuration
public import Evidence
public import Linux
public import Values

/// Works out what exactly is to be looked at, before anybody looks.
public enum TargetResolver {
    /// Program and configuration from the unit's ExecStart, the port from the configuration, wherever neither an option
    /// nor anything better says otherwise; `portSource` and `configurationSource` tell which it was.
    public static func resolve(
        unit: UnitName = .agent, port: Port? = nil, configuration: String? = nil, root: HostRoot = .live
    ) async -> Target {
        var target = Target(unit: unit)
        let command = StartCommand(of: unit, under: root)?.unwrapped { path in
            let file = FileFact(lookingAt: path, under: root)
            return file.kind == .regular && file.mode & 0o111 != 0
        }
        if let command { target.program = command.program }
        if let configuration {
            target.configuration = configuration
            target.configurationSource = "--config"
        } else if let command, let path = command.configuration {
            if path.contains("$") {
                target.configurationSource = "default, because ExecStart of \(unit) takes it from a variable"
            } else {
                target.configuration = absolute(path, in: command.workingDirectory)
                target.configurationSource = "ExecStart of \(unit)"
            }
        } else if unit != .agent {
            // The default file is the agent's, and tells nothing of another service.
            target.configuration = ""
            target.configurationSource = "\(unit) names none"
        }
        if let port {
            target.port = port
            target.portSource = "--port"
        } else if target.hasConfiguration, let found = ConfigurationReader.port(path: target.configuration, root: root)
        {
            target.port = found.port
            target.portSource = found.source
        }
        return target
    }

    private static func absolute(_ path: String, in directory: String) -> String {
        if path.hasPrefix("/") { return path }
        let base = directory.hasPrefix("/") ? directory : "/"
        return base + (base.hasSuffix("/") ? "" : "/") + path
    }
}
