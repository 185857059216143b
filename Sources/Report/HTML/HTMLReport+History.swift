import Evidence
import Values

extension HTMLReport {
    private static let epochsShown = 64

    /// The course of the failures as a picture, and each epoch in words.
    static func history(of report: Report) -> Markup {
        let chart = FailureChart(report)
        guard chart != nil || !report.epochs.isEmpty else { return "" }
        var content: Markup = ""
        if let restarts = report.restarts, restarts.total > 0 { content += words(for: restarts) }
        if let chart { content += chart.figure }
        if !report.epochs.isEmpty { content += table(of: report.epochs) }
        return section("history", "History", content)
    }

    private static func words(for restarts: Report.Restarts) -> Markup {
        var resets: Markup = ""
        if restarts.counterResets > 0 { resets = "; counter resets: \(restarts.counterResets.grouped)" }
        return """
            <p>Automatic restarts on record in the journal: \(restarts.total.grouped). \
            Highest counter: \(restarts.highestCounter.grouped)\(resets).</p>

            """
    }

    private static func table(of epochs: [Epoch]) -> Markup {
        var rows: Markup = ""
        for index in 0..<min(epochs.count, epochsShown) {
            let epoch = epochs[index]
            let tone = FailureChart.tone(ofEpoch: index, of: epochs.count)
            rows += """
                <tr><th scope="row" class="mark number \(tone)">\(index + 1)</th>\
                <td>\(flowing: epoch.signature)\
                <br/><span class="small quiet">\(epoch.first) to \(epoch.last), \(epoch.ending, limit: 80)</span></td>\
                <td class="number">\(max(0, epoch.count).grouped)</td></tr>

                """
        }
        return """
            <table><caption>Stretches of time in which it failed for the same reason</caption>
            <thead><tr><th scope="col" class="number">#</th><th scope="col">reason</th>\
            <th scope="col" class="number">failures</th></tr></thead>
            <tbody>
            \(rows)</tbody></table>

            """
    }
}
