internal import JSON

/// A tool that a server offers.
struct MCPTool: Equatable {
    var name: String
    var about: String
    /// JSON Schema of its arguments.
    var inputSchema: JSONValue
    var outputSchema: JSONValue?

    /// `nil`: it has no name.
    init?(_ value: JSONValue) {
        guard let name = value["name"]?.string, !name.isEmpty else { return nil }
        self.name = name
        about = value["description"]?.string ?? value["title"]?.string ?? ""
        inputSchema = value["inputSchema"] ?? .object([])
        outputSchema = value["outputSchema"]
    }

    /// As strategies are told of it.
    var json: JSONValue {
        .object(
            [
                .init("name", .string(name)), .init("description", .string(about)), .init("input_schema", inputSchema),
            ] + (outputSchema.map { [.init("output_schema", $0)] } ?? []))
    }
}

/// What tools answer, as strategies see it: texts, and of everything else what it is.
enum MCPContent {
    static func result(of answer: JSONValue) -> ServiceResult {
        let parts = answer["content"]?.elements ?? []
        let texts = parts.filter { $0["type"]?.string == "text" }.compactMap { $0["text"]?.string }
        var members: [JSONValue.Member] = [
            .init("content", .array(parts.map(described))), .init("text", .string(texts.joined(separator: "\n"))),
        ]
        // What every service says of a call that failed.
        let isError = answer["isError"]?.bool ?? false
        if isError { members.append(.init("error", .string(texts.joined(separator: "\n")))) }
        if let structured = answer["structuredContent"] { members.append(.init("structured", structured)) }
        return ServiceResult(.object(members), isError: isError)
    }

    static func result(of refusal: MCPConnection.Refusal) -> ServiceResult {
        ServiceResult(
            .object([
                .init("content", .array([])), .init("text", .string(refusal.message)),
                .init("error", .string(refusal.message)), .init("code", .integer(refusal.code)),
            ]), isError: true)
    }

    private static func described(_ part: JSONValue) -> JSONValue {
        let type = part["type"]?.string ?? ""
        var members: [JSONValue.Member] = [.init("type", .string(type))]
        func keep(_ key: String, of value: JSONValue?, as name: String) {
            if let text = value?[key]?.string { members.append(.init(name, .string(text))) }
        }
        func bytes(of value: JSONValue?, _ key: String) {
            guard let text = value?[key]?.string else { return }
            let padding = text.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
            members.append(.init("bytes", .integer(max(0, text.utf8.count / 4 * 3 - padding))))
        }
        switch type {
        case "text": keep("text", of: part, as: "text")
        case "image", "audio":
            keep("mimeType", of: part, as: "mime_type")
            bytes(of: part, "data")
        case "resource":
            let resource = part["resource"]
            keep("uri", of: resource, as: "uri")
            keep("mimeType", of: resource, as: "mime_type")
            keep("text", of: resource, as: "text")
            bytes(of: resource, "blob")
        case "resource_link":
            keep("uri", of: part, as: "uri")
            keep("name", of: part, as: "name")
            keep("description", of: part, as: "description")
            keep("mimeType", of: part, as: "mime_type")
        default: break
        }
        return .object(members)
    }
}
