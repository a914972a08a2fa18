/// The program in an answer: of fenced blocks the last that defines what is tested, else the last; without a block the
/// text itself. Linear in the text.
struct CodeAnswer: Hashable, Sendable {
    enum Place: String, Sendable {
        case block
        /// The text as a whole is a program.
        case text
        /// It goes on from the item's prompt.
        case completion
    }

    var program: String
    var place: Place

    /// - Parameters:
    ///   - prompt: what a completion goes on from; `nil`: there are none.
    ///   - names: what the tests call; empty: not known.
    /// - Returns: `nil` where there is no program.
    init?(_ answer: String, prompt: String?, names: Set<Substring>, stop: [String]) {
        let text = answer.replacing("\r\n", with: "\n")
        let blocks = Self.blocks(text)
        if let block = blocks.last(where: { Self.defines(names, $0) != nil }) {
            self.init(program: Self.withPreamble(block, prompt, names), place: .block)
        } else if let block = blocks.last {
            guard let prompt, !names.isEmpty else {
                self.init(program: String(block), place: .block)
                return
            }
            self.init(program: prompt + block, place: .completion)
        } else if !Self.isIndented(text), let start = Self.defines(names, text[...]) {
            self.init(
                program: Self.withPreamble(text[Self.start(of: text, before: start)...], prompt, names), place: .text)
        } else if let prompt {
            self.init(program: prompt + Self.cut(text, stop), place: .completion)
        } else {
            guard names.isEmpty, text.contains(where: { !$0.isWhitespace }) else { return nil }
            self.init(program: text, place: .text)
        }
    }

    private init(program: String, place: Place) {
        self.program = program
        self.place = place
    }

    /// What is fenced by lines of ``` or ~~~, in order; an open end is the text's.
    static func blocks(_ text: String) -> [Substring] {
        var blocks: [Substring] = []
        var open: (fence: Substring, start: String.Index)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let bare = line.drop { $0 == " " || $0 == "\t" }
            guard let mark = bare.first, mark == "`" || mark == "~" else { continue }
            let fence = bare.prefix { $0 == mark }
            guard fence.count >= 3 else { continue }
            if let (opening, start) = open {
                guard fence.first == opening.first, fence.count >= opening.count,
                    bare.dropFirst(fence.count).allSatisfy(\.isWhitespace)
                else { continue }
                blocks.append(text[start..<line.startIndex])
                open = nil
            } else if mark == "~" || !bare.dropFirst(fence.count).contains("`") {
                open = (fence, line.endIndex < text.endIndex ? text.index(after: line.endIndex) : text.endIndex)
            }
        }
        if let (_, start) = open { blocks.append(text[start...]) }
        return blocks.filter { $0.contains { !$0.isWhitespace } }
    }

    /// Where a text defines one of the names at the beginning of a line, by `def`, `class` or an assignment.
    private static func defines(_ names: Set<Substring>, _ text: Substring) -> String.Index? {
        guard !names.isEmpty else { return nil }
        for line in text.split(separator: "\n") {
            var words = line.split(maxSplits: 2) { $0 == " " || $0 == "(" || $0 == ":" || $0 == "\t" }
            guard let first = words.first, first.startIndex == line.startIndex else { continue }
            if first == "async" { words.removeFirst() }
            let isDefinition = words.first == "def" || words.first == "class"
            if isDefinition, words.count > 1, names.contains(words[1]) { return line.startIndex }
            if names.contains(first), line.dropFirst(first.count).drop(while: { $0 == " " }).first == "=" {
                return line.startIndex
            }
        }
        return nil
    }

    private static func isIndented(_ text: String) -> Bool {
        let line = text.split(separator: "\n").first { $0.contains { !$0.isWhitespace } }
        return line?.first?.isWhitespace == true
    }

    /// Where the program begins that has a definition at `place`: prose before it is left out.
    private static func start(of text: String, before place: String.Index) -> String.Index {
        let openings = ["import ", "from ", "def ", "class ", "async ", "@"]
        let line = text.split(separator: "\n").first { line in openings.contains { line.hasPrefix($0) } }
        return min(line?.startIndex ?? place, place)
    }

    /// The block behind what the prompt has before the function: imports and helpers that models do not repeat.
    private static func withPreamble(_ block: Substring, _ prompt: String?, _ names: Set<Substring>) -> String {
        guard let prompt, let start = defines(names, prompt[...]) else { return String(block) }
        return String(prompt[..<start] + block)
    }

    private static func cut(_ text: String, _ stop: [String]) -> Substring {
        text[..<(stop.compactMap { text.range(of: $0)?.lowerBound }.min() ?? text.endIndex)]
    }

    /// A program as votes compare it: without comments on lines of their own, blank lines and blanks at lines' ends.
    static func normalised(_ program: String) -> String {
        program.split(separator: "\n").compactMap { line -> String? in
            var line = line
            while line.last?.isWhitespace == true { line.removeLast() }
            let text = line.drop { $0.isWhitespace }
            return text.isEmpty || text.first == "#" ? nil : String(line)
        }.joined(separator: "\n")
    }
}
