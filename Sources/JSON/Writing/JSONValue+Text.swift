extension JSONValue {
    /// One line without white space, members in their order, numbers as they are written.
    public var text: String {
        var json = JSONWriter()
        json.add(self)
        return json.text
    }

    /// As `text`, but keys sorted by their UTF-8 bytes: equal values have equal texts if their numbers are written
    /// alike.
    public var canonicalText: String { sorted.text }

    public var canonicalBytes: [UInt8] {
        var json = JSONWriter()
        json.add(sorted)
        return json.bytes
    }

    /// The same value with the members of all objects in the order of their keys' UTF-8 bytes.
    public var sorted: JSONValue {
        switch self {
        case .null, .bool, .number, .string: self
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members):
            .object(
                members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                    .map { Member($0.key, $0.value.sorted) })
        }
    }

    /// The same value with all numbers in the shortest text of their double, so that `1.50` and `15e-1` are one text;
    /// `nil` if one is beyond the range of doubles.
    public var withShortestNumbers: JSONValue? {
        switch self {
        case .null, .bool, .string: return self
        case .number(let number): return number.shortest.map(JSONValue.number)
        case .array(let elements):
            let shortest = elements.compactMap(\.withShortestNumbers)
            return shortest.count == elements.count ? .array(shortest) : nil
        case .object(let members):
            let shortest = members.compactMap { member in
                member.value.withShortestNumbers.map { Member(member.key, $0) }
            }
            return shortest.count == members.count ? .object(shortest) : nil
        }
    }

    /// A value of a data set's field as text of a prompt: strings as they are, everything else as JSON.
    public var plainText: String { string ?? canonicalText }
}

extension JSONValue: CustomStringConvertible {
    public var description: String { text }
}
