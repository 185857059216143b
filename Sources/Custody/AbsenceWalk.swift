import Evidence

extension Snapshot {
    /// Every absence anywhere in the facts, in the order of the fields: found by walking them, so that a fact added
    /// later can't be forgotten here.
    var everyAbsence: [Absence] {
        var walk = AbsenceWalk()
        walk.visit(self, depth: 0)
        return walk.found
    }
}

private struct AbsenceWalk {
    private(set) var found: [Absence] = []
    private var seen: Set<Absence> = []

    mutating func visit(_ value: Any, depth: Int) {
        if let absence = value as? Absence {
            if seen.insert(absence).inserted { found.append(absence) }
            return
        }
        // Facts are shallow; the bound only keeps a mistake from becoming a crash.
        guard depth < 32, !(value is String) else { return }
        for child in Mirror(reflecting: value).children { visit(child.value, depth: depth + 1) }
    }
}
