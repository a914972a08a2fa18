import Completions

/// What models were asked and gave over all parts of a run, and what of it should not have been.
final class ModelBill {
    /// A sample: its seed is its own.
    private struct Sample: Hashable {
        var request: CompletionRequest
        var seed: UInt64
    }

    private var underWay: Set<Sample> = []
    private var kept: Set<Sample> = []
    private(set) var tokens = 0
    var violations: [String] = []

    func ask(_ call: ModelCall) {
        for seed in call.seeds {
            let sample = Sample(request: call.request, seed: seed)
            if kept.contains(sample) { violations.append("seed \(seed) is asked for and was paid before") }
            if !underWay.insert(sample).inserted { violations.append("seed \(seed) is asked for twice at once") }
        }
    }

    func complete(_ call: ModelCall, _ choice: Int, _ completion: Completion) {
        let sample = Sample(request: call.request, seed: call.seeds[choice])
        underWay.remove(sample)
        kept.insert(sample)
        tokens += completion.paidUsage.totalTokens
    }

    func giveUp(_ call: ModelCall, _ choices: Set<Int>, _ partial: [Int: Completion]) {
        for choice in choices {
            underWay.remove(Sample(request: call.request, seed: call.seeds[choice]))
            tokens += partial[choice]?.paidUsage.totalTokens ?? 0
        }
    }

    func takeViolations() -> [String] {
        defer { violations.removeAll() }
        return violations
    }

    /// The process was killed: what was under way is lost.
    func loseCalls() { underWay.removeAll() }
}
