/// Reads a pattern: the usual syntax, as far as it can be matched in time that grows with the text's length alone.
struct PatternParser {
    private(set) var groups = 0
    private var scalars: [Unicode.Scalar]
    private var index = 0
    private var flags: Flags
    private var depth = 0

    struct Flags {
        var ignoresCase: Bool
        /// `.` takes line ends, too.
        var dotTakesAll = false
        /// `^` and `$` stand at lines' ends.
        var isMultiline = true
        /// Blanks and comments in the pattern are left out.
        var isSpaced = false
    }

    init(_ pattern: String, ignoresCase: Bool) {
        scalars = Array(pattern.unicodeScalars)
        flags = Flags(ignoresCase: ignoresCase)
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try choice()
        guard index == scalars.count else { throw error("`)` closes no group") }
        return node
    }

    // MARK: Characters

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private func looking(at text: String) -> Bool {
        scalars[index...].starts(with: text.unicodeScalars)
    }

    private mutating func take(_ text: String) -> Bool {
        guard looking(at: text) else { return false }
        index += text.unicodeScalars.count
        return true
    }

    private mutating func takeOne() throws(PatternError) -> Unicode.Scalar {
        guard let scalar = next else { throw error("it ends where more must follow") }
        index += 1
        return scalar
    }

    private func error(_ message: String) -> PatternError {
        PatternError(message: "\(message) (character \(min(index + 1, scalars.count)))")
    }

    // MARK: Structure

    private mutating func choice() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 200 else { throw error("groups are nested more than 200 deep") }
        let outer = flags
        defer { flags = outer }
        var options = [try sequence()]
        while take("|") { options.append(try sequence()) }
        return options.count == 1 ? options[0] : .choice(options)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            if flags.isSpaced, skipSpace() { continue }
            guard let node = try atom() else { continue }
            nodes.append(try quantified(node))
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func skipSpace() -> Bool {
        guard let scalar = next else { return false }
        if scalar == "#" {
            while let scalar = next, scalar != "\n" { _ = scalar; index += 1 }
            return true
        }
        guard scalar.properties.isWhitespace else { return false }
        index += 1
        return true
    }

    /// `nil` for what only sets flags.
    private mutating func atom() throws(PatternError) -> PatternNode? {
        let scalar = try takeOne()
        switch scalar {
        case "(": return try group()
        case ".":
            return .character(flags.dotTakesAll ? .not(.any([])) : .not(.kind(.lineEnd)))
        case "^": return .look(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .look(flags.isMultiline ? .lineEnd : .lastLineEnd)
        case "[":
            var reader = CharacterSetReader(scalars, from: index)
            let set: CharacterTest
            do { set = try reader.set(ignoresCase: flags.ignoresCase) } catch {
                index = reader.index
                throw self.error(error.message)
            }
            index = reader.index
            return .character(set)
        case "\\": return try escape()
        case "*", "+", "?": throw error("`\(scalar)` repeats nothing; write `\\\(scalar)` for the character")
        default: return literal(scalar)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> PatternNode {
        .character(flags.ignoresCase ? .ignoringCase(.one(scalar)) : .one(scalar))
    }

    private mutating func escape() throws(PatternError) -> PatternNode {
        let scalar = try takeOne()
        switch scalar {
        case "A": return .look(.textStart)
        case "z": return .look(.textEnd)
        case "Z": return .look(.lastLineEnd)
        case "b": return .look(.wordBoundary)
        case "B": return .look(.noWordBoundary)
        case "R":
            return .choice([
                .sequence([literal("\r"), literal("\n")]), .character(.kind(.lineEnd)),
            ])
        case "Q":
            var nodes: [PatternNode] = []
            while index < scalars.count, !take("\\E") { nodes.append(literal(try takeOne())) }
            return .sequence(nodes)
        case "1"..."9", "k": throw error(Self.noBackreference)
        case "G", "X": throw error("`\\\(scalar)` is not supported")
        default:
            index -= 1
            var reader = CharacterSetReader(scalars, from: index)
            let test: CharacterTest
            do { test = try reader.escape() } catch {
                index = reader.index
                throw self.error(error.message)
            }
            index = reader.index
            return .character(flags.ignoresCase ? .ignoringCase(test) : test)
        }
    }

    private static let noBackreference =
        "a reference back to a group cannot be matched in bounded time: write out what may be repeated"

    private mutating func group() throws(PatternError) -> PatternNode? {
        guard take("?") else { return try closed(capture: newGroup()) }
        if take(":") { return try closed(capture: nil) }
        for mark in ["=", "!", "<=", "<!"] where take(mark) {
            throw error(
                "a look ahead or behind `(?\(mark)` cannot be matched in bounded time: write what stands there into "
                    + "the pattern, and put the answer alone into a group")
        }
        if take(">") { throw error("an atomic group `(?>` is not supported: write `(?:`") }
        if take("#") {
            while try takeOne() != ")" {}
            return nil
        }
        if take("P=") { throw error(Self.noBackreference) }
        if take("P<") || take("<") || take("'") {
            while let scalar = next, scalar != ">", scalar != "'" {
                guard scalar.properties.isAlphabetic || scalar == "_" || CharacterKind.digit.contains(scalar) else {
                    throw error("a group's name has letters, digits and `_`")
                }
                index += 1
            }
            _ = try takeOne()
            return try closed(capture: newGroup())
        }
        return try flagGroup()
    }

    private mutating func newGroup() -> Int {
        groups += 1
        return groups
    }

    private mutating func closed(capture: Int?) throws(PatternError) -> PatternNode {
        let node = try choice()
        guard take(")") else { throw error("a group `(` is not closed") }
        return .group(node, capture: capture)
    }

    /// `(?i)` up to the end of the group around it, `(?i:…)`, `(?-i)`.
    private mutating func flagGroup() throws(PatternError) -> PatternNode? {
        var new = flags
        var value = true
        while true {
            let scalar = try takeOne()
            switch scalar {
            case "i": new.ignoresCase = value
            case "s": new.dotTakesAll = value
            case "m": new.isMultiline = value
            case "x": new.isSpaced = value
            case "w", "u", "a": break
            case "-": value = false
            case ")":
                flags = new
                return nil
            case ":":
                let outer = flags
                flags = new
                defer { flags = outer }
                return try closed(capture: nil)
            default: throw error("`(?\(scalar)` is unknown; there are (?:…), (?<name>…) and the flags i, s, m, x")
            }
        }
    }

    // MARK: Repetition

    private mutating func quantified(_ node: PatternNode) throws(PatternError) -> PatternNode {
        var node = node
        while true {
            if flags.isSpaced { while skipSpace() {} }
            guard let (minimum, maximum) = try quantifier() else { return node }
            guard !take("+") else {
                throw error("a possessive quantifier is not supported: leave out the `+` behind it")
            }
            let isGreedy = !take("?")
            node = .repeated(node, minimum: minimum, maximum: maximum, isGreedy: isGreedy)
        }
    }

    private mutating func quantifier() throws(PatternError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = index
        guard take("{") else { return nil }
        let minimum = number()
        var maximum = minimum
        if take(",") { maximum = number() }
        // Braces that count nothing are characters.
        guard let minimum, take("}") else {
            index = start
            return nil
        }
        if let maximum, maximum < minimum { throw error("{\(minimum),\(maximum)}: the second is below the first") }
        guard max(minimum, maximum ?? 0) <= 1_000 else { throw error("at most 1,000 repetitions can be counted") }
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar), (value ?? 0) < 1_000_000 {
            value = (value ?? 0) * 10 + Int(scalar.value - 48)
            index += 1
        }
        return value
    }
}
