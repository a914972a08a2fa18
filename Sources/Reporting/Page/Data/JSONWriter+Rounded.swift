internal import JSON

extension JSONWriter {
    /// A number to be looked at: seven digits are enough for people. `null` for what is absent or not finite.
    mutating func number(_ value: Double?) {
        guard let value, value.isFinite else { return null() }
        let short = Float(value)
        guard Int(exactly: value) == nil, short.isFinite else { return add(value) }
        add(json: short.description.utf8)
    }
}
