import COpenSSL
public import Values

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
    public static func digest(of bytes: [UInt8]) -> Digest {
        var result = [UInt8](repeating: 0, count: 32)
        _ = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe result.withUnsafeMutableBufferPointer { output in
                unsafe COpenSSL.SHA256(input.baseAddress, input.count, output.baseAddress)
            }
        }
        return Digest(bytes: result)
    }
}
