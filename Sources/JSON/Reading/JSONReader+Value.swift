extension JSONReader {
    /// The value that comes next, whole.
    /// - Throws: also for a key that comes twice in an object.
    public mutating func value() throws(JSONError) -> JSONValue {
        switch try peek() {
        case .object: return try objectValue()
        case .array:
            try open()
            var elements: [JSONValue] = []
            var isFirst = true
            while try hasMore(&isFirst, until: UInt8(ascii: "]")) { elements.append(try value()) }
            return .array(elements)
        case .string: return .string(try text())
        case .number:
            let range = try numberRange()
            return .number(JSONNumber(checked: String(decoding: bytes[range], as: UTF8.self)))
        case .bool: return .bool(try bool() ?? false)
        case .null:
            try literal("null")
            return .null
        }
    }

    private mutating func objectValue() throws(JSONError) -> JSONValue {
        try open()
        var members: [JSONValue.Member] = []
        var keys: Set<String> = []
        var isFirst = true
        while try hasMore(&isFirst, until: UInt8(ascii: "}")) {
            let start = position
            let key = try key()
            // A set pays only for large objects.
            let isNew: Bool
            if members.count < 12 {
                isNew = !members.contains { $0.key == key }
            } else {
                if keys.isEmpty { keys = Set(members.map(\.key)) }
                isNew = keys.insert(key).inserted
            }
            guard isNew else { throw error("the key \"\(key.prefix(60))\" is here twice", at: start) }
            members.append(JSONValue.Member(key, try value()))
        }
        return .object(members)
    }
}

extension JSONValue {
    /// Reads one JSON text (RFC 8259), nothing before or after it but white space.
    ///
    /// An object that has a key twice, invalid UTF-8, control characters in texts, nesting and length beyond the rules
    /// are errors. Half of a surrogate pair in an escape becomes U+FFFD.
    public init(parsing text: String, _ rules: JSONRules = .strict) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), rules)
    }

    /// `null` for what is no JSON: for texts of the program's own, where they are only shown.
    public init(parsingOrNull text: String) {
        self = (try? JSONValue(parsing: text)) ?? .null
    }

    public init(parsing bytes: [UInt8], _ rules: JSONRules = .strict) throws(JSONError) {
        var reader = JSONReader(bytes, rules)
        guard bytes.count <= rules.maximumBytes else {
            throw reader.error("the text is longer than \(rules.maximumBytes) bytes")
        }
        self = try reader.value()
        try reader.finish()
    }
}
