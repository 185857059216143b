import Packages
import Wire

/// What a manager asks about packages.
struct PackageListRequest: Hashable {
    /// Which packages, seen from the repositories.
    enum Kind: Hashable { case installed, upgradable, available }

    var query = PackageQuery()
    var kind = Kind.installed

    /// The question behind a query; what the contract does not know is passed over, a limit among it.
    init(_ query: String?) throws(RequestFault) {
        for (name, value) in QueryParameters(query) {
            switch name {
            case "name":
                guard let pattern = value.flatMap(NamePattern.init) else { throw .badName }
                self.query.name = pattern
            case "status" where value == "upgradable": kind = .upgradable
            case "status" where value == "available": kind = .available
            case "upgradable" where value == "true": kind = .upgradable
            case "sort": self.query.key = value.flatMap(PackageQuery.Key.init) ?? .name
            case "order": self.query.isDescending = value != "asc"
            default: break
            }
        }
    }
}

/// Why a request means nothing to the agent.
struct RequestFault: Error, Hashable {
    let status: Int
    let fault: Envelope.Fault

    init(_ status: Int, _ fault: Envelope.Fault) {
        self.status = status
        self.fault = fault
    }

    static func invalid(_ message: String) -> RequestFault {
        RequestFault(400, .init(code: "VALIDATION_ERROR", message: message))
    }

    static let badName = invalid(
        "Package name must be 1 to 256 letters, digits and '+ . _ -', and begin with a letter or digit")
    static let badVersion = invalid(
        "Version string must be 1 to 256 letters, digits and '+ . : ~ _ ^ -', and begin with a letter or digit")
}

extension PackageName {
    /// From a request's body.
    init(asked text: String) throws(RequestFault) {
        guard let name = PackageName(text) else { throw .badName }
        self = name
    }

    /// From a path's segment, percent-encoded.
    init(segment text: Substring) throws(RequestFault) {
        guard let name = Percent.decoded(text).flatMap(PackageName.init) else { throw .badName }
        self = name
    }
}

extension PackageVersion {
    init(asked text: String) throws(RequestFault) {
        guard let version = PackageVersion(text) else { throw .badVersion }
        self = version
    }
}
