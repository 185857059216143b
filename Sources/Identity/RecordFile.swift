import FoundationEssentials
import Linux
import Values
public import Wire

/// `enrollment/status.json`: how far the enrollment is, for the next start and for the doctor.
public struct RecordFile: Sendable {
    private let state: StateDirectory

    private static let name = "status.json"
    private static let limit = Bytes.kibibytes(64)

    public init(_ state: StateDirectory) { self.state = state }

    /// The record; nil where there is none. One that makes no sense is renamed to `status.json.corrupt`, and told in
    /// `note`: it holds nothing that can't be found out anew.
    public func load() throws(IdentityError) -> (record: EnrollmentRecord?, note: String?) {
        let directory = try state.open(StateDirectory.enrollment)
        let bytes: [UInt8]?
        do throws(IdentityError) {
            bytes = try PrivateFile.read(RecordFile.name, in: directory, limit: RecordFile.limit)
        } catch {
            guard case .refused(_, let why, _) = error else { throw error }
            return (nil, setAside(in: directory, why))
        }
        guard let bytes else { return (nil, nil) }
        let record: EnrollmentRecord
        do {
            record = try JSONDecoder().decode(EnrollmentRecord.self, from: Data(bytes))
        } catch {
            return (nil, setAside(in: directory, "it is not the JSON of a record"))
        }
        guard record.version == EnrollmentRecord.currentVersion else {
            return (nil, setAside(in: directory, "its version \(record.version) is not known here"))
        }
        return (record, nil)
    }

    public func save(_ record: EnrollmentRecord) throws(IdentityError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let bytes: [UInt8]
        do {
            bytes = Array(try encoder.encode(record)) + [UInt8(ascii: "\n")]
        } catch {
            throw .unacceptable("the enrollment's record", why: "it cannot be written as JSON")
        }
        try PrivateFile.write(bytes, as: RecordFile.name, in: try state.open(StateDirectory.enrollment))
    }

    private func setAside(in directory: borrowing DirectoryAnchor, _ why: String) -> String {
        let path = directory.pathOf(RecordFile.name)
        let aside = RecordFile.name + ".corrupt"
        do throws(SystemError) {
            try directory.replace(aside, with: RecordFile.name)
            return "'\(path)' was renamed to '\(aside)': \(why)"
        } catch {
            return "'\(path)' is passed over: \(why)"
        }
    }
}
