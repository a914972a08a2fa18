package import JSON
internal import SuiteModel

/// How the rows of a recording are built.
package enum RowShape: String, CaseIterable, Sendable {
    /// A row is a question with a list of samples: texts, parsed answers, or objects.
    case samples
    /// A row is a question with one answer of each of several models: an object for each model, or a column
    /// `<model>_response`.
    case models
    /// A row is one sample; rows of the same question belong together.
    case rows

    /// The shape that a row looks like; `nil`: none.
    package static func of(_ row: JSONValue, _ names: FieldNames) -> RowShape? {
        if RowFields.first(names.samples, in: row)?.elements != nil
            || RowFields.first(names.answers, in: row)?.elements != nil
        {
            return .samples
        }
        if !ModelColumns.names(in: row, names).isEmpty { return .models }
        let input = names.input.first { row[$0] != nil }
        let text = names.text.first { $0 != input && row[$0]?.string != nil }
        return input != nil && text != nil ? .rows : nil
    }
}

/// Looks up fields by their possible names.
enum RowFields {
    static func first(_ names: [String], in row: JSONValue) -> JSONValue? {
        for name in names {
            if let value = row[name], value != .null { return value }
        }
        return nil
    }

    static func text(_ names: [String], in row: JSONValue) -> String? { first(names, in: row).map(\.plainText) }

    static func number(_ names: [String], in row: JSONValue) -> Double? { first(names, in: row).flatMap(number) }

    /// A number, a truth value, either as text too, or an object with such a value under the usual name of a score.
    static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .number(let number): number.double
        case .bool(let value): value ? 1 : 0
        case .string(let text):
            switch text.lowercased() {
            case "true": 1
            case "false": 0
            default: Double(text)
            }
        case .object: first(FieldNames().score, in: value).flatMap(number)
        default: nil
        }
    }
}

/// The answers of several models in one row.
enum ModelColumns {
    private static let suffix = "_response"

    static func names(in row: JSONValue, _ names: FieldNames) -> [String] {
        (row.members ?? []).compactMap { member in
            if member.key.hasSuffix(suffix), member.value.string != nil {
                return String(member.key.dropLast(suffix.count))
            }
            if case .object = member.value, RowFields.first(names.text, in: member.value) != nil { return member.key }
            return nil
        }
    }

    static func sample(of model: String, in row: JSONValue, _ names: FieldNames) -> PoolSample? {
        if let text = row[model + suffix]?.string {
            return PoolSample(text: text, score: row[model].flatMap(RowFields.number))
        }
        return row[model].map { SampleReader(names).sample($0) }
    }
}
