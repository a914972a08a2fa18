/// A parameter of a plugin: one key of a suite's `with:`.
///
/// ```swift
/// struct Parameters: PluginParameters {
///     @Parameter("Completions asked for, all in one request.", range: 1...1024) var samples = 8
///     @Parameter("Stop when the leader's lead is at least this certain.", above: 0, below: 1) var threshold = 0.95
///     @Parameter("How the best is found.") var by = Rule.majority
/// }
/// ```
///
/// The key is the property's name in snake case (`maxSamples` is `max_samples`) unless `name:` says otherwise. The
/// value a property starts with is its default. JSON Schema for the suite checker is derived from all this.
@propertyWrapper
public struct Parameter<Value: ParameterValue>: Sendable {
    let box: ParameterBox<Value>
    let help: String
    let name: String?
    let bounds: ParameterBounds
    let isRequired: Bool

    /// The value the suite gives, or the default.
    public var wrappedValue: Value { box.value }

    /// - Parameters:
    ///   - wrappedValue: The default.
    ///   - help: What it means, its unit and its effect: the documentation that users see.
    ///   - range: Smallest and largest value allowed, for numbers.
    ///   - above: All values must be greater than this.
    ///   - below: All values must be less than this.
    ///   - name: The key, if not the property's name in snake case.
    public init(
        wrappedValue: Value, _ help: String, range: ClosedRange<Double>? = nil, above: Double? = nil,
        below: Double? = nil,
        name: String? = nil
    ) {
        let bounds = ParameterBounds(minimum: range?.lowerBound, maximum: range?.upperBound, above: above, below: below)
        self.init(value: wrappedValue, help: help, name: name, bounds: bounds, isRequired: false)
    }

    /// - Parameters:
    ///   - wrappedValue: The default.
    ///   - help: What it means, its unit and its effect: the documentation that users see.
    ///   - range: The smallest value allowed, for numbers.
    ///   - name: The key, if not the property's name in snake case.
    public init(wrappedValue: Value, _ help: String, range: PartialRangeFrom<Double>, name: String? = nil) {
        let bounds = ParameterBounds(minimum: range.lowerBound)
        self.init(value: wrappedValue, help: help, name: name, bounds: bounds, isRequired: false)
    }

    /// A parameter without a default: a suite that leaves it out is an error.
    public init(required help: String, range: ClosedRange<Double>? = nil, name: String? = nil) {
        let bounds = ParameterBounds(minimum: range?.lowerBound, maximum: range?.upperBound)
        self.init(value: Value.absent, help: help, name: name, bounds: bounds, isRequired: true)
    }

    private init(value: Value, help: String, name: String?, bounds: ParameterBounds, isRequired: Bool) {
        self.box = ParameterBox(value)
        self.help = help
        self.name = name
        self.bounds = bounds
        self.isRequired = isRequired
    }
}

/// Where a parameter's value lies. Unchecked: it is written only while `PluginParameters.init(json:)` decodes a freshly
/// made struct that nobody else holds yet, and only read afterwards.
final class ParameterBox<Value: Sendable>: @unchecked Sendable {
    var value: Value

    init(_ value: Value) {
        self.value = value
    }
}

/// The limits of a number; `nil`: none.
struct ParameterBounds: Hashable, Sendable {
    var minimum: Double?
    var maximum: Double?
    var above: Double?
    var below: Double?

    /// What is wrong with a number, or `nil`.
    func complaint(about value: Double) -> String? {
        if let minimum, !(value >= minimum) { return "must be at least \(JSONValue.double(minimum))" }
        if let maximum, !(value <= maximum) { return "must be at most \(JSONValue.double(maximum))" }
        if let above, !(value > above) { return "must be more than \(JSONValue.double(above))" }
        if let below, !(value < below) { return "must be less than \(JSONValue.double(below))" }
        return nil
    }

    var schema: [JSONValue.Member] {
        let pairs: [(String, Double?)] = [
            ("minimum", minimum), ("maximum", maximum), ("exclusiveMinimum", above), ("exclusiveMaximum", below),
        ]
        return pairs.compactMap { key, value in value.map { JSONValue.Member(key, JSONValue.double($0)) } }
    }
}
