/// How strictly a text is read, and how much of it.
public struct JSONRules: Hashable, Sendable {
    /// Objects and arrays within each other, at most.
    public var maximumDepth: Int
    /// Bytes of a text that becomes a `JSONValue`, at most.
    public var maximumBytes: Int
    /// Whether texts with invalid UTF-8 are repaired with U+FFFD and control characters in them taken as they are,
    /// instead of refused.
    public var repairsTexts: Bool

    public init(maximumDepth: Int = 128, maximumBytes: Int = 16 << 20, repairsTexts: Bool = false) {
        self.maximumDepth = maximumDepth
        self.maximumBytes = maximumBytes
        self.repairsTexts = repairsTexts
    }

    /// RFC 8259 to the letter, 128 levels, 16 MiB.
    public static let strict = JSONRules()

    /// For answers of model servers and programs: a model may end in the middle of a character, and an answer that was
    /// paid is not thrown away for that.
    public static let lenient = JSONRules(repairsTexts: true)
}
