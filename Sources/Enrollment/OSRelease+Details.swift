import Linux
import Values
import Wire

extension OSRelease {
    /// The manager's host list reads other names than its documents tell agents to send: both are there.
    func details(below root: HostRoot) -> OSDetails {
        var details = OSDetails()
        details.distro = self["NAME"]
        details.version = self["VERSION_ID"]
        details.idLike = self["ID_LIKE"]
        details.codename = self["VERSION_CODENAME"]
        details.name = self["ID"]
        details.os = self["NAME"]
        details.osVersion = self["VERSION_ID"]
        details.kernel = HostIdentity.firstLine(of: "/proc/sys/kernel/osrelease", below: root)?.harmless(limit: 128)
        details.architecture = OSRelease.architecture(below: root)
        return details
    }
}
