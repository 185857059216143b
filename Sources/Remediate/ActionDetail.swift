import Evidence
import Values

/// One value of what an action depends on, in its own JSON type.
enum ActionDetail: Encodable {
    case text(String)
    case number(UInt64)
    case texts([String])
    case numbers([UInt64])
    case access(AccessChange.Access)
    case file(FileIdentity)

    private enum AccessKeys: String, CodingKey { case owner, group, mode }
    private enum FileKeys: String, CodingKey { case device, inode }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let value): try value.harmless(limit: 65536).encode(to: encoder)
        case .number(let value): try value.encode(to: encoder)
        case .texts(let values): try values.map { $0.harmless(limit: 65536) }.encode(to: encoder)
        case .numbers(let values): try values.encode(to: encoder)
        case .access(let access):
            var container = encoder.container(keyedBy: AccessKeys.self)
            try container.encode(access.owner, forKey: .owner)
            try container.encode(access.group, forKey: .group)
            try container.encode(access.octal, forKey: .mode)
        case .file(let identity):
            var container = encoder.container(keyedBy: FileKeys.self)
            // As text: an inode number may be larger than what JSON readers keep exactly.
            try container.encode(String(identity.device), forKey: .device)
            try container.encode(String(identity.inode), forKey: .inode)
        }
    }
}
