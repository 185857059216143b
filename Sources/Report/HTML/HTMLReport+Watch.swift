import Values

extension HTMLReport {
    /// What was seen live, where somebody watched.
    static func watch(of report: Report) -> Markup {
        guard let watch = report.watch else { return "" }
        var rows: Markup = ""
        for ending in watch.endings {
            rows += """
                <tr><th scope="row">\(flowing: ending.words)\
                <br/><span class="small quiet">\(ending.first) to \(ending.last)</span></th>\
                <td class="number">\(max(0, ending.count).grouped)</td></tr>

                """
        }
        for holder in watch.holders {
            rows += """
                <tr><th scope="row">port held by \(flowing: holder.what)\
                <br/><span class="small quiet">\(holder.period)</span></th><td></td></tr>

                """
        }
        guard !rows.text.isEmpty else { return section("watch", "Watched live", "<p>\(watch.summary).</p>\n") }
        return section(
            "watch", "Watched live",
            """
            <p>\(watch.summary).</p>
            <table><caption>What happened while it was watched</caption>
            <thead><tr><th scope="col">seen</th><th scope="col" class="number">times</th></tr></thead>
            <tbody>
            \(rows)</tbody></table>

            """)
    }
}
