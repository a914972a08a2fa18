/// A parameter that names a model's role. A suite without that role is refused where it says so; the empty name is the
/// arm's own model.
///
/// ```swift
/// @Parameter("Who checks the answers.") var verifier = RoleName("judge")
/// ```
public struct RoleName: ParameterValue, Hashable {
    /// As under the suite's `models:`; empty: the arm's own.
    public var name: String

    /// A role by its name.
    public init(_ name: String) { self.name = name }

    public init(parameter json: JSONValue) throws(ParameterMismatch) { name = try String(parameter: json) }
    public var parameterJSON: JSONValue? { .string(name) }
    public static var parameterSchema: [JSONValue.Member] { text(format: "evalh-role") }
    public static var absent: RoleName { RoleName("") }
}

/// A parameter that names a service. A suite without that service is refused where it says so; the empty name is none.
public struct ServiceName: ParameterValue, Hashable {
    /// As under the suite's `services:`; empty: none.
    public var name: String

    /// A service by its name.
    public init(_ name: String) { self.name = name }

    public init(parameter json: JSONValue) throws(ParameterMismatch) { name = try String(parameter: json) }
    public var parameterJSON: JSONValue? { .string(name) }
    public static var parameterSchema: [JSONValue.Member] { text(format: "evalh-service") }
    public static var absent: ServiceName { ServiceName("") }
}

/// A parameter that names a file. In suites it stands relative to the suite; plugins are given its absolute path. One
/// that is not there is a mistake of the suite. Strategies read no files: this is for graders, metrics and services.
public struct FileName: ParameterValue, Hashable {
    /// Absolute; empty: none.
    public var path: String

    /// A file by its path.
    public init(_ path: String) { self.path = path }

    public init(parameter json: JSONValue) throws(ParameterMismatch) { path = try String(parameter: json) }
    public var parameterJSON: JSONValue? { .string(path) }
    public static var parameterSchema: [JSONValue.Member] { text(format: "evalh-file") }
    public static var absent: FileName { FileName("") }
}

private func text(format: String) -> [JSONValue.Member] {
    [.init("type", .string("string")), .init("format", .string(format))]
}
