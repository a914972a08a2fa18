package import JSON

extension JSONValue {
    /// Short form for tables: `samples=4`.
    package var label: String {
        switch self {
        case .null: ""
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.shortest?.text ?? number.text
        case .string(let value): value
        case .array(let values): "[" + values.map(\.label).joined(separator: ",") + "]"
        case .object:
            (sorted.members ?? []).map { "\($0.key)=\($0.value.label)" }.joined(separator: " ")
        }
    }
}
