/// The states of the pass from a text's end to its start: which instructions lead to a match from a place. Made when
/// they are first met.
struct PatternStates {
    /// More states than this are no sensible pattern; making them takes longer than reading the text.
    static let maximum = 20_000
    /// Bounds the memory for ways between states.
    static let maximumWays = 16 << 20

    private struct Key: Hashable {
        /// A bit for each instruction that takes the next character and leads to a match.
        var leading: [UInt64]
        /// What is known of the next character.
        var context: PatternText.Context
    }

    private let program: PatternProgram
    private let text: PatternText
    private var keys: [Key] = []
    private var numbers: [Key: Int] = [:]
    /// The state before a state's place by the class of the character between; -1: not known yet.
    private var ways: [Int32] = []
    /// Whether a match may begin at a state's place, conditions aside.
    private(set) var mayStart: [Bool] = []
    /// The instructions that come directly before each one, without taking a character.
    private let sources: [[Int]]
    private let starts: [UInt64]
    private let startsAnywhere: Bool
    /// The state at the text's end.
    private(set) var end = 0

    init(_ program: PatternProgram, _ text: PatternText) {
        self.program = program
        self.text = text
        var sources = [[Int]](repeating: [], count: program.instructions.count)
        for (place, instruction) in program.instructions.enumerated() {
            switch instruction {
            case .jump(let target): sources[target].append(place)
            case .split(let first, let second):
                sources[first].append(place)
                if second != first { sources[second].append(place) }
            case .save, .look: sources[place + 1].append(place)
            case .character, .match: break
            }
        }
        self.sources = sources
        (starts, startsAnywhere) = Self.starts(program)
        end = add(Key(leading: Array(repeating: 0, count: starts.count), context: .none))
    }

    /// Whether an instruction takes the character at a state's place and leads to a match.
    func leads(_ state: Int, _ place: Int) -> Bool {
        keys[state].leading[place >> 6] & (1 << UInt64(place & 63)) != 0
    }

    /// The state before a character of a class.
    /// - Parameter isLast: the character is the line's end that ends the text.
    mutating func before(_ state: Int, _ character: Int, isLast: Bool) throws(PatternError) -> Int {
        let way = state * text.members.count + character
        if !isLast, ways[way] >= 0 { return Int(ways[way]) }
        var context = text.contexts[character]
        let leading = leading(behind: context, state, character)
        if isLast { context.insert(.last) }
        let key = Key(leading: leading, context: context)
        let next = numbers[key] ?? add(key)
        guard keys.count <= Self.maximum, ways.count <= Self.maximumWays else {
            throw PatternError(
                message: "the pattern needs more than \(keys.count) states on this text: fewer counted repetitions of "
                    + "what many characters match need fewer")
        }
        if !isLast { ways[way] = Int32(next) }
        return next
    }

    private mutating func add(_ key: Key) -> Int {
        let number = keys.count
        keys.append(key)
        numbers[key] = number
        ways.append(contentsOf: repeatElement(-1, count: text.members.count))
        mayStart.append(startsAnywhere || zip(key.leading, starts).contains { $0 & $1 != 0 })
        return number
    }

    /// The instructions that take a character of the class and lead on from the state behind it.
    private func leading(behind before: PatternText.Context, _ state: Int, _ character: Int) -> [UInt64] {
        let key = keys[state]
        var reached = [Bool](repeating: false, count: program.instructions.count)
        var open: [Int] = []
        func reach(_ place: Int) {
            guard !reached[place] else { return }
            reached[place] = true
            open.append(place)
        }
        reach(program.instructions.count - 1)
        for (word, bits) in key.leading.enumerated() {
            var bits = bits
            while bits != 0 {
                reach(word * 64 + bits.trailingZeroBitCount)
                bits &= bits - 1
            }
        }
        while let place = open.popLast() {
            for source in sources[place] {
                if case .look(let look) = program.instructions[source], !look.holds(before, key.context) { continue }
                reach(source)
            }
        }
        let members = text.members[character]
        var leading = [UInt64](repeating: 0, count: starts.count)
        for (place, instruction) in program.instructions.enumerated() {
            guard case .character(let test) = instruction, reached[place + 1],
                members[test >> 6] & (1 << UInt64(test & 63)) != 0
            else { continue }
            leading[place >> 6] |= 1 << UInt64(place & 63)
        }
        return leading
    }

    /// The instructions that may take a match's first character, and whether a match may be empty.
    private static func starts(_ program: PatternProgram) -> ([UInt64], Bool) {
        var bits = [UInt64](repeating: 0, count: (program.instructions.count + 63) / 64)
        var seen = [Bool](repeating: false, count: program.instructions.count)
        var open = [0]
        var isEmpty = false
        while let place = open.popLast() {
            guard !seen[place] else { continue }
            seen[place] = true
            switch program.instructions[place] {
            case .character: bits[place >> 6] |= 1 << UInt64(place & 63)
            case .match: isEmpty = true
            case .jump(let target): open.append(target)
            case .split(let first, let second): open += [first, second]
            case .save, .look: open.append(place + 1)
            }
        }
        return (bits, isEmpty)
    }
}
