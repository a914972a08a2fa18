import EvalhPluginKit

/// How often samples of earlier runs had a reward and a length: what stands in for the predictions of a trained model.
struct PriorTable {
    /// Whole lengths.
    let start: Prospect

    /// - Parameter rows: "reward:length:probability"; probabilities may be counts.
    init(_ rows: [String], horizon: Double) throws(ParameterError) {
        var outcomes: [Outcome] = []
        for row in rows {
            let parts = row.split(separator: ":").map { Double($0) }
            guard parts.count == 3, let reward = parts[0], let length = parts[1], let probability = parts[2],
                (0...1).contains(reward), length > 0, length.isFinite, probability >= 0, probability.isFinite
            else {
                throw ParameterError(
                    "prior has \"\(row)\", which is not reward:length:probability with a reward from 0 to 1")
            }
            outcomes.append(Outcome(reward: reward, length: length, probability: probability))
        }
        guard let start = Prospect.normalized(outcomes, horizon: horizon) else {
            throw ParameterError("prior has no probability")
        }
        self.start = start
    }

    /// What is expected of a sample that has so many tokens and has not ended: the rows of larger lengths. One that is
    /// longer than all rows is taken for one of the longest, with `step` tokens to go.
    func running(tokens: Int, step: Int) -> Prospect {
        let tokens = Double(tokens)
        let horizon = max(0, start.horizon - tokens)
        let longer = start.outcomes.filter { $0.length > tokens && $0.probability > 0 }
        let rest = longer.map { Outcome(reward: $0.reward, length: $0.length - tokens, probability: $0.probability) }
        if let prospect = Prospect.normalized(rest, horizon: horizon) { return prospect }
        let last = rows(of: start.outcomes.map(\.length).max() ?? 0)
        let late = last.map { Outcome(reward: $0.reward, length: Double(step), probability: $0.probability) }
        return Prospect.normalized(late, horizon: horizon) ?? start
    }

    /// What is expected of a sample that ended with so many tokens: the rows of the smallest length that is not
    /// smaller, else of the largest, with nothing left to write.
    func finished(tokens: Int) -> Prospect {
        let lengths = start.outcomes.filter { $0.probability > 0 }.map(\.length)
        let length = lengths.filter { $0 >= Double(tokens) }.min() ?? lengths.max() ?? 0
        let done = rows(of: length).map { Outcome(reward: $0.reward, length: 0, probability: $0.probability) }
        return Prospect.normalized(done, horizon: .infinity) ?? start
    }

    private func rows(of length: Double) -> [Outcome] { start.outcomes.filter { $0.length == length } }
}
