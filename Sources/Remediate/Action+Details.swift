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

extension Action {
    /// All that it depends on, for machines: docs/plan.schema.json says what each kind has.
    var details: [String: ActionDetail] {
        switch self {
        case .end(let culprit):
            var details: [String: ActionDetail] = [
                "pid": .number(UInt64(clamping: culprit.identity.pid)),
                "start_ticks": .number(culprit.identity.startTicks), "name": .text(culprit.name),
                "executable": .text(culprit.executable), "arguments": .texts(culprit.arguments),
                "sockets": .numbers(culprit.sockets),
            ]
            if let layout = culprit.layout { details["layout"] = .number(UInt64(layout)) }
            if let identity = culprit.executableIdentity { details["executable_file"] = .file(identity) }
            return details
        case .setAccess(let change):
            return [
                "path": .text(change.path), "file": .file(change.identity), "before": .access(change.before),
                "after": .access(change.after),
            ]
        case .makeDirectory(let new): return ["path": .text(new.path), "after": .access(new.access)]
        // Its lines stay lines: the text is ours.
        case .writeDropIn(let file):
            return ["path": .text(file.path), "lines": .texts(file.text.split(separator: "\n").map(String.init))]
        case .reloadManager: return [:]
        case .runAgent(let command): return ["program": .text(command.program), "arguments": .texts(command.arguments)]
        case .resetFailed(let unit), .start(let unit), .restart(let unit), .stop(let unit):
            return ["unit": .text(unit.rawValue)]
        }
    }
}
