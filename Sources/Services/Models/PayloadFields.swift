internal import JSON

/// Why a payload is none.
package struct PayloadProblem: Error {
    package var message: String

    package init(_ message: String) { self.message = message }
}

/// Takes the members of a payload's object one by one, and says which are left.
struct PayloadFields {
    private var members: [JSONValue.Member]
    private let place: String

    /// - Parameter name: Where it stands within the payload; empty: it is the payload.
    init(_ payload: JSONValue, _ name: String = "") throws(PayloadProblem) {
        place = name.isEmpty ? "" : name + ": "
        guard let members = payload.members else {
            throw PayloadProblem("\(place)\(payload.kindName) where an object is expected")
        }
        self.members = members
    }

    mutating func take(_ key: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        return members.remove(at: index).value
    }

    mutating func text(_ key: String) throws(PayloadProblem) -> String? {
        guard let value = take(key) else { return nil }
        guard let text = value.string else { throw PayloadProblem("\(place)`\(key)` is \(value.kindName), not a text") }
        return text
    }

    mutating func list(_ key: String) throws(PayloadProblem) -> [JSONValue]? {
        guard let value = take(key) else { return nil }
        guard let list = value.elements else {
            throw PayloadProblem("\(place)`\(key)` is \(value.kindName), not a list")
        }
        return list
    }

    /// Fails if something is left that nobody takes.
    func end() throws(PayloadProblem) {
        guard let first = members.first else { return }
        throw PayloadProblem("\(place)there is no `\(first.key.prefix(64))` here")
    }
}
