package import Completions

/// A finished session of another arm, as strategies see it.
package struct PeerResult: Hashable, Sendable {
    /// The item's number in the run.
    package var item: Int
    /// The arm with its level, as in reports.
    package var arm: String
    package var isError: Bool
    /// Who or what was at fault, in the journal's word; `nil`: nobody.
    package var errorKind: String?
    package var score: Double?
    package var confidence: Double?
    package var measure: SessionMeasure

    package init(
        item: Int, arm: String, isError: Bool, errorKind: String? = nil, score: Double?, confidence: Double?,
        measure: SessionMeasure
    ) {
        self.errorKind = errorKind
        self.item = item
        self.arm = arm
        self.isError = isError
        self.score = score
        self.confidence = confidence
        self.measure = measure
    }
}

/// What a peer answered.
package struct PeerAnswer: Hashable, Sendable {
    package var text: String
    package var kind: FinishAction.Kind

    package init(text: String, kind: FinishAction.Kind) {
        self.text = text
        self.kind = kind
    }
}

/// The peers of one session: all results of its repeat, without how its own item was graded unless it is an oracle.
package struct PeerView {
    /// The session's item.
    package let item: Int
    package let itemCount: Int
    private let rows: [PeerResult]
    private let showsOwnScore: Bool
    private let answer: (Int) -> PeerAnswer?

    package init(
        item: Int, itemCount: Int, rows: [PeerResult], showsOwnScore: Bool, answer: @escaping (Int) -> PeerAnswer?
    ) {
        self.item = item
        self.itemCount = itemCount
        self.rows = rows
        self.showsOwnScore = showsOwnScore
        self.answer = answer
    }

    package var count: Int { rows.count }

    /// The own item's peers that failed.
    package var ownFailures: [PeerResult] { rows.filter { $0.item == item && $0.isError } }

    package subscript(index: Int) -> PeerResult? {
        guard rows.indices.contains(index) else { return nil }
        var row = rows[index]
        if row.item == item, !showsOwnScore { row.score = nil }
        return row
    }

    /// The answer of a peer of the own item; `nil` for others.
    package func answer(of index: Int) -> PeerAnswer? {
        guard rows.indices.contains(index), rows[index].item == item, !rows[index].isError else { return nil }
        return answer(index)
    }
}
