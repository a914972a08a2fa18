/// An answer's headers, names in lower case. Kept as bytes: few are ever looked at, and a string for each costs more
/// than the rest of a small answer.
package struct HTTPHeaders: Hashable, Sendable {
    /// `name:value`, each followed by a line feed.
    private var lines: [UInt8] = []

    package init(_ fields: [String: String] = [:]) {
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            Array("\(name):\(value)".utf8).withUnsafeBytes { add(line: $0) }
        }
    }

    /// The value, without white space around it; of several headers of this name the last one's.
    /// - Parameter name: in lower case.
    package subscript(name: String) -> String? {
        var found: Range<Int>?
        lines.withUnsafeBytes { bytes in
            var start = 0
            while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = bytes[start..<end]
                if let colon = line.firstIndex(of: UInt8(ascii: ":")), bytes[start..<colon].elementsEqual(name.utf8) {
                    found = colon + 1..<end
                }
                start = end + 1
            }
        }
        return found.map { String(decoding: lines[$0], as: UTF8.self) }
    }

    /// Adds a line as it came; one without a colon is no header.
    mutating func add(line: UnsafeRawBufferPointer) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return }
        var value = line[(colon + 1)...]
        while let byte = value.first, Self.isSpace(byte) { value = value.dropFirst() }
        while let byte = value.last, Self.isSpace(byte) { value = value.dropLast() }
        guard !value.contains(UInt8(ascii: "\n")), !line[..<colon].contains(UInt8(ascii: "\n")) else { return }
        if lines.isEmpty { lines.reserveCapacity(512) }
        let start = lines.count
        lines.append(contentsOf: line[...colon])
        for index in start..<lines.count where UInt8(ascii: "A")...UInt8(ascii: "Z") ~= lines[index] {
            lines[index] |= 0x20
        }
        lines.append(contentsOf: value)
        lines.append(UInt8(ascii: "\n"))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
}
