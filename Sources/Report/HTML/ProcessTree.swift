import Values

/// Who started whom, from init down to the holder of the port: one row a process, branches at the left.
///
/// Places are in pixels, so that words keep their size on every screen; what does not fit a phone is shortened there.
struct ProcessTree {
    private struct Row {
        var depth = 0
        /// The index of its parent's row.
        var parent: Int?
        var name: String
        var pid: Int32?
        var tag: ProcessTag?
        /// Unit and user.
        var place: String
        /// Where it matters.
        var command = ""
        /// Something that should be here and is not, or can't be seen.
        var isMissing = false
        var y = 0.0

        init(parent: Int?, name: String, place: String) {
            self.parent = parent
            self.name = name
            self.place = place
        }

        var height: Double { 36 + (tag == nil ? 0 : 16) + (command.isEmpty ? 0 : 16) }
        var label: String { name + (pid.map { " (pid \($0))" } ?? "") }
    }

    private var rows: [Row] = []
    private var leftOut = 0

    private static let rowsShown = 40
    private static let deepest = 10
    private static let gap = 8.0
    /// Widths that words have to fit, in pixels, for the widest usual fonts.
    private static let (phone, page) = (312.0, 640.0)

    init(_ report: Report) {
        let processes = report.processes ?? []
        if !processes.contains(where: { $0.pid == 1 }) { addUnit(of: report) }
        for process in processes {
            add(process, report)
            if process.pid == 1 { addUnit(of: report) }
        }
        for socket in report.sockets ?? [] where socket.holders.isEmpty { addHolder(of: socket) }
        leftOut = max(0, rows.count - Self.rowsShown)
        rows.removeLast(leftOut)
        var y = 0.0
        for index in rows.indices {
            rows[index].y = y
            y += rows[index].height + Self.gap
        }
    }

    private mutating func add(_ process: Report.Process, _ report: Report) {
        let parent = process.parent == nil ? nil : rows.lastIndex { $0.pid == process.parent }
        var row = Row(parent: parent, name: process.name, place: process.units)
        row.pid = process.pid
        if let parent { row.depth = rows[parent].depth + 1 }
        row.place += ", " + (process.user ?? "user \(process.uid)")
        row.tag = ProcessTag(process, report)
        if row.tag != nil, !process.args.isEmpty { row.command = process.args.joined(separator: " ") }
        rows.append(row)
    }

    /// The unit as a place where no process is: what a crash loop looks like between two attempts. It hangs below
    /// init, which is the last row where it is there.
    private mutating func addUnit(of report: Report) {
        guard let state = report.state else { return }
        for process in report.processes ?? [] where process.main || process.unit == report.unit.rawValue { return }
        var row = Row(
            parent: rows.indices.last, name: report.unit.rawValue, place: "no process: \(state.active)/\(state.sub)")
        row.isMissing = true
        row.depth = rows.isEmpty ? 0 : 1
        rows.append(row)
    }

    private mutating func addHolder(of socket: Report.Socket) {
        var row = Row(parent: nil, name: "a process that can't be seen", place: "socket \(socket.inode)")
        if let maker = socket.uid { row.place += ", made by user \(maker)" }
        row.isMissing = true
        row.tag = ProcessTag(tone: "bad", words: "holds " + socket.address)
        rows.append(row)
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

    /// The picture in words: what is missing, and each process of note with its ancestors.
    private var description: String {
        var text = ""
        for row in rows where row.isMissing || row.tag != nil {
            if !text.isEmpty { text += " " }
            text += row.label
            if !row.isMissing { text += " in " + row.place }
            text += ": " + (row.tag?.words ?? row.place)
            var above = row.isMissing ? nil : row.parent
            if above != nil { text += "; its parents: " }
            while let index = above {
                text += rows[index].label
                above = rows[index].parent
                if above != nil { text += ", " }
            }
            text += "."
        }
        return text
    }

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
        line(row.place, "quiet", pixels: 6.9)
        if !row.command.isEmpty { line(row.command, "mono", pixels: 6.7) }
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
