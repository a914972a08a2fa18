/// Bounds on what hostile output can cost: of longer texts the end is read, where answers stand.
enum TextLimit {
    /// Of texts that are read in one pass.
    static let bytes = 1 << 20
    /// Of texts that a pattern is looked for in: patterns may backtrack.
    static let patternBytes = 1 << 16

    static func end(of text: String, bytes: Int = bytes) -> String {
        text.utf8.count <= bytes ? text : String(decoding: text.utf8.suffix(bytes), as: UTF8.self)
    }
}
