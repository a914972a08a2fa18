import CEvalhPlugin

extension Session {
    /// Calls a service of the suite and waits for its result.
    ///
    /// The call is recorded once, under the service, the payload and its number among the session's calls of that
    /// payload: another arm that makes it gets the same result, and so does a resumed or replayed session.
    ///
    /// ```swift
    /// let found = try await session.call("search", ["query": .string(item.input), "limit": .integer(3)])
    /// let texts = found.value["hits"]?.elements?.compactMap { $0["text"]?.string } ?? []
    /// ```
    ///
    /// - Parameters:
    ///   - service: A name under the suite's `services:`; see `services`.
    ///   - payload: By the service's kind.
    ///   - priority: Higher first, among this session's requests.
    /// - Returns: What the service answered, which may be that the call failed (`isError`).
    /// - Throws: `RequestFailed` if the service could not be reached, `Rejected` (unsupported) if the suite has none of
    ///   this name, `Rejected` (invalid) if the service does not take this payload, `SessionStopped`, or
    ///   `CancellationError` if the task is cancelled.
    public func call(_ service: String, _ payload: [String: JSONValue], priority: Int = 0) async throws -> ServiceResult
    {
        let members = payload.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value) }
        return try await call(service, payload: .object(members), priority: priority)
    }

    /// The same with a payload that is a JSON object already.
    public func call(_ service: String, payload: JSONValue, priority: Int = 0) async throws -> ServiceResult {
        let request = try submitCall(service, payload: payload.text, priority: priority)
        await completion(of: request)
        if case .result(let result) = request.ending { return result }
        throw request.interruption ?? RequestFailed(.server, message: "the call ended without a result")
    }

    /// The service of a name; `nil` if the suite has none.
    public func service(_ name: String) -> ServiceInfo? { services.first { $0.name == name } }

    /// The first service of a kind, in the suite's order; `nil` if it has none.
    public func service(ofKind kind: String) -> ServiceInfo? { services.first { $0.kind == kind } }

    private func submitCall(_ service: String, payload: String, priority: Int) throws -> PendingRequest {
        var arena = Arena()
        return try open(isStream: false) { id in
            var action = evalh_action_call()
            action.header = header(EVALH_ACTION_CALL, of: evalh_action_call.self)
            action.request = id
            action.service = arena.text(service)
            action.payload = arena.text(payload)
            action.priority = Int32(clamping: priority)
            return (action.header.seq, push(action))
        }
    }
}

/// What a service answered to a call.
public struct ServiceResult: Hashable, Sendable {
    /// By the service's kind; of an error an object with a text `error`.
    public var value: JSONValue
    /// The service did its work and says that the call failed, as a tool does.
    public var isError: Bool
    /// Tokens of a model that took part.
    public var usage: Usage
    /// Seconds from the call to its result.
    public var seconds: Double

    /// A result; for tests, as strategies get theirs from the session.
    public init(_ value: JSONValue, isError: Bool = false, usage: Usage = Usage(), seconds: Double = 0) {
        self.value = value
        self.isError = isError
        self.usage = usage
        self.seconds = seconds
    }

    init(_ event: evalh_event_result) throws {
        let text = String(event.result)
        guard let value = try? JSONValue(parsing: text) else {
            throw EventFault(message: "the host's result of a service is no JSON")
        }
        self.init(
            value, isError: event.header.flags & UInt16(EVALH_RESULT_ERROR) != 0, usage: Usage(event.usage),
            seconds: event.seconds)
    }
}

/// A service that the suite has.
public struct ServiceInfo: Hashable, Sendable {
    /// As under the suite's `services:`.
    public var name: String
    /// "score", "embed", "retrieve", "execute", "tool", "mcp", "judge" or "plugin".
    public var kind: String
    /// What it can do: a JSON object, by its kind.
    public var description: JSONValue

    /// A service; for tests, as sessions get theirs from the host.
    public init(_ name: String, kind: String, description: JSONValue = .object([])) {
        self.name = name
        self.kind = kind
        self.description = description
    }

    init(_ info: evalh_service_info) {
        let description = try? JSONValue(parsing: String(info.description))
        self.init(String(info.name), kind: String(info.kind), description: description ?? .object([]))
    }
}
