/// What would be done, the answer to a dry run.
public struct PlanData: Hashable, Sendable {
    public struct Change: Hashable, Sendable {
        public var name: String
        public var architecture: String
        public var from: String?
        public var to: String?
        public var origin: String?

        public init(name: String, architecture: String, from: String?, to: String?, origin: String?) {
            self.name = name
            self.architecture = architecture
            self.from = from
            self.to = to
            self.origin = origin
        }

        func write(to writer: inout JSONWriter) {
            writer.object { writer in
                writer.name("name")
                writer.string(name)
                writer.name("architecture")
                writer.string(architecture)
                writer.name("from")
                writer.optional(from) { $0.string($1) }
                writer.name("to")
                writer.optional(to) { $0.string($1) }
                writer.name("origin")
                writer.optional(origin) { $0.string($1) }
            }
        }
    }

    public var digest: String
    public var changes: [Change]

    public init(digest: String, changes: [Change]) {
        self.digest = digest
        self.changes = changes
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("dry_run")
            writer.boolean(true)
            writer.name("plan_digest")
            writer.string(digest)
            writer.name("changes")
            writer.array { writer in for change in changes { change.write(to: &writer) } }
            writer.name("removals")
            writer.array { writer in for change in changes where change.to == nil { writer.string(change.name) } }
        }
    }
}
