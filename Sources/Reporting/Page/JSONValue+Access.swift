/// Reading values of whose shape nothing is certain: what does not fit is absent.
extension JSONValue {
    subscript(key: String) -> JSONValue {
        if case .object(let fields) = self { return fields[key] ?? .null }
        return .null
    }

    var number: Double? {
        if case .number(let value) = self, value.isFinite { return value }
        return nil
    }

    var text: String? {
        if case .string(let value) = self { return value }
        return nil
    }

    var elements: [JSONValue] {
        if case .array(let values) = self { return values }
        return []
    }

    var fields: [(key: String, value: JSONValue)] {
        if case .object(let fields) = self { return fields.sorted { $0.key < $1.key } }
        return []
    }

    /// Numbers of a list; what is not one is passed over.
    var numbers: [Double] { elements.compactMap(\.number) }

    /// Pairs of numbers of a list.
    var pairs: [(x: Double, y: Double)] {
        elements.compactMap { element in
            let pair = element.numbers
            return pair.count == 2 ? (pair[0], pair[1]) : nil
        }
    }
}
