import EvalhPluginKit

/// How much the votes speak for the leading answer.
enum PosteriorOdds {
    /// P(x > ½) / P(x ≤ ½), at least 1. The prior odds are 1, so it is the Bayes factor too (Kass & Raftery 1995).
    static func value(_ v1: Int, _ v2: Int) -> Double {
        let doubt = LeadProbability.doubt(v1, v2)
        return (1 - doubt) / doubt
    }
}
