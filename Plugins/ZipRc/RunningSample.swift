import EvalhPluginKit

/// A stream that is read from checkpoint to checkpoint.
struct RunningSample {
    var sample: PartialSample
    /// s of what it had written when it was last asked about.
    var evaluation: Double?

    init(_ stream: CompletionStream) {
        sample = PartialSample(stream)
    }

    /// Whether it may be the answer.
    var isFinished: Bool {
        sample.hasEnded && sample.choice?.isFinished == true && sample.choice?.text.isEmpty == false
    }

    /// What is expected of it.
    func prospect(_ prior: PriorTable, step: Int) -> Prospect {
        let tokens = sample.tokens
        let prospect = sample.hasEnded ? prior.finished(tokens: tokens) : prior.running(tokens: tokens, step: step)
        return evaluation.map { prospect.weighted(by: $0) } ?? prospect
    }
}
