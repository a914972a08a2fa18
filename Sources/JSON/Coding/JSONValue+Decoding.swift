extension JSONValue {
    /// Reads a `Codable` value. Integers must be exact: 2.5 is none.
    /// - Throws: `DecodingError` with the path to what does not fit.
    package func decoded<T: Decodable>(as type: T.Type = T.self) throws -> T {
        try decode(type, at: [])
    }

    fileprivate func decode<T: Decodable>(_ type: T.Type, at path: [any CodingKey]) throws -> T {
        if let primitive = type as? any JSONPrimitive.Type {
            if let value = primitive.init(json: self) as? T { return value }
            throw mismatch(type, path)
        }
        return try T(from: ValueDecoder(value: self, codingPath: path))
    }

    fileprivate func mismatch(_ type: Any.Type, _ path: [any CodingKey]) -> DecodingError {
        if case .null = self {
            return .valueNotFound(
                type, .init(codingPath: path, debugDescription: "\(type) is expected, but it is null"))
        }
        return .typeMismatch(
            type, .init(codingPath: path, debugDescription: "\(type) is expected, but it is \(kindName)"))
    }
}

extension JSONValue: Decodable {
    /// For decoders other than this module's, which lose digits of numbers.
    public init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: JSONKey.self) {
            self = .object(
                try object.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
                    Member($0.stringValue, try object.decode(JSONValue.self, forKey: $0))
                })
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else {
            self = .array(try container.decode([JSONValue].self))
        }
    }
}

private struct ValueDecoder: Decoder, SingleValueDecodingContainer {
    let value: JSONValue
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let members = value.members else { throw value.mismatch([String: JSONValue].self, codingPath) }
        return KeyedDecodingContainer(ObjectDecoder<Key>(members: members, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = value.elements else { throw value.mismatch([JSONValue].self, codingPath) }
        return ArrayDecoder(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { value == .null }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try value.decode(type, at: codingPath) }
}

private struct ArrayDecoder: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(elements: [JSONValue], codingPath: [any CodingKey]) {
        self.elements = elements
        self.codingPath = codingPath
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }
    private var path: [any CodingKey] { codingPath + [JSONKey(intValue: currentIndex)] }

    private func current(_ type: Any.Type) throws -> JSONValue {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(type, .init(codingPath: path, debugDescription: "the list ends before"))
        }
        return elements[currentIndex]
    }

    mutating func decodeNil() throws -> Bool {
        guard try current(JSONValue.self) == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let value = try current(type).decode(type, at: path)
        currentIndex += 1
        return value
    }

    private mutating func nested() throws -> ValueDecoder {
        let decoder = ValueDecoder(value: try current(JSONValue.self), codingPath: path)
        currentIndex += 1
        return decoder
    }

    mutating func nestedContainer<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try nested().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try nested().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try nested() }
}

private struct ObjectDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [JSONValue.Member]
    /// Pays only for large objects.
    private let places: [String: Int]
    let codingPath: [any CodingKey]

    init(members: [JSONValue.Member], codingPath: [any CodingKey]) {
        self.members = members
        self.codingPath = codingPath
        places =
            members.count < 32
            ? [:] : Dictionary(members.indices.map { (members[$0].key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.key) } }

    private func value(_ key: any CodingKey) -> JSONValue? {
        guard members.count < 32 else { return places[key.stringValue].map { members[$0].value } }
        let name = key.stringValue
        return members.first { $0.key == name }?.value
    }

    private func required(_ key: any CodingKey) throws -> JSONValue {
        if let value = value(key) { return value }
        throw DecodingError.keyNotFound(
            key, .init(codingPath: codingPath, debugDescription: "the key \"\(key.stringValue)\" is missing"))
    }

    func contains(_ key: Key) -> Bool { value(key) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try required(key) == .null }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try required(key).decode(type, at: codingPath + [key])
    }

    private func nested(_ key: any CodingKey) throws -> ValueDecoder {
        ValueDecoder(value: try required(key), codingPath: codingPath + [key])
    }

    func nestedContainer<Nested>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        try nested(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try nested(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { try nested(JSONKey("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }
}
