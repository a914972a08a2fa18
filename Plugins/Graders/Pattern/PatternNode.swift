/// A pattern as it is written, taken apart.
indirect enum PatternNode {
    case empty
    case character(CharacterTest)
    case look(PatternLook)
    /// `capture` is the group's number; `nil`: it captures nothing.
    case group(PatternNode, capture: Int?)
    case sequence([PatternNode])
    /// The first that leads to a match is taken.
    case choice([PatternNode])
    /// `maximum` of `nil`: as often as there are.
    case repeated(PatternNode, minimum: Int, maximum: Int?, isGreedy: Bool)

    /// Whether it may match without a character.
    var mayBeEmpty: Bool {
        switch self {
        case .empty, .look: true
        case .character: false
        case .group(let inner, _): inner.mayBeEmpty
        case .sequence(let nodes): nodes.allSatisfy(\.mayBeEmpty)
        case .choice(let nodes): nodes.contains(where: \.mayBeEmpty)
        case .repeated(let inner, let minimum, _, _): minimum == 0 || inner.mayBeEmpty
        }
    }
}

/// A condition on a place between two characters.
enum PatternLook: Hashable, Sendable {
    case lineStart, lineEnd, textStart, textEnd
    /// `\Z`: the text's end, or before the line's end that ends it.
    case lastLineEnd
    case wordBoundary, noWordBoundary
}

/// Why a pattern cannot be used.
struct PatternError: Error, Equatable {
    /// What is wrong and, where something else does the same, what to write.
    var message: String
}
