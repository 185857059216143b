import Enrollment
import Values
import Wire

/// Asking the manager for an identity, beside everything else.
extension Service {
    func enroll() {}
    func endEnrollment() {}
    func note(_ record: EnrollmentRecord, _ words: String) {}
    func welcomeManager() {}
}
struct EnrollmentTask: Sendable { func cancel() {}; func nudge() {} }
