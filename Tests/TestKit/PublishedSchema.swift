/// The JSON Schemas in docs, by which other people's programs read what ours print.
public enum PublishedSchema {
    /// What python's jsonschema says of a document against `docs/<name>.schema.json`; empty where it is content.
    public static func complaint(of document: [UInt8], against name: String) throws -> String {
        let place = try TemporaryDirectory()
        try place.write("document.json", document)
        let docs = Fixtures.path("").split(separator: "/").dropLast(2).joined(separator: "/")
        let check = """
            import json, jsonschema, sys
            schema, document = (json.load(open(path)) for path in sys.argv[1:3])
            for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
                print(error.json_path, error.message)
            """
        return try ChildProcess.output(
            of: ["/usr/bin/python3", "-c", check, "/\(docs)/docs/\(name).schema.json", place.path + "/document.json"])
    }
}
