internal import Reporting

/// JSON with the very bytes that Python's `json.dumps(value, indent=2, ensure_ascii=False)` gives: lm-eval hashes
/// documents in that form.
enum PythonJSON {
    static func indented(_ value: JSONValue) -> String {
        var bytes: [UInt8] = []
        write(value, 0, &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ value: JSONValue, _ depth: Int, _ bytes: inout [UInt8]) {
        switch value {
        case .array(let values) where !values.isEmpty:
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                line(depth + 1, index > 0, &bytes)
                write(value, depth + 1, &bytes)
            }
            line(depth, false, &bytes)
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields) where !fields.isEmpty:
            bytes.append(UInt8(ascii: "{"))
            for (index, field) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
                line(depth + 1, index > 0, &bytes)
                write(.string(field.key), depth + 1, &bytes)
                bytes += Array(": ".utf8)
                write(field.value, depth + 1, &bytes)
            }
            line(depth, false, &bytes)
            bytes.append(UInt8(ascii: "}"))
        default:
            var json = JSONBytes()
            json.add(value)
            bytes += json.bytes
        }
    }

    private static func line(_ depth: Int, _ isFurther: Bool, _ bytes: inout [UInt8]) {
        if isFurther { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\n"))
        bytes += [UInt8](repeating: 32, count: 2 * depth)
    }
}
