import Values

/// Who started whom, from init down to the holder of the port: one row a process, branches at the left.
///
/// Places are in pixels, so that words keep their size on every screen; what does not fit a phone is shortened there.
struct ProcessTree {
    private struct Row {
        var depth: Int
        /// The index of its parent's row.
        var parent: Int?
        var name: String
        var pid: Int32?
        var tag: ProcessTag?
        /// Unit and user, then the command where it matters.
        var place: String
        var command: String?
        /// Something that should be here and is not, or can't be seen.
        var isMissing = false
        var y = 0.0
        var height: Double {
            20 + (tag == nil ? 0 : 16) + (place.isEmpty ? 0 : 16) + (command == nil ? 0 : 16)
        }
    }

    private let report: Report
    private var rows: [Row] = []
    private var leftOut = 0

    private static let rowsShown = 40
    private static let deepest = 10
    private static let gap = 8.0
    /// Columns of text in a picture of this width in pixels, for the widest usual fonts.
    private static let (phone, page) = (312.0, 640.0)

    init(_ report: Report) {
        self.report = report
        addUnit(below: nil)
        for process in report.processes ?? [] { add(process) }
        addHidden()
        leftOut = max(0, rows.count - Self.rowsShown)
        rows.removeLast(leftOut)
        var y = 0.0
        for index in rows.indices {
            rows[index].y = y
            y += rows[index].height + Self.gap
        }
    }

    private mutating func add(_ process: Report.Process) {
        let parent = process.parent.flatMap { pid in rows.lastIndex { $0.pid == pid } }
        let tag = ProcessTag(process, report)
        let command = tag == nil ? nil : process.args.joined(separator: " ")
        rows.append(
            Row(
                depth: parent.map { rows[$0].depth + 1 } ?? 0, parent: parent, name: process.name, pid: process.pid,
                tag: tag, place: "\(process.units), \(process.user ?? "user \(process.uid)")",
                command: command?.isEmpty == false ? command : nil))
        if process.pid == 1 { addUnit(below: rows.count - 1) }
    }

    /// The unit as a place where no process is: what a crash loop looks like between two attempts.
    private mutating func addUnit(below parent: Int?) {
        let processes = report.processes ?? []
        guard let state = report.state, parent != nil || !processes.contains(where: { $0.pid == 1 }),
            !processes.contains(where: { $0.main || $0.unit == report.unit.rawValue })
        else { return }
        rows.append(
            Row(
                depth: parent == nil ? 0 : 1, parent: parent, name: report.unit.rawValue, pid: nil, tag: nil,
                place: "no process: \(state.active)/\(state.sub)", isMissing: true))
    }

    private mutating func addHidden() {
        for socket in (report.sockets ?? []) where socket.holders.isEmpty {
            let maker = socket.uid.map { ", made by user \($0)" } ?? ""
            rows.append(
                Row(
                    depth: 0, parent: nil, name: "a process that can't be seen", pid: nil,
                    tag: ProcessTag(tone: "bad", words: "holds \(socket.address)"),
                    place: "socket \(socket.inode)\(maker)", isMissing: true))
        }
    }

    var figure: Markup {
        let height = rows.last.map { $0.y + $0.height } ?? 0
        var svg: Markup = """
            <figure>
            <svg xmlns="http://www.w3.org/2000/svg" class="tree" role="img" aria-labelledby="tree-title tree-desc" \
            width="100%" height="\(height)">
            <title id="tree-title">Process tree</title>
            <desc id="tree-desc">\(description, limit: 2000)</desc>

            """
        // Branches first, so that the dots lie on top of them.
        for row in rows { svg += branch(to: row) }
        for row in rows { svg += draw(row) }
        svg += "</svg>\n"
        if leftOut > 0 { svg += "<figcaption>\(leftOut) more are in the table only.</figcaption>\n" }
        return svg + "</figure>\n"
    }

    /// The picture in words: each holder with its ancestors.
    private var description: String {
        var sentences = rows.filter(\.isMissing).map { "\($0.name): \($0.tag?.words ?? $0.place)." }
        for row in rows where row.tag != nil && !row.isMissing {
            var chain: [String] = []
            var above = row.parent
            while let index = above {
                chain.append(Self.label(rows[index]))
                above = rows[index].parent
            }
            let parents = chain.isEmpty ? "" : "; its parents: \(chain.joined(separator: ", "))"
            sentences.append("\(Self.label(row)) in \(row.place): \(row.tag?.words ?? "")\(parents).")
        }
        return sentences.joined(separator: " ")
    }

    private static func label(_ row: Row) -> String { row.name + (row.pid.map { " (pid \($0))" } ?? "") }

    private static func x(_ depth: Int) -> Double { 6 + Double(min(depth, deepest)) * 12 }

    private func branch(to row: Row) -> Markup {
        guard let parent = row.parent.map({ rows[$0] }) else { return "" }
        let bend: Markup = row.depth > Self.deepest ? "" : "H\(Self.x(row.depth))"
        return """
            <path class="branch" d="M\(Self.x(parent.depth)) \(parent.y + 10)V\(row.y + 10)\(bend)"/>

            """
    }

    private func draw(_ row: Row) -> Markup {
        let x = Self.x(row.depth)
        let dot: Markup =
            row.isMissing ? "open none" : row.tag?.tone ?? "open"
        let pid: Markup = row.pid.map { " <tspan class=\"quiet\">\($0)</tspan>" } ?? ""
        let name = Self.text(row.name, from: x + 12 + (row.pid == nil ? 0 : 40), 8.8)
        var svg: Markup = """
            <circle class="\(dot)" cx="\(x)" cy="\(row.y + 10)" r="4.5"/>\
            <text x="\(x + 12)" y="\(row.y + 14)"><tspan class="name">\(name)</tspan>\(pid)</text>

            """
        var y = row.y + 30
        func line(_ words: String, _ tone: Markup, pixels: Double) {
            svg += """
                <text class="\(tone)" x="\(x + 12)" y="\(y)">\(Self.text(words, from: x + 12, pixels))</text>

                """
            y += 16
        }
        if let tag = row.tag { line(tag.words, tag.tone + " tag", pixels: 7.4) }
        if !row.place.isEmpty { line(row.place, "quiet", pixels: 6.9) }
        if let command = row.command { line(command, "mono", pixels: 6.7) }
        return svg
    }

    /// Words behind `x` for both widths, once where the shorter form is whole.
    private static func text(_ words: String, from x: Double, _ pixels: Double) -> Markup {
        let narrow = words.fitted(to: Int((phone - x) / pixels))
        let wide = words.fitted(to: Int((page - x) / pixels))
        guard narrow != wide else { return "\(wide)" }
        return "<tspan class=\"narrow\">\(narrow)</tspan><tspan class=\"wide\">\(wide)</tspan>"
    }
}
