import CLinux

/// Names of directory entries, by getdents64(2) into one buffer of its own: no allocation for an entry.
@safe
public struct DirectoryEntries: ~Copyable {
    private let buffer: UnsafeMutableRawBufferPointer

    public init(bufferSize: Int = 32768) {
        unsafe buffer = .allocate(byteCount: bufferSize, alignment: 8)
    }

    deinit { unsafe buffer.deallocate() }

    /// Calls `body` with each entry's name as a C string, `.` and `..` included, until that returns false; the name
    /// does not outlive the call.
    func forEachName(
        in directory: Int32, path: String, _ body: (UnsafePointer<CChar>) -> Bool
    ) throws(SystemError) {
        while true {
            let filled = unsafe cl_getdents(directory, buffer.baseAddress, UInt(buffer.count))
            guard filled != 0 else { return }
            guard filled > 0 else { throw SystemError("read directory", path) }
            var offset = 0
            // struct linux_dirent64: d_ino 8 bytes, d_off 8, d_reclen 2, d_type 1, d_name up to its NUL.
            while offset + 19 < filled {
                let length = unsafe Int(buffer.loadUnaligned(fromByteOffset: offset + 16, as: UInt16.self))
                guard length > 19, offset + length <= filled, let base = unsafe buffer.baseAddress else { return }
                let name = unsafe (base + offset + 19).assumingMemoryBound(to: CChar.self)
                guard unsafe body(name) else { return }
                offset += length
            }
        }
    }

    /// Calls `body` with each name that is a decimal number that fits, until that returns false.
    public func forEachNumber(
        in directory: borrowing Descriptor, _ body: (Int32) -> Bool
    ) throws(SystemError) {
        try unsafe forEachName(in: directory.raw, path: directory.path) { name in
            guard let number = unsafe decimal(name) else { return true }
            return body(number)
        }
    }
}

/// The number that a name is made of, digits only; nil for every other name.
@inline(__always)
func decimal(_ name: UnsafePointer<CChar>) -> Int32? {
    var value: Int32 = 0
    var index = 0
    while unsafe name[index] != 0 {
        let digit = unsafe UInt8(bitPattern: name[index]) &- 48
        guard digit < 10, index < 9 else { return nil }
        value = value &* 10 &+ Int32(digit)
        index += 1
    }
    return index > 0 ? value : nil
}

extension Descriptor {
    /// Opens a directory to read its entries or what lies in it.
    public init(directory path: String) throws(SystemError) {
        let raw = unsafe cl_open(path, O_RDONLY | O_DIRECTORY)
        guard raw >= 0 else { throw SystemError("open", path) }
        self.init(owning: raw, path: path)
    }

    /// Opens for reading what `name` is in this directory.
    public func open(_ name: String, directory: Bool = false) throws(SystemError) -> Descriptor {
        let flags = directory ? O_RDONLY | O_DIRECTORY : O_RDONLY | O_NONBLOCK | O_NOCTTY
        let child = unsafe cl_openat(raw, name, flags, 0)
        guard child >= 0 else { throw SystemError("open", path + "/" + name) }
        return Descriptor(owning: child, path: path + "/" + name)
    }

    /// readlink(2) of what `name` is in this directory, at most 4096 bytes.
    public func link(_ name: String) throws(SystemError) -> String {
        var target = [UInt8](repeating: 0, count: 4096)
        let count = unsafe target.withUnsafeMutableBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe readlinkat(raw, name, $0, bytes.count) } ?? -1
        }
        guard count >= 0 else { throw SystemError("read link", path + "/" + name) }
        return String(decoding: target[..<count], as: UTF8.self)
    }
}
