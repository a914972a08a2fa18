/// A type that one JSON value stands for, without containers. `JSONValue` is one of them, so values of unknown shape
/// pass through `Codable` types with all their digits.
protocol JSONPrimitive {
    /// `nil` if the value does not fit.
    init?(json: JSONValue)
    /// `nil` for what JSON lacks: infinities and NaN.
    var json: JSONValue? { get }
}

extension JSONValue: JSONPrimitive {
    init(json: JSONValue) { self = json }
    var json: JSONValue? { self }
}

extension Bool: JSONPrimitive {
    init?(json: JSONValue) {
        guard let value = json.bool else { return nil }
        self = value
    }
    var json: JSONValue? { .bool(self) }
}

extension String: JSONPrimitive {
    init?(json: JSONValue) {
        guard let value = json.string else { return nil }
        self = value
    }
    var json: JSONValue? { .string(self) }
}

extension Double: JSONPrimitive {
    init?(json: JSONValue) {
        guard let value = json.double else { return nil }
        self = value
    }
    var json: JSONValue? { JSONNumber(self).map(JSONValue.number) }
}

extension Float: JSONPrimitive {
    init?(json: JSONValue) {
        guard let value = json.double.map(Float.init), value.isFinite else { return nil }
        self = value
    }
    /// The shortest text of the float, which is not that of the double it becomes.
    var json: JSONValue? { isFinite ? .number(JSONNumber(checked: description)) : nil }
}

extension JSONPrimitive where Self: FixedWidthInteger {
    init?(json: JSONValue) {
        guard case .number(let number) = json, let value = Self(number.text) ?? number.int.flatMap(Self.init(exactly:))
        else { return nil }
        self = value
    }
    var json: JSONValue? { .number(JSONNumber(self)) }
}

extension Int: JSONPrimitive {}
extension Int8: JSONPrimitive {}
extension Int16: JSONPrimitive {}
extension Int32: JSONPrimitive {}
extension Int64: JSONPrimitive {}
extension UInt: JSONPrimitive {}
extension UInt8: JSONPrimitive {}
extension UInt16: JSONPrimitive {}
extension UInt32: JSONPrimitive {}
extension UInt64: JSONPrimitive {}
