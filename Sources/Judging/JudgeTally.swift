internal import Completions
internal import SuiteModel

/// One verdict from all that a judge said of an answer: its repeats in one order or in both.
struct JudgeTally {
    private let judge: JudgeSpec

    init(_ judge: JudgeSpec) { self.judge = judge }

    struct Outcome: Hashable {
        var verdict: JudgeVerdict?
        var noVerdict: NoVerdict?
        var probability: Double?

        static func none(_ why: NoVerdict, probability: Double? = nil) -> Outcome {
            Outcome(noVerdict: why, probability: probability)
        }
    }

    /// - Parameter orders: by order, then by repeat; at least one of each.
    func outcome(_ orders: [[VerdictReader.Reading]]) -> Outcome {
        let outcomes = orders.map(outcome(ofOrder:))
        guard var whole = outcomes.first else { return .none(.unread) }
        let probabilities = outcomes.compactMap(\.probability)
        whole.probability =
            probabilities.isEmpty ? nil : probabilities.reduce(0, +) / Double(probabilities.count)
        for outcome in outcomes {
            // What one order could not tell, the other's preference for a place cannot tell either.
            guard outcome.verdict != nil else {
                return .none(outcome.noVerdict ?? .unread, probability: whole.probability)
            }
            guard outcome.verdict == whole.verdict else {
                return judge.disagreement == .tie
                    ? Outcome(verdict: .tie, probability: whole.probability)
                    : .none(.orders, probability: whole.probability)
            }
        }
        return whole
    }

    private func outcome(ofOrder readings: [VerdictReader.Reading]) -> Outcome {
        var counts: [JudgeVerdict: Int] = [:]
        var probabilities: [Double] = []
        var why: NoVerdict?
        for reading in readings {
            switch reading {
            case .verdict(let verdict): counts[verdict, default: 0] += 1
            case .probability(let p): probabilities.append(p)
            case .none(let reason): why = why ?? reason
            }
        }
        if !probabilities.isEmpty { return outcome(probabilities.reduce(0, +) / Double(probabilities.count)) }
        guard let most = counts.values.max() else { return .none(why ?? .unread) }
        let commonest = counts.filter { $0.value == most }.keys
        if commonest.count == 1 { return Outcome(verdict: commonest.first) }
        return judge.isPairwise ? Outcome(verdict: .tie) : .none(.split)
    }

    private func outcome(_ p: Double) -> Outcome {
        if p > 0.5, p >= judge.certainty { return Outcome(verdict: .right, probability: p) }
        if p < 0.5, 1 - p >= judge.certainty { return Outcome(verdict: .wrong, probability: p) }
        return judge.isPairwise ? Outcome(verdict: .tie, probability: p) : .none(.uncertain, probability: p)
    }
}
