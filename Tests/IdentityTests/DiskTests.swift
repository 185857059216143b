import Identity
import Linux
import TestKit
import Testing
import Trust
import Values

/// Disks as they are on the day.
@Suite(.enabled(if: isRoot, "only root may mount: full and read-only file systems stay untried"))
struct DiskTests {
    let ground: Ground

    init() throws {
        ground = try Ground()
        try TestIdentity.foreign.write(to: ground.directory, "new")
    }

    /// Enrolls in a mount namespace of its own, where `place` is a tmpfs mounted with `options`.
    private func enroll(on options: String, place: String, before: String = "true") throws
        -> (status: Int32, output: String)
    {
        try Writer.shell(
            """
            mkdir -p state certs; chmod 700 state
            exec unshare -m bash -c 'mount -t tmpfs -o \(options),mode=0700 none \(place) && { \(before); } &&
              "$0" '\(ground.statePath)' '\(ground.certificates)' new' "$W"
            """, in: ground.directory)
    }

    @Test(arguments: ["state", "certs"]) func `a full disk is told before anything is asked for`(place: String) throws {
        let run = try enroll(on: "size=64k", place: place, before: "head -c 60000 /dev/zero > \(place)/filler; true")
        #expect(run.status == 1)
        #expect(run.output.hasPrefix("identity-writer: error: no room in '\(ground.directory.path)/\(place)"))
        #expect(run.output.contains("hint: free some room"))
        #expect(!run.output.contains("token saved"))
    }

    @Test func `a disk without inodes is told`() throws {
        let run = try enroll(on: "size=8m,nr_inodes=20", place: "state")
        #expect(run.status == 1)
        #expect(run.output.contains("inodes are free"), "\(run.output)")
    }

    @Test(arguments: ["state", "certs"]) func `a read-only disk is told`(place: String) throws {
        let prepare = "mkdir -m 700 \(place)/enrollment \(place)/generations; mount -o remount,ro none \(place)"
        let run = try enroll(on: "size=8m", place: place, before: prepare)
        #expect(run.status == 1)
        #expect(run.output.contains("read-only") && run.output.contains("hint: remount it"), "\(run.output)")
        #expect(!run.output.contains("token saved"))
    }

    @Test func `a small disk with room is enough`() throws {
        let run = try enroll(on: "size=2m", place: "state")
        #expect(run.status == 0, "\(run.output)")
    }
}
