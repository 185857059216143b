import Glibc

// What the lab asks of the machine it runs on.

/// A variable of this program's own environment; empty counts as absent.
func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
}

func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

func contents(of path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count <= 0 { return count < 0 ? nil : String(decoding: text, as: UTF8.self) }
        text += chunk[..<count]
    }
}

func children(of pid: pid_t) -> [pid_t] {
    (contents(of: "/proc/\(pid)/task/\(pid)/children") ?? "").split(separator: " ").compactMap { pid_t($0) }
}

/// Asks again and again until the answer is yes or the time is over; returns the answer.
func until(_ seconds: Int, _ answer: () throws -> Bool) rethrows -> Bool {
    let deadline = now() + Double(seconds)
    while true {
        if try answer() { return true }
        if now() > deadline { return false }
        usleep(20_000)
    }
}

/// CLOCK_MONOTONIC in seconds.
func now() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func complain(_ line: String) { put("lab: \(line)\n", on: STDERR_FILENO) }

/// Writes all of `text`, unbuffered, so that lines of one text stay together.
func put(_ text: String, on descriptor: Int32 = STDOUT_FILENO) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        if count <= 0 { return }
        rest = rest.dropFirst(count)
    }
}

/// FNV-1a: tells one recipe from another, nothing more.
func fingerprint(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

func hexadecimal(_ number: UInt64) -> String { String(number, radix: 16) }

extension String {
    var lines: [String] { split(separator: "\n").map(String.init) }
    var lastComponent: String { String(split(separator: "/").last ?? "") }
    /// The directory of an absolute path.
    var parent: String { "/" + split(separator: "/").dropLast().joined(separator: "/") }
}
