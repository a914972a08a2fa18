/// Finds the tags of a Mustache template with their places.
///
/// Mustache renders an unknown variable as nothing, so names must be found before rendering. Taken are variables
/// (`{{x}}`, `{{{x}}}`, `{{&x}}`), sections (`#`, `^`, `/`), comments and changes of delimiter; partials, inheritance
/// and pragmas have no place in a prompt.
struct TemplateScanner {
    /// A variable or section; offsets and lengths in Unicode scalars.
    struct Tag: Hashable {
        var name: String
        var offset: Int
        var length: Int
        /// Whether it opens a section: then a row may lack it, and the section is passed over.
        var isSection: Bool
        /// Names of the sections around it, outermost first.
        var sections: [String]
    }

    struct Mistake: Hashable {
        var offset: Int
        var length: Int
        var message: String
        var hint: String?
    }

    struct Result {
        var tags: [Tag] = []
        var mistakes: [Mistake] = []
    }

    private static let maximumDepth = 32

    private let text: [Unicode.Scalar]
    private var opening: [Unicode.Scalar] = ["{", "{"]
    private var closing: [Unicode.Scalar] = ["}", "}"]
    private var sections: [(content: String, name: String, offset: Int)] = []
    private var result = Result()

    static func scan(_ text: String) -> Result {
        var scanner = TemplateScanner(text: Array(text.unicodeScalars))
        scanner.run()
        return scanner.result
    }

    private init(text: [Unicode.Scalar]) {
        self.text = text
    }

    private func find(_ mark: [Unicode.Scalar], from start: Int) -> Int? {
        guard mark.count > 0, text.count >= mark.count, start <= text.count - mark.count else { return nil }
        return (start...(text.count - mark.count)).first { index in
            text[index] == mark[0] && text[index..<(index + mark.count)].elementsEqual(mark)
        }
    }

    private mutating func run() {
        var position = 0
        while let start = find(opening, from: position) {
            let inside = start + opening.count
            let isTriple = opening == ["{", "{"] && inside < text.count && text[inside] == "{"
            guard let end = find(isTriple ? ["}"] + closing : closing, from: inside) else {
                let hint = "a literal `{{` needs other delimiters: {{=<% %>=}}"
                return mistake(start, opening.count, "this tag is not closed", hint: hint)
            }
            let after = end + closing.count + (isTriple ? 1 : 0)
            tag(
                Array(text[(isTriple ? inside + 1 : inside)..<end]), isTriple: isTriple, at: start,
                length: after - start)
            guard result.mistakes.count < 20 else { return }
            position = after
        }
        for section in sections {
            mistake(section.offset, 2, "the section `\(section.name)` is not closed", hint: "{{/\(section.name)}}")
        }
    }

    private mutating func mistake(_ offset: Int, _ length: Int, _ message: String, hint: String? = nil) {
        result.mistakes.append(Mistake(offset: offset, length: length, message: message, hint: hint))
    }

    private mutating func tag(_ inside: [Unicode.Scalar], isTriple: Bool, at offset: Int, length: Int) {
        let kind = isTriple ? "{" : inside.first ?? " "
        switch kind {
        case "!": return
        case "=": delimiters(inside, at: offset, length: length)
        case ">", "<", "$", "%", "*":
            mistake(
                offset, length, "prompt templates have variables, sections and comments only",
                hint: "`{{\(kind)` is not among them")
        case "#", "^", "/", "&": named(inside.dropFirst(), kind: kind, at: offset, length: length)
        default: named(inside[...], kind: " ", at: offset, length: length)
        }
    }

    private mutating func named(_ inside: ArraySlice<Unicode.Scalar>, kind: Unicode.Scalar, at offset: Int, length: Int)
    {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: inside)
        let content = String(view).trimming { $0.isWhitespace }
        guard let name = Self.variable(content) else {
            return mistake(
                offset, length, content.isEmpty ? "a tag without a name" : "`\(content.prefix(40))` is not a name")
        }
        switch kind {
        case "/":
            guard let open = sections.popLast() else {
                return mistake(offset, length, "no section `\(name)` is open here")
            }
            if open.content != content {
                mistake(offset, length, "this closes `\(name)`, but `\(open.content)` is open")
            }
        case "#", "^":
            result.tags.append(
                Tag(name: name, offset: offset, length: length, isSection: true, sections: sections.map(\.name)))
            sections.append((content, name, offset))
            if sections.count > Self.maximumDepth {
                mistake(offset, length, "sections nested deeper than \(Self.maximumDepth)")
            }
        default:
            result.tags.append(
                Tag(name: name, offset: offset, length: length, isSection: false, sections: sections.map(\.name)))
        }
    }

    /// The variable of `name` or `transform(name)`; `nil`: neither.
    private static func variable(_ content: String) -> String? {
        var name = content[...]
        while let open = name.firstIndex(of: "("), name.last == ")", open > name.startIndex {
            guard name[..<open].allSatisfy({ $0.isLetter }) else { return nil }
            name = name[name.index(after: open)...].dropLast()
        }
        let illegal: Set<Character> = ["{", "}", "(", ")", "\n", "\r", "|", "\"", "'"]
        guard !name.isEmpty, !name.contains(where: { illegal.contains($0) || $0.isWhitespace }) else { return nil }
        return String(name)
    }

    private mutating func delimiters(_ inside: [Unicode.Scalar], at offset: Int, length: Int) {
        let parts = inside.dropFirst().dropLast().split { $0 == " " }
        let isLegal = inside.count > 2 && inside.last == "=" && parts.count == 2
        guard isLegal,
            parts.allSatisfy({ part in part.count <= 8 && !part.contains { $0 == "=" || $0.properties.isWhitespace } })
        else {
            return mistake(offset, length, "delimiters are set like this: {{=<% %>=}}")
        }
        opening = Array(parts[0])
        closing = Array(parts[1])
    }
}
