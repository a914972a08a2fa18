extension JSONValue {
    /// What a `Codable` value is as JSON, members in the order in which it gives them.
    /// - Throws: `EncodingError` for infinities and NaN, and what the type's own coding throws.
    package init(encoding value: some Encodable) throws {
        self = try JSONValue.encode(value, at: [])
    }

    fileprivate static func encode(_ value: some Encodable, at path: [any CodingKey]) throws -> JSONValue {
        if let primitive = value as? any JSONPrimitive {
            if let json = primitive.json { return json }
            throw EncodingError.invalidValue(
                value, .init(codingPath: path, debugDescription: "JSON has no number for \(value)"))
        }
        let node = EncodedNode()
        try value.encode(to: NodeEncoder(node: node, codingPath: path))
        return node.value
    }
}

extension JSONValue: Encodable {
    /// For encoders other than this module's: numbers that fit neither 64-bit integers nor doubles are an error there.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let number):
            if let int = number.int {
                try container.encode(int)
            } else if let double = number.double {
                try container.encode(double)
            } else {
                throw EncodingError.invalidValue(
                    number, .init(codingPath: encoder.codingPath, debugDescription: "\(number) fits no double"))
            }
        case .string(let value): try container.encode(value)
        case .array(let elements): try container.encode(elements)
        case .object(let members):
            var object = encoder.container(keyedBy: JSONKey.self)
            for member in members { try object.encode(member.value, forKey: JSONKey(member.key)) }
        }
    }
}

/// A key or an index of any name.
struct JSONKey: CodingKey {
    var stringValue: String
    var intValue: Int?

    init(_ key: String) { stringValue = key }
    init(stringValue: String) { self.stringValue = stringValue }
    init(intValue: Int) {
        stringValue = "Index \(intValue)"
        self.intValue = intValue
    }
}

/// What one `encode(to:)` gives: a class, because containers that are asked for are filled after they were handed out.
private final class EncodedNode {
    enum Content {
        case value(JSONValue)
        case array([Slot])
        case object([(key: String, slot: Slot)])
    }
    enum Slot {
        case value(JSONValue)
        case node(EncodedNode)

        var value: JSONValue {
            switch self {
            case .value(let value): value
            case .node(let node): node.value
            }
        }
    }

    /// A type that encodes nothing is an empty object.
    var content = Content.object([])

    var value: JSONValue {
        switch content {
        case .value(let value): value
        case .array(let slots): .array(slots.map(\.value))
        case .object(let members): .object(members.map { JSONValue.Member($0.key, $0.slot.value) })
        }
    }

    func append(_ slot: Slot) {
        guard case .array(var slots) = content else { return content = .array([slot]) }
        content = .array([])
        slots.append(slot)
        content = .array(slots)
    }

    func set(_ key: String, _ slot: Slot) {
        guard case .object(var members) = content else { return content = .object([(key, slot)]) }
        content = .object([])
        if let place = members.firstIndex(where: { $0.key == key }) {
            members[place].slot = slot
        } else {
            members.append((key, slot))
        }
        content = .object(members)
    }
}

private struct NodeEncoder: Encoder {
    let node: EncodedNode
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .object = node.content {} else { node.content = .object([]) }
        return KeyedEncodingContainer(ObjectEncoder<Key>(node: node, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .array = node.content {} else { node.content = .array([]) }
        return ArrayEncoder(node: node, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        ValueEncoder(node: node, codingPath: codingPath)
    }
}

private struct ValueEncoder: SingleValueEncodingContainer {
    let node: EncodedNode
    let codingPath: [any CodingKey]

    mutating func encodeNil() { node.content = .value(.null) }
    mutating func encode<T: Encodable>(_ value: T) throws {
        node.content = .value(try JSONValue.encode(value, at: codingPath))
    }
}

private struct ArrayEncoder: UnkeyedEncodingContainer {
    let node: EncodedNode
    let codingPath: [any CodingKey]
    private(set) var count = 0

    init(node: EncodedNode, codingPath: [any CodingKey]) {
        self.node = node
        self.codingPath = codingPath
    }

    private mutating func append(_ slot: EncodedNode.Slot) {
        node.append(slot)
        count += 1
    }
    private mutating func nested() -> NodeEncoder {
        let node = EncodedNode()
        let path = codingPath + [JSONKey(intValue: count)]
        append(.node(node))
        return NodeEncoder(node: node, codingPath: path)
    }

    mutating func encodeNil() { append(.value(.null)) }
    mutating func encode<T: Encodable>(_ value: T) throws {
        append(.value(try JSONValue.encode(value, at: codingPath + [JSONKey(intValue: count)])))
    }
    mutating func nestedContainer<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        nested().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { nested() }
}

private struct ObjectEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: EncodedNode
    let codingPath: [any CodingKey]

    private func nested(_ key: any CodingKey) -> NodeEncoder {
        let node = EncodedNode()
        self.node.set(key.stringValue, .node(node))
        return NodeEncoder(node: node, codingPath: codingPath + [key])
    }

    mutating func encodeNil(forKey key: Key) { node.set(key.stringValue, .value(.null)) }
    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        node.set(key.stringValue, .value(try JSONValue.encode(value, at: codingPath + [key])))
    }
    mutating func nestedContainer<Nested>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested>
    {
        nested(key).container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        nested(key).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { nested(JSONKey("super")) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { nested(key) }
}
