import Evidence

/// What several rules read out of a failure's own words.
extension Epoch {
    /// EADDRINUSE in the words of libc, Rust, Go, OpenSSL and nginx.
    var saysPortInUse: Bool {
        let words = sample.lowercased()
        return words.contains("address already in use") || words.contains("eaddrinuse")
            || words.contains("os error 98") || words.contains("address in use")
    }
}

extension String {
    /// The first absolute path in a log line, without quotes and punctuation around it.
    var firstPath: String? {
        split(whereSeparator: { " '\"`,;()[]".contains($0) }).lazy
            .map { $0.hasSuffix(":") || $0.hasSuffix(".") ? $0.dropLast() : $0 }
            .first { $0.hasPrefix("/") && $0.count > 1 }
            .map(String.init)
    }
}
