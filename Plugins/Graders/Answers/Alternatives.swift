import EvalhPluginKit

extension GradeInput {
    /// The right answers, one of which is enough: the elements of a target that is a list, else the target itself.
    ///
    /// The host gives a list as its JSON. A text that only looks like one (the interval `[1, 2]`) is a text in the
    /// item's fields, too, and stays whole.
    var targets: [String] {
        guard target.first == "[", target.last == "]",
            let elements = try? JSONValue(parsing: target).elements, !elements.isEmpty
        else { return [target] }
        let texts = elements.compactMap(\.scalarText)
        guard texts.count == elements.count, !Self.holdsText(target, in: (try? JSONValue(parsing: fieldsJSON)) ?? .null)
        else { return [target] }
        return texts
    }

    private static func holdsText(_ text: String, in value: JSONValue) -> Bool {
        switch value {
        case .string(let string): string == text
        case .array(let elements): elements.contains { holdsText(text, in: $0) }
        case .object(let members): members.contains { holdsText(text, in: $0.value) }
        default: false
        }
    }
}

extension JSONValue {
    /// A text, a number or a truth value as text; `nil` for what has parts, and null.
    var scalarText: String? {
        switch self {
        case .string(let text): text
        case .array, .object, .null: nil
        default: canonicalText
        }
    }
}
