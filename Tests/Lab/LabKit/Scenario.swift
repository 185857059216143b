/// A way to break a host, and what must be said of it: data that one runner carries out.
public struct Scenario: Sendable, CustomStringConvertible {
    /// One sentence: the situation.
    public var name: String
    /// Kebab-case, unique.
    public var id: String
    public var steps: [Step]
    /// What must be so, seen with systemd's and the kernel's own tools, before the doctor is asked at all: a scenario
    /// that does not come about proves nothing.
    public var holds: [Condition]
    public var expect: [Expectation]
    /// Findings that would be wrong here, in any role.
    public var mustNot: Set<String> = []
    /// Findings that may be reported or not.
    public var tolerates: Set<String> = []
    /// Verdicts that are right: mostly one.
    public var verdicts: Set<String>
    /// Whether the unit keeps restarting while the doctor looks, so that its counters move by themselves.
    public var loops = false
    public var observer = Observer.root
    public var needs: Need?
    /// Which agent lies at /usr/bin/linux-patch-api.
    public var patient = Patient.oldAgent
    /// How it goes on, one after the other: the root is removed, and the doctor must name what remains. Of each its
    /// steps, what holds and what to expect count.
    public var then: [Scenario] = []
    /// Watches that are held, one after the other, before the doctor is asked.
    public var watches: [Watching] = []
    /// The cause goes away: done after the doctor was asked.
    public var cure: [Step] = []
    /// What must be so then, with nobody doing anything more.
    public var recovers: [Condition] = []
    /// Findings that outlast the cure.
    public var lingers: Set<String> = []
    /// What is left of the machine when the doctor is asked; nil where it runs.
    public var remains: Remains?
    /// How often systemd may have started the unit anew by then; never more often while the doctor looks.
    public var restarts = Int.max

    public enum Patient: Sendable {
        /// The stand-in for the agent before 1.2.0.
        case oldAgent
        /// The agent itself, under the units that are shipped, with a development manager beside it.
        case agent
        /// None yet: a host with a development manager, and the Debian packages that were built to install.
        case host
    }

    public enum Observer: Sendable {
        case root
        /// An ordinary user, who keeps the bundle in his own directory.
        case user(String)
    }

    /// What not every machine can give.
    public enum Need: Sendable {
        case memoryLimits
        /// The Debian packages, which are made from release builds.
        case packages

        /// Why it is not to be had here; nil where it is.
        var absence: String? {
            switch self {
            case .packages: Programs.package == nil ? "no package in .build/packages: run 'make deb'" : nil
            case .memoryLimits:
                CgroupHome.limitsMemory ? nil : "this kernel's memory controller is not in the unified cgroup hierarchy"
            }
        }
    }

    public init(
        _ id: String, _ name: String, steps: [Step], holds: [Condition], expect: [Expectation],
        mustNot: Set<String> = [], tolerates: Set<String> = [], verdicts: Set<String> = ["unhealthy"],
        loops: Bool = false, observer: Observer = .root, needs: Need? = nil, then: [Scenario] = []
    ) {
        self.id = id
        self.name = name
        self.steps = steps
        self.holds = holds
        self.expect = expect
        self.mustNot = mustNot
        self.tolerates = tolerates
        self.verdicts = verdicts
        self.loops = loops
        self.observer = observer
        self.needs = needs
        self.then = then
    }

    public var description: String { id }

    /// Every finding that must be reported here or later on; of alternatives the first.
    public var expectedFindings: [String] {
        expect.compactMap(\.ids.first) + then.flatMap(\.expectedFindings)
    }
}

/// A finding that must be reported.
public struct Expectation: Sendable {
    /// Any of these ids satisfies it: mostly one.
    public var ids: [String]
    /// In one of these roles.
    public var roles: Set<String>
    /// How many findings of the id, at least.
    public var count = 1
    /// A script whose output must be named in the finding's subject or sentence: the true pid, path or unit.
    public var subject: String?
    public var confidence: String?

    public init(
        _ ids: String..., roles: Set<String>, count: Int = 1, subject: String? = nil, confidence: String? = nil
    ) {
        self.ids = ids
        self.roles = roles
        self.count = count
        self.subject = subject
        self.confidence = confidence
    }

    public static func root(
        _ id: String, or other: String..., count: Int = 1, subject: String? = nil, confidence: String? = nil
    ) -> Self {
        var expectation = Self(id, roles: ["root"], count: count, subject: subject, confidence: confidence)
        expectation.ids += other
        return expectation
    }

    public static func origin(_ id: String) -> Self { Self(id, roles: ["origin"]) }
    /// Part of this story, whether it makes things worse or sustains them.
    public static func contributing(_ id: String) -> Self { Self(id, roles: ["contributing"]) }
    public static func risk(_ id: String) -> Self { Self(id, roles: ["risk"]) }
    public static func any(_ id: String) -> Self { Self(id, roles: ["root", "origin", "contributing", "risk"]) }

    var words: String { "\(ids.joined(separator: " or ")) as \(roles.sorted().joined(separator: " or "))" }
}
