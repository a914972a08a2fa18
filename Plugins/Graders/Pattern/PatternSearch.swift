/// Looks for a pattern in one text, in time that grows with the text's length alone.
///
/// Two passes (Frisch and Cardelli 2004, Greedy Regular Expression Matching): the first goes from the text's end to its
/// start and notes at each place which instructions still lead to a match. The second goes forward and takes the first
/// of several ways that does, so it never goes back, and finds what an engine that tries way after way finds.
struct PatternSearch {
    private let program: PatternProgram
    private let text: PatternText
    private var states: PatternStates
    /// The state at each place.
    private var marks: [UInt16]

    // The second pass's memory: when an instruction was last seen, and where to go on.
    private var seen: [Int]
    private var moment = 0
    private var stack: [Step] = []
    private var slots: [Int]

    private enum Step {
        case visit(Int)
        case restore(slot: Int, value: Int)
    }

    /// - Throws: where the pattern has too many states on this text.
    init(_ program: PatternProgram, _ text: String) throws(PatternError) {
        self.program = program
        self.text = PatternText(text, program.tests)
        states = PatternStates(program, self.text)
        seen = Array(repeating: 0, count: program.instructions.count)
        slots = Array(repeating: -1, count: 2 * program.groups + 2)
        marks = Array(repeating: 0, count: self.text.count + 1)
        var state = states.end
        marks[self.text.count] = UInt16(state)
        for index in stride(from: self.text.count - 1, through: 0, by: -1) {
            state = try states.before(state, Int(self.text.classes[index]), isLast: index == self.text.lastLineEnd)
            marks[index] = UInt16(state)
        }
    }

    /// The texts of a match's groups, the whole match first; `nil` for groups that took no part.
    struct Match: Equatable {
        var groups: [String?]
    }

    /// All matches from left to right, without overlaps; `body` says whether to go on.
    mutating func forEach(_ body: (Match) -> Bool) {
        var start = 0
        while start <= text.count {
            guard states.mayStart[Int(marks[start])], let end = match(from: start) else {
                start += 1
                continue
            }
            guard body(found()) else { return }
            start = end > start ? end : end + 1
        }
    }

    /// The last match; only its texts are made.
    mutating func last() -> Match? {
        var start = 0
        var isFound = false
        var last = slots
        while start <= text.count {
            guard states.mayStart[Int(marks[start])], let end = match(from: start) else {
                start += 1
                continue
            }
            isFound = true
            for slot in slots.indices { last[slot] = slots[slot] }
            start = end > start ? end : end + 1
        }
        guard isFound else { return nil }
        slots = last
        return found()
    }

    private func found() -> Match {
        Match(
            groups: stride(from: 0, to: slots.count, by: 2).map {
                slots[$0] >= 0 && slots[$0 + 1] >= slots[$0] ? text.text(slots[$0]..<slots[$0 + 1]) : nil
            })
    }

    /// Where the match ends that begins here.
    private mutating func match(from start: Int) -> Int? {
        for slot in slots.indices { slots[slot] = -1 }
        var (place, index) = (0, start)
        while true {
            guard let next = next(from: place, at: index) else { return nil }
            guard next != program.instructions.count - 1 else { return index }
            place = next + 1
            index += 1
        }
    }

    /// The first instruction on the way from one that takes the next character and leads to a match.
    private mutating func next(from place: Int, at index: Int) -> Int? {
        moment += 1
        stack.removeAll(keepingCapacity: true)
        stack.append(.visit(place))
        let mark = Int(marks[index])
        while let step = stack.popLast() {
            guard case .visit(var place) = step else {
                if case .restore(let slot, let value) = step { slots[slot] = value }
                continue
            }
            while seen[place] != moment {
                seen[place] = moment
                switch program.instructions[place] {
                case .match: return place
                case .character:
                    if states.leads(mark, place) { return place }
                case .jump(let target):
                    place = target
                    continue
                case .split(let first, let second):
                    stack.append(.visit(second))
                    place = first
                    continue
                case .save(let slot):
                    stack.append(.restore(slot: slot, value: slots[slot]))
                    slots[slot] = index
                    place += 1
                    continue
                case .look(let look):
                    if look.holds(text.context(at: index - 1), text.context(at: index)) {
                        place += 1
                        continue
                    }
                }
                break
            }
        }
        return nil
    }
}
