/// A pattern as instructions: of an automaton that knows where it stands, and goes on from several places at once.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// Takes a character that the test of this number takes, and goes on behind.
        case character(Int)
        /// Goes on at the first place if that leads to a match, else at the second.
        case split(Int, Int)
        case jump(Int)
        case save(Int)
        case look(PatternLook)
        case match
    }

    /// More instructions would make every character dear.
    static let maximum = 5_000

    private(set) var instructions: [Instruction] = []
    /// Tests of characters by number, each once.
    private(set) var tests: [CharacterTest] = []
    let groups: Int
    private var numbers: [CharacterTest: Int] = [:]

    /// - Throws: what is wrong with the pattern.
    init(_ pattern: String, ignoresCase: Bool) throws(PatternError) {
        var parser = PatternParser(pattern, ignoresCase: ignoresCase)
        let node = try parser.parse()
        groups = parser.groups
        try add(.save(0))
        try add(node)
        try add(.save(1))
        try add(.match)
    }

    private mutating func add(_ instruction: Instruction) throws(PatternError) {
        guard instructions.count < Self.maximum else {
            throw PatternError(message: "it is too large: counted repetitions multiply; write fewer, or `+` and `*`")
        }
        instructions.append(instruction)
    }

    private mutating func add(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .empty: break
        case .character(let test):
            let number = numbers[test] ?? tests.count
            if number == tests.count {
                tests.append(test)
                numbers[test] = number
            }
            try add(.character(number))
        case .look(let look): try add(Instruction.look(look))
        case .group(let inner, let capture):
            if let capture { try add(.save(2 * capture)) }
            try add(inner)
            if let capture { try add(.save(2 * capture + 1)) }
        case .sequence(let nodes):
            for node in nodes { try add(node) }
        case .choice(let nodes): try add(choice: nodes)
        case .repeated(let inner, let minimum, let maximum, let isGreedy):
            for _ in 0..<minimum { try add(inner) }
            if let maximum {
                try add(inner, upTo: maximum - minimum, isGreedy)
            } else {
                try add(anyNumberOf: inner, isGreedy)
            }
        }
    }

    private mutating func add(choice nodes: [PatternNode]) throws(PatternError) {
        var ends: [Int] = []
        for (number, node) in nodes.enumerated() {
            let split = instructions.count
            let isLast = number == nodes.count - 1
            if !isLast { try add(.split(split + 1, 0)) }
            try add(node)
            if !isLast {
                ends.append(instructions.count)
                try add(.jump(0))
                instructions[split] = .split(split + 1, instructions.count)
            }
        }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func add(anyNumberOf node: PatternNode, _ isGreedy: Bool) throws(PatternError) {
        let split = instructions.count
        try add(.split(0, 0))
        try add(node)
        if node.mayBeEmpty {
            // A turn that took nothing ends the loop, and what its groups hold counts.
            try add(.split(split, instructions.count + 1))
        } else {
            try add(.jump(split))
        }
        instructions[split] = Self.split(split + 1, instructions.count, isGreedy)
    }

    private mutating func add(_ node: PatternNode, upTo count: Int, _ isGreedy: Bool) throws(PatternError) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(instructions.count)
            try add(.split(0, 0))
            try add(node)
        }
        for split in splits { instructions[split] = Self.split(split + 1, instructions.count, isGreedy) }
    }

    private static func split(_ inner: Int, _ behind: Int, _ isGreedy: Bool) -> Instruction {
        isGreedy ? .split(inner, behind) : .split(behind, inner)
    }
}
