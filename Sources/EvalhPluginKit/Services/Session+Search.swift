extension Session {
    /// Documents of a corpus, best first, by a service of kind "retrieve".
    ///
    /// - Parameters:
    ///   - query: What is looked for.
    ///   - limit: Documents at most; `nil`: as the suite has it.
    ///   - service: A name under the suite's `services:`; empty: the first of the kind.
    /// - Throws: As `call`; `Rejected` (unsupported) if the suite has no such service.
    public func search(_ query: String, limit: Int? = nil, in service: String = "") async throws -> [SearchHit] {
        var payload: [String: JSONValue] = ["query": .string(query)]
        if let limit { payload["limit"] = .integer(limit) }
        let result = try await call(name(service, ofKind: "retrieve"), payload)
        return (result.value["hits"]?.elements ?? []).map(SearchHit.init)
    }

    /// The service that is meant.
    func name(_ name: String, ofKind kind: String) throws -> String {
        if !name.isEmpty { return name }
        guard let service = service(ofKind: kind) else {
            throw Rejected(
                .unsupported, message: "the suite has no service of kind \(kind); add one under `services:`")
        }
        return service.name
    }
}

/// A document that was found.
public struct SearchHit: Hashable, Sendable {
    /// The corpus's name for it.
    public var id: String
    /// Its text.
    public var text: String
    /// How well it fits: larger is better, by the service's own measure.
    public var score: Double
    /// Its other fields, an object.
    public var fields: JSONValue

    init(_ value: JSONValue) {
        id = value["id"]?.string ?? ""
        text = value["text"]?.string ?? ""
        score = value["score"]?.double ?? 0
        fields = value["fields"] ?? .object([])
    }
}
