extension Session {
    /// Calls a tool: one that a service of kind "mcp" offers, or else a service of kind "tool" of this name.
    ///
    /// - Parameters:
    ///   - name: The tool's.
    ///   - arguments: By the tool's own schema, see `tools`.
    ///   - service: A service of kind "mcp"; empty: the first that offers the tool.
    /// - Throws: As `call`; `Rejected` (unsupported) if the suite has no such tool.
    public func tool(_ name: String, _ arguments: [String: JSONValue] = [:], in service: String = "") async throws
        -> ToolResult
    {
        let offered = tools.first { $0.name == name && (service.isEmpty || $0.service == service) }
        guard let offered else {
            throw Rejected(
                .unsupported,
                message: "the suite has no tool \(name); add a service of kind mcp or tool under `services:`")
        }
        guard offered.isOfServer else { return ToolResult(try await call(name, arguments)) }
        let members = arguments.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value) }
        return ToolResult(
            try await call(offered.service, ["tool": .string(name), "arguments": .object(members)]))
    }

    /// All tools of the suite's services, in its order.
    public var tools: [ToolInfo] {
        services.flatMap { service -> [ToolInfo] in
            switch service.kind {
            case "mcp": (service.description["tools"]?.elements ?? []).map { ToolInfo($0, service: service.name) }
            case "tool": [ToolInfo(service)]
            default: []
            }
        }
    }
}

/// A tool that a session may call.
public struct ToolInfo: Hashable, Sendable {
    /// What it is called by.
    public var name: String
    /// What it does, for people and models.
    public var about: String
    /// JSON Schema of its arguments; of a service of kind "tool" an empty object: it says nothing of them.
    public var inputSchema: JSONValue
    /// The service that offers it.
    public var service: String
    /// Whether an MCP server offers it, beside others.
    let isOfServer: Bool

    init(_ value: JSONValue, service: String) {
        name = value["name"]?.string ?? ""
        about = value["description"]?.string ?? ""
        inputSchema = value["input_schema"] ?? .object([])
        self.service = service
        isOfServer = true
    }

    init(_ service: ServiceInfo) {
        name = service.name
        about = service.description["about"]?.string ?? ""
        inputSchema = .object([])
        self.service = service.name
        isOfServer = false
    }
}

/// What a tool answered.
public struct ToolResult: Hashable, Sendable {
    /// For people and models: an MCP server's texts, or the result of a tool as it is, JSON unless it is a text.
    public var text: String
    /// All of it, by the service's kind.
    public var value: JSONValue
    /// The tool says that the call failed; `text` then says why.
    public var isError: Bool

    init(_ result: ServiceResult) {
        value = result.value
        isError = result.isError
        let told = isError ? result.value["error"]?.string : nil
        text = told ?? result.value["text"]?.string ?? result.value.string ?? result.value.text
    }
}
