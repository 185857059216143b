import Glibc
import Identity
import Linux
import Trust
import Values
import Wire

// identity-writer STATE CERTIFICATES BUNDLE: all that an enrollment does on the disk, in its order, each step printed
// when it is done; resumes what a killed run left. BUNDLE holds ca.pem, server.pem, server.key.pem and maybe crl.pem.
// identity-writer hold STATE: takes the lock and is killed.

let arguments = CommandLine.arguments

func say(_ words: String) { Terminal.write(words + "\n", to: .standardOutput) }

func fail(_ error: IdentityError) -> Never {
    Terminal.write("identity-writer: error: \(error)\nidentity-writer: hint: \(error.hint)\n", to: .standardError)
    exit(1)
}

func hold(_ path: String) throws(IdentityError) {
    guard let lock = try EnrollmentLock.tryAcquire(in: StateDirectory(opening: path), as: .command) else { exit(3) }
    say("held")
    kill(getpid(), SIGKILL)
    _ = consume lock
}

func file(_ name: String) throws(IdentityError) -> [UInt8]? {
    do throws(SystemError) {
        return try contents(of: arguments[3] + "/" + name)
    } catch {
        if error.isNotFound { return nil }
        throw .storage(error)
    }
}

func enroll() throws(IdentityError) {
    let state = try StateDirectory(opening: arguments[1])
    guard let lock = try EnrollmentLock.tryAcquire(in: state, as: .command) else {
        say("held by \(EnrollmentLock.holder(in: state).map { "\($0)" } ?? "somebody")")
        exit(3)
    }
    let directory = arguments[2]
    let paths = CertificatePaths(
        ca: directory + "/ca.pem", certificate: directory + "/server.pem", key: directory + "/server.key.pem",
        crl: directory + "/crl.pem")
    let store = GenerationStore(state)
    try state.proveWritable(room: .kibibytes(64))
    try store.provePublishable(to: paths)
    say("proven")
    var record = EnrollmentRecord(
        phase: .registering, manager: "https://manager.example.test", fqdn: "patched.example.test",
        address: "192.0.2.10", machineID: "3f", since: Clock.wall, pid: getpid())
    let (records, tokens, answers) = (RecordFile(state), TokenFile(state), AnswerStage(state))
    if try answers.load() == nil {
        if try tokens.load() == nil {
            guard let token = PollingToken("a-token-of-this-host") else { exit(64) }
            try tokens.save(token)
        }
        say("token saved")
        record.phase = .pending
        try records.save(record)
        try answers.keep(raw: try file("server.key.pem") ?? [])
    }
    say("answer kept")
    guard let ca = try file("ca.pem"), let certificate = try file("server.pem"), let key = try file("server.key.pem")
    else {
        exit(64)
    }
    let bundle = IdentityBundle(ca: ca, certificate: certificate, key: key, list: try file("crl.pem"))
    let staged = try store.stage(bundle)
    let status = store.status(of: staged, at: Clock.wall)
    guard status.isUsable else {
        say("refused: \(status)")
        exit(2)
    }
    let generation = try store.commit(staged)
    say("committed \(generation.number)")
    try store.publish(generation, to: paths).forEach(say)
    say("published")
    record.phase = .enrolled
    try records.save(record)
    if let token = try tokens.load() { try tokens.markSpent(token) }
    try tokens.clear()
    try answers.discard()
    try store.prune(keeping: 2, plus: generation.number)
    say("done")
    _ = consume lock
}

do {
    if arguments.count == 3, arguments[1] == "hold" {
        try hold(arguments[2])
    } else if arguments.count == 4 {
        try enroll()
    } else {
        exit(64)
    }
} catch {
    fail(error)
}
