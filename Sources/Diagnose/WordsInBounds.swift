import Evidence

/// A bundle may come from anybody: what the journal is said to hold is searched by every rule, so that it has an end.
extension Snapshot {
    /// As much of the journal's words as a look itself would keep.
    var withWordsInBounds: Snapshot {
        guard case .value(var fact, let source) = journal, fact.exceedsBounds else { return self }
        fact.epochs = fact.epochs.suffix(JournalFact.most).map(\.inBounds)
        fact.earlierEpochs = fact.earlierEpochs.suffix(JournalFact.most).map(\.inBounds)
        fact.lastLines = fact.lastLines.suffix(JournalFact.most).map(\.inBounds)
        fact.startLimitHits = fact.startLimitHits.suffix(JournalFact.most).map(\.inBounds)
        var host = self
        host.journal = .value(fact, source)
        return host
    }
}

extension JournalFact {
    /// A look keeps fewer than fifty of each.
    fileprivate static let most = 100

    fileprivate var exceedsBounds: Bool {
        max(epochs.count, earlierEpochs.count, lastLines.count, startLimitHits.count) > Self.most
            || (epochs + earlierEpochs).contains { $0.sample.exceedsBounds || $0.ending.exceedsBounds }
            || (lastLines + startLimitHits).contains { $0.message.exceedsBounds }
    }
}

extension Epoch {
    fileprivate var inBounds: Epoch {
        var epoch = self
        (epoch.sample, epoch.ending) = (sample.inBounds, ending.inBounds)
        return epoch
    }
}

extension JournalLine {
    fileprivate var inBounds: JournalLine {
        var line = self
        line.message = message.inBounds
        return line
    }
}

extension String {
    /// More than any line that a look keeps.
    private static let longest = 8192

    fileprivate var exceedsBounds: Bool { utf8.count > Self.longest }
    fileprivate var inBounds: String {
        exceedsBounds ? String(decoding: utf8.prefix(Self.longest), as: UTF8.self) : self
    }
}
