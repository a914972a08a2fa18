/// Whether the target takes a turn over, by the rank of its perplexity among calibration perplexities.
struct ConformalRule {
    /// Perplexities of calibration turns, each at least 1 or infinite.
    let calibration: [Double]

    /// The share of calibration perplexities that are smaller, #{i : ppl_i < ppl} / N, as in ref_async.py. Infinite
    /// perplexity, and any where there is no calibration, has 1.
    func percentile(_ perplexity: Double) -> Double {
        guard !calibration.isEmpty, perplexity.isFinite else { return 1 }
        return Double(calibration.count { $0 < perplexity }) / Double(calibration.count)
    }

    /// p = (#{i : s ≤ s_i} + 1) / (N + 1) with s = −perplexity, which is (#{i : ppl_i ≤ ppl} + 1) / (N + 1): an
    /// unlikely turn has a large p.
    func pValue(_ perplexity: Double) -> Double {
        Double(calibration.count { $0 <= perplexity } + 1) / Double(calibration.count + 1)
    }

    /// Taken over if p > α, where α is given, else if the percentile is at least the threshold.
    func takesOver(_ perplexity: Double, threshold: Double, alpha: Double?) -> Bool {
        guard perplexity.isFinite, !calibration.isEmpty else { return true }
        return alpha.map { pValue(perplexity) > $0 } ?? (percentile(perplexity) >= threshold)
    }
}
