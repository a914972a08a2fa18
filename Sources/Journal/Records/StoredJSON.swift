/// A value that the journal keeps as JSON text: read from it only when it is looked at, for most readers never do.
struct StoredJSON<Value: Codable & Hashable & Sendable>: Hashable, Sendable {
    private enum Form: Sendable {
        case value(Value)
        case text(String)
    }

    private var form: Form
    private let fallback: Value

    init(_ value: Value, fallback: Value) {
        form = .value(value)
        self.fallback = fallback
    }

    /// - Parameter text: what `json` gave when it was written.
    init(text: String, fallback: Value) {
        form = .text(text)
        self.fallback = fallback
    }

    var value: Value {
        switch form {
        case .value(let value): value
        case .text(let text): (try? JSONText.decode(Value.self, from: text)) ?? fallback
        }
    }

    var isText: Bool {
        if case .text = form { true } else { false }
    }

    func json() throws -> String {
        switch form {
        case .value(let value): try JSONText.encode(value)
        case .text(let text): text
        }
    }

    static func == (a: Self, b: Self) -> Bool { a.value == b.value }
    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
