package import EvalhStatistics

/// Row a against row b on the items both have graded sessions of. Differences are a − b.
package struct PairedComparison: Sendable {
    /// An item whose mean score is above one half in one row only.
    package struct Flip: Hashable, Sendable {
        package var item: String
        package var a: Double
        package var b: Double
    }

    /// The answer to "is a at most a margin worse than b?".
    package struct MarginTest: Hashable, Sendable {
        /// In the metric's units, at least 0.
        package var margin: Double
        package var verdict: Verdict
        /// One-sided p-value of "a is worse by the margin or more": small, if a is shown not to be.
        package var pNonInferior: Double?
        /// One-sided p-value of "a is worse by no more than the margin": small, if a is shown to be inferior.
        package var pInferior: Double?
        /// The same by Holm's rule over all pairs compared; what a verdict `fail` rests on.
        package var pInferiorAdjusted: Double?
    }

    package var a: String
    package var b: String
    package var metric: ComparedMetric
    package var meanA: Double
    package var meanB: Double
    /// a − b, with its 95 % interval.
    package var difference: Estimate
    /// Two-sided; `nil`: not defined.
    package var pValue: Double?
    /// By Holm's rule over all pairs compared.
    package var pAdjusted: Double?
    /// Which test gave the p-value.
    package var test: String
    /// The smallest difference that a measurement as precise as this one finds with 80 % power; `nil`: no item differs.
    package var detectable: Double?
    package var marginTest: MarginTest?
    /// Of scores: items that only a, or only b, got right; the clearest first, then in the order of items.
    package var aOnly: [Flip]
    package var bOnly: [Flip]
    /// Items graded in one of the rows only.
    package var onlyInA: [String]
    package var onlyInB: [String]
}
