internal import Runs

/// A new plugin's name in the spellings that its files need.
struct PluginName {
    /// As it was given: `my-vote`.
    let text: String
    /// `my_vote`.
    var snake: String { text.replacing("-", with: "_") }
    /// `MyVotePlugin`. The last word keeps it apart from the kit's own names.
    var type: String {
        let words = text.split(separator: "-")
        return words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            + (words.last == "plugin" ? "" : "Plugin")
    }

    /// Words that cargo or rustc take for something else.
    private static let reserved: Set<String> = [
        "abstract", "alloc", "as", "async", "await", "become", "box", "break", "const", "continue", "core", "crate",
        "do", "dyn", "else", "enum", "evalh-plugin", "evalh-plugin-sys", "extern", "false", "final", "fn", "for", "if",
        "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "proc-macro", "pub",
        "ref", "return", "self", "static", "std", "struct", "super", "test", "trait", "true", "try", "type", "typeof",
        "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ]

    /// - Throws: A failure that says what names look like, or that a language cannot have this one.
    init(_ text: String, language: PluginLanguage) throws {
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        let isName =
            text.utf8.count <= 64 && text.first?.isLetter == true
            && words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Self.isPlain) }
        guard isName else {
            throw CommandFailure(
                .usage,
                "\"\(text)\" is no name for a plugin: lower-case letters and digits in words joined by \"-\", a letter "
                    + "first, at most 64 bytes, such as my-vote")
        }
        if language == .rust, Self.reserved.contains(text) {
            throw CommandFailure(.usage, "a Rust crate cannot be called \(text): take another name")
        }
        if language == .swift, text == "c-evalh" {
            throw CommandFailure(.usage, "the kit has a module of this name already: take another name")
        }
        self.text = text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The id of a third party's plugin.
    ///
    /// - Throws: A failure that says what ids look like.
    static func checked(id: String) throws -> String {
        let parts = id.split(separator: ".", omittingEmptySubsequences: false)
        let isID =
            id.utf8.count <= 128 && parts.count > 1
            && parts.allSatisfy { part in
                guard let first = part.utf8.first, isPlain(first) else { return false }
                return part.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
            }
        guard isID else {
            throw CommandFailure(
                .usage,
                "\"\(id)\" is no id for a plugin of yours: lower-case letters, digits, \"-\" and \"_\" in two or more "
                    + "parts joined by dots, at most 128 bytes, such as org.example.my-vote; ids without a dot are "
                    + "evalh's own")
        }
        return id
    }
}
