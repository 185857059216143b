/// The `data` of `GET /api/v1/system/services/{name}`.
public struct ServiceData: Hashable, Sendable {
    public var name: String
    public var displayName: String
    public var activeState: String
    public var subState: String
    public var loadState: String
    public var enabledState: String
    public var mainProcess: UInt32?
    public var isHealthy: Bool

    public init(
        name: String, displayName: String, activeState: String, subState: String, loadState: String,
        enabledState: String, mainProcess: UInt32?, isHealthy: Bool
    ) {
        self.name = name
        self.displayName = displayName
        self.activeState = activeState
        self.subState = subState
        self.loadState = loadState
        self.enabledState = enabledState
        self.mainProcess = mainProcess
        self.isHealthy = isHealthy
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("name")
            writer.string(name)
            writer.name("display_name")
            writer.string(displayName)
            writer.name("active_state")
            writer.string(activeState)
            writer.name("sub_state")
            writer.string(subState)
            writer.name("load_state")
            writer.string(loadState)
            writer.name("enabled_state")
            writer.string(enabledState)
            writer.name("main_pid")
            writer.optional(mainProcess) { $0.number($1) }
            writer.name("healthy")
            writer.boolean(isHealthy)
        }
    }
}
