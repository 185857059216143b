/// What the kernel needs beside a program to run it: the loader of an ELF file (elf(5), PT_INTERP) or the interpreter
/// of a script (execve(2), "Interpreter scripts").
struct ProgramHead {
    /// nil for a static program, or where `head` is neither.
    let interpreter: String?

    /// `head` is the beginning of the file; a loader's name further back is not found.
    init(_ head: [UInt8]) {
        if head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) {
            interpreter = Self.loader(head)
        } else if head.starts(with: [0x23, 0x21]) {
            let line = head.dropFirst(2).prefix(254).prefix { $0 != 0x0A }
            let word = line.drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
            interpreter = word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
        } else {
            interpreter = nil
        }
    }

    private static func loader(_ head: [UInt8]) -> String? {
        guard head.count >= 64 else { return nil }
        let is64 = head[4] == 2
        let bigEndian = head[5] == 2
        func number(_ offset: UInt64, _ width: Int) -> UInt64? {
            guard offset <= UInt64(head.count), UInt64(head.count) - offset >= UInt64(width) else { return nil }
            let bytes = head[Int(offset)..<(Int(offset) + width)]
            return (bigEndian ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
        }
        let word = is64 ? 8 : 4
        guard let table = number(is64 ? 32 : 28, word), let size = number(is64 ? 54 : 42, 2),
            let count = number(is64 ? 56 : 44, 2), table < 1 << 32
        else { return nil }
        for index in 0..<count {
            let entry = table + index * size
            guard number(entry, 4) == 3 else { continue }
            guard let offset = number(entry + (is64 ? 8 : 4), word),
                let length = number(entry + (is64 ? 32 : 16), word),
                length > 1, length <= 4096, offset < UInt64(head.count), UInt64(head.count) - offset >= length
            else { return nil }
            let name = head[Int(offset)..<Int(offset + length)].prefix { $0 != 0 }
            return String(decoding: name, as: UTF8.self)
        }
        return nil
    }
}
