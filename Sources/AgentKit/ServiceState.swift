import Trust
import Values
import Wire

/// Where the service is in its life; each state's words are one line of `systemctl status`.
enum ServiceState: Hashable, Sendable {
    case readingConfiguration
    case judgingCertificates
    /// A manager is being asked for an identity, and there is none to serve with.
    case enrolling(words: String)
    /// Waiting for a person or for time.
    case waiting(status: String, advice: String)
    case serving(Serving)
    case draining(connections: Int)

    /// What there is to say while connections are served.
    struct Serving: Hashable, Sendable {
        var address: String
        var notAfter: WallTime
        /// New certificates are being fetched meanwhile, and how that goes.
        var renewal: String?
        /// What is wrong although it serves.
        var concern: String?
        /// Why nobody may connect, where that is so.
        var closed: String?
    }

    var words: String {
        switch self {
        case .readingConfiguration: "reading the configuration"
        case .judgingCertificates: "judging the certificates"
        case .enrolling(let words): words
        case .waiting(let status, let advice): "waiting, not serving: \(status); \(advice)"
        case .serving(let serving):
            [
                "listening on \(serving.address), certificate valid until \(serving.notAfter.readable)",
                serving.closed, serving.concern,
                serving.renewal.map { "renewal: \($0)" },
            ].compactMap(\.self).joined(separator: "; ")
        case .draining(let connections): "stopping: \(connections) connections to finish"
        }
    }
}
