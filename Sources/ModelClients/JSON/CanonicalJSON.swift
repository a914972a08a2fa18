extension JSONReader {
    /// The value that comes next in canonical form: no white space, members in the order of their keys' bytes, numbers
    /// in their shortest form, text with no escapes but those it needs. Equal values give equal texts.
    /// - Throws: `JSONFault`, also for a key that comes twice and for numbers beyond 64 bits.
    mutating func canonical() throws(JSONFault) -> String {
        var writer = JSONWriter(capacity: 64)
        switch try peek() {
        case .object:
            var members: [String: String] = [:]
            try object { (reader, key) throws(JSONFault) in
                let offset = reader.position
                let value = try reader.canonical()
                guard members.updateValue(value, forKey: key) == nil else {
                    throw JSONFault(reason: "the key '\(key)' comes twice", offset: offset)
                }
            }
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let texts = sorted.map { key, value in
                var writer = JSONWriter(capacity: 64)
                writer.string(nil, key)
                return String(decoding: writer.bytes, as: UTF8.self) + ":" + value
            }
            return "{" + texts.joined(separator: ",") + "}"
        case .array:
            var elements: [String] = []
            try array { (reader) throws(JSONFault) in elements.append(try reader.canonical()) }
            return "[" + elements.joined(separator: ",") + "]"
        case .string: writer.string(nil, try string() ?? "")
        case .number:
            let offset = position
            guard let value = try double(), value.isFinite else {
                throw JSONFault(reason: "a number beyond 64 bits", offset: offset)
            }
            writer.double(nil, value)
        case .bool: writer.bool(nil, try bool() ?? false)
        case .null:
            try skip()
            return "null"
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
