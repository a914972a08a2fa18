extension JSONValue {
    /// What a field holds that a suite names: a key, or keys and places in lists with dots between (`answer.value`,
    /// `choices.0.text`). A key that has dots itself goes first. `nil`: there is no such field.
    public func value(at path: String) -> JSONValue? {
        if let value = self[path] { return value }
        var value = self
        for key in path.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
            if let member = value[key] {
                value = member
            } else if let elements = value.elements, let place = Int(key), elements.indices.contains(place) {
                value = elements[place]
            } else {
                return nil
            }
        }
        return value
    }
}
