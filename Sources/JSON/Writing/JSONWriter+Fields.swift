/// Members of objects, and values that may be absent.
extension JSONWriter {
    public mutating func field(_ key: String, _ value: String?) {
        self.key(key)
        add(value)
    }

    public mutating func field(_ key: String, _ value: Int?) {
        self.key(key)
        add(value)
    }

    public mutating func field(_ key: String, _ value: Double?) {
        self.key(key)
        add(value)
    }

    public mutating func field(_ key: String, _ value: Bool?) {
        self.key(key)
        if let value { add(value) } else { null() }
    }

    public mutating func field(_ key: String, _ value: JSONValue) {
        self.key(key)
        add(value)
    }

    /// A member that is JSON already.
    public mutating func field(_ key: String, json: String) {
        self.key(key)
        add(json: json.utf8)
    }

    /// A member whose value `body` writes.
    public mutating func field<E: Error>(_ key: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        self.key(key)
        try body(&self)
    }

    /// A member that is an object, whose members `body` writes.
    public mutating func object<E: Error>(_ key: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        self.key(key)
        try object(body)
    }

    /// A member that is an array, whose elements `body` writes.
    public mutating func array<E: Error>(_ key: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        self.key(key)
        try array(body)
    }

    public mutating func add(_ value: String?) {
        if let value { add(value) } else { null() }
    }

    public mutating func add(_ value: Int?) {
        if let value { add(value) } else { null() }
    }

    public mutating func add(_ value: Double?) {
        if let value { add(value) } else { null() }
    }
}
