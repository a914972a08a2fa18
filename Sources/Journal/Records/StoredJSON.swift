internal import JSON

/// A value with a JSON text in a column of the journal.
protocol JournalText {
    func write(to json: inout JSONWriter)
    init(reading json: inout JSONReader) throws(JSONError)
}

/// A value that the journal keeps as JSON text: read from it only when it is looked at, for most readers never do.
struct StoredJSON<Value: JournalText & Hashable & Sendable>: Hashable, Sendable {
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
        case .value(let value): return value
        case .text(let text):
            var reader = JSONReader(Array(text.utf8))
            do {
                let value = try Value(reading: &reader)
                try reader.finish()
                return value
            } catch { return fallback }
        }
    }

    var isText: Bool {
        if case .text = form { true } else { false }
    }

    var json: String {
        switch form {
        case .value(let value):
            var json = JSONWriter(capacity: 256)
            value.write(to: &json)
            return json.text
        case .text(let text): return text
        }
    }

    static func == (a: Self, b: Self) -> Bool { a.value == b.value }
    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
