/// Builds a message between a host and a plugin's worker: numbers in the machine's own form, for both sides run on one
/// machine from one file; texts and lists with their size before them.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(1024) }

    mutating func number<T: BitwiseCopyable>(_ value: T) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            number(UInt32(clamping: utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

    mutating func put(_ value: some WireValue) { value.write(to: &self) }
}

/// Why a message cannot be read.
struct WireFault: Error, Hashable {
    var message: String

    init(_ message: String) { self.message = message }
}

/// Reads what `WireWriter` built. The other side may be hostile: nothing is read beyond the end, no list is longer than
/// the bytes that are left, and text that is not UTF-8 is repaired.
struct WireReader {
    private let bytes: [UInt8]
    private var next = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var left: Int { bytes.count - next }

    mutating func number<T: BitwiseCopyable>(_ type: T.Type) throws(WireFault) -> T {
        let size = MemoryLayout<T>.size
        guard size <= left else { throw WireFault("ends within a number") }
        let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: next, as: T.self) }
        next += size
        return value
    }

    mutating func text() throws(WireFault) -> String {
        let count = Int(try number(UInt32.self))
        guard count <= left else { throw WireFault("ends within a text of \(count) bytes") }
        let text = bytes.withUnsafeBytes { String(decoding: $0[next..<next + count], as: UTF8.self) }
        next += count
        return text
    }

    /// The length of a list whose elements have at least one byte each.
    mutating func count() throws(WireFault) -> Int {
        let count = Int(try number(UInt32.self))
        guard count <= left else { throw WireFault("ends within a list of \(count)") }
        return count
    }

    /// A list of at most `most`.
    mutating func list<T: WireValue>(_ type: T.Type, most: Int) throws(WireFault) -> [T] {
        let count = try count()
        guard count <= most else { throw WireFault("a list of \(count), and at most \(most) are allowed") }
        var values: [T] = []
        values.reserveCapacity(min(count, 4096))
        for _ in 0..<count { values.append(try T(from: &self)) }
        return values
    }

    mutating func get<T: WireValue>(_ type: T.Type = T.self) throws(WireFault) -> T { try T(from: &self) }

    mutating func end() throws(WireFault) {
        guard left == 0 else { throw WireFault("\(left) bytes too many") }
    }
}

/// What messages are made of. `init` takes nothing on trust.
protocol WireValue {
    init(from reader: inout WireReader) throws(WireFault)
    func write(to writer: inout WireWriter)
}

extension Int: WireValue {
    init(from reader: inout WireReader) throws(WireFault) { self = Int(try reader.number(Int64.self)) }
    func write(to writer: inout WireWriter) { writer.number(Int64(self)) }
}

extension Int64: WireValue {
    init(from reader: inout WireReader) throws(WireFault) { self = try reader.number(Int64.self) }
    func write(to writer: inout WireWriter) { writer.number(self) }
}

extension UInt64: WireValue {
    init(from reader: inout WireReader) throws(WireFault) { self = try reader.number(UInt64.self) }
    func write(to writer: inout WireWriter) { writer.number(self) }
}

extension UInt32: WireValue {
    init(from reader: inout WireReader) throws(WireFault) { self = try reader.number(UInt32.self) }
    func write(to writer: inout WireWriter) { writer.number(self) }
}

extension UInt16: WireValue {
    init(from reader: inout WireReader) throws(WireFault) { self = try reader.number(UInt16.self) }
    func write(to writer: inout WireWriter) { writer.number(self) }
}

extension UInt8: WireValue {
    init(from reader: inout WireReader) throws(WireFault) { self = try reader.number(UInt8.self) }
    func write(to writer: inout WireWriter) { writer.number(self) }
}

extension Double: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self = Double(bitPattern: try reader.number(UInt64.self))
    }
    func write(to writer: inout WireWriter) { writer.number(bitPattern) }
}

extension Bool: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        let byte = try reader.number(UInt8.self)
        guard byte <= 1 else { throw WireFault("\(byte) is neither yes nor no") }
        self = byte == 1
    }
    func write(to writer: inout WireWriter) { writer.number(UInt8(self ? 1 : 0)) }
}

extension String: WireValue {
    init(from reader: inout WireReader) throws(WireFault) { self = try reader.text() }
    func write(to writer: inout WireWriter) { writer.text(self) }
}

extension Optional: WireValue where Wrapped: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self = try Bool(from: &reader) ? try Wrapped(from: &reader) : nil
    }
    func write(to writer: inout WireWriter) {
        writer.put(self != nil)
        if let self { writer.put(self) }
    }
}

extension Array: WireValue where Element: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self = try reader.list(Element.self, most: Int(UInt32.max))
    }
    func write(to writer: inout WireWriter) {
        writer.number(UInt32(clamping: count))
        for element in self { writer.put(element) }
    }
}
