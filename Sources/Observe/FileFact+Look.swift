import Evidence
import Files
import Linux

extension FileFact {
    /// What stat(2) says of a path of the host. A link is followed inside the root: mode, owner, size and time are its
    /// target's, and a link to nothing does not exist.
    init(lookingAt path: String, under root: HostRoot) {
        self.init(path: path, exists: false)
        let target = (try? root.entry(path)).flatMap { try? symbolicLinkTarget(of: $0) }
        do throws(SystemError) {
            // A link to a device node, which is how a unit is masked, must not be looked for below another root.
            let place = target == "/dev/null" ? "/dev/null" : try root.place(path)
            self.init(path: path, status: try FileStatus(of: place))
        } catch  where error.isNotFound {
        } catch {
            self.error = error.reason
        }
        linkTarget = target
    }
}
