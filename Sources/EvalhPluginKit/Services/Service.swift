/// A service that strategies may call: it does for them what they may not do themselves, such as reading files, asking
/// the network or looking at the clock. The host records what it gave, and does not call it again for the same payload.
///
/// ```swift
/// struct Lookup: Service {
///     static let descriptor = Descriptor(id: "org.example.lookup", version: "1.0.0", title: "Looks words up")
///     init(parameters: NoParameters) throws {}
///     mutating func call(_ payload: JSONValue) throws -> JSONValue {
///         guard let word = payload["word"]?.string else { throw ServiceError("`word` is missing") }
///         return .object([.init("length", .integer(word.count))])
///     }
/// }
/// ```
public protocol Service: SendableMetatype {
    /// What suites may set; `NoParameters` unless said otherwise.
    associatedtype Parameters: PluginParameters = NoParameters
    /// Who it is and what it does.
    static var descriptor: Descriptor { get }
    /// An instance; there are as many as calls run at once. Throw to refuse parameters.
    init(parameters: Parameters) throws
    /// Answers a payload, a JSON object, and may take its time. What is thrown is the call's result, and recorded;
    /// `ServiceUnavailable` is not: the call is made again when the run is resumed.
    mutating func call(_ payload: JSONValue) throws -> JSONValue
    /// What results depend on beside version, parameters and payload, such as the checksum of a file; empty (the
    /// default): nothing.
    var fingerprint: String { get }
}

extension Service {
    public var fingerprint: String { "" }
}

/// A call failed, for a reason that the strategy is told.
public struct ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    /// What is wrong, in a sentence.
    public init(_ description: String) { self.description = description }
}

/// A service cannot do its work now; later it may.
public struct ServiceUnavailable: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    /// What is missing, in a sentence.
    public init(_ description: String) { self.description = description }
}
