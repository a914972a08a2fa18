/// Why a text is no JSON, with the place where it shows.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, such as "expected `:`".
    public var message: String
    /// The byte of the text, counted from 0.
    public var offset: Int
    /// Counted from 1.
    public var line: Int
    /// The byte in the line, counted from 1.
    public var column: Int

    init(_ message: String, at offset: Int, in bytes: some Collection<UInt8>) {
        self.message = message
        self.offset = offset
        let before = bytes.prefix(max(0, offset))
        line = before.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
        column = before.reversed().prefix { $0 != 0x0A }.count + 1
    }

    public var description: String { "\(message) at byte \(offset) (line \(line), column \(column))" }
}
