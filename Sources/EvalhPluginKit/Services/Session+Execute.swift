extension Session {
    /// Runs a program in the host's sandbox, by a service of kind "execute".
    ///
    /// - Parameters:
    ///   - code: The program.
    ///   - tests: What follows it and fails if it is wrong; `nil`: nothing is tested.
    ///   - input: What it reads from standard input.
    ///   - service: A name under the suite's `services:`; empty: the first of the kind.
    /// - Throws: As `call`; `Rejected` (unsupported) if the suite has no such service.
    public func execute(_ code: String, tests: String? = nil, input: String = "", in service: String = "")
        async throws -> Execution
    {
        var payload: [String: JSONValue] = ["code": .string(code)]
        if let tests { payload["tests"] = .string(tests) }
        if !input.isEmpty { payload["input"] = .string(input) }
        return Execution(try await call(name(service, ofKind: "execute"), payload).value)
    }
}

/// What became of a program.
public struct Execution: Hashable, Sendable {
    /// Whether its tests passed; `nil`: there were none.
    public var hasPassed: Bool?
    /// `finished` (without tests) or `passed`, `failed` (an assertion), `error`, `timeout`, `memory`, `output`,
    /// `ended_early` or `crashed`.
    public var outcome: String
    /// Standard output and error, bounded.
    public var output: String
    /// `nil`: it did not end by itself.
    public var exitStatus: Int?

    init(_ value: JSONValue) {
        hasPassed = value["passed"]?.bool
        outcome = value["outcome"]?.string ?? ""
        output = value["output"]?.string ?? ""
        exitStatus = value["exit_status"]?.int
    }
}
