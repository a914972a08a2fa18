/// What a share really is, where whoever counted it errs at known rates: Rogan and Gladen's estimator (1978, American
/// Journal of Epidemiology 107:71).
public enum RoganGladen {
    /// A rate that was found on units whose truth is known.
    public struct Rate: Hashable, Sendable {
        /// In 0...1.
        public var value: Double
        /// Units that it was found on.
        public var n: Int

        /// A rate that was found on `n` units.
        public init(value: Double, n: Int) {
            self.value = value
            self.n = n
        }
    }

    /// π = (p + Sp − 1) / (Se + Sp − 1), within [0, 1]. The 95 % interval counts that p, Se and Sp are all estimates:
    /// by Lang and Reiczigel (2014, Preventive Veterinary Medicine 113:13), whose added pseudo-units keep it of width
    /// where no error was seen. Units of all three are taken as independent of each other.
    /// - Parameters:
    ///   - apparent: The counted share. Its standard error, where it has one, says for how many independent units it
    ///     stands.
    ///   - sensitivity: The share of what is right that was counted as right.
    ///   - specificity: The share of what is wrong that was counted as wrong.
    /// - Returns: `nil` without units, or if whoever counted did no better than chance: Se + Sp ≤ 1.
    public static func estimate(apparent: Estimate, sensitivity: Rate, specificity: Rate) -> Estimate? {
        let (se, sp) = (sensitivity.value, specificity.value)
        guard apparent.n > 0, sensitivity.n > 0, specificity.n > 0, se + sp > 1 else { return nil }
        let value = (apparent.value + sp - 1) / (se + sp - 1)
        let z = Normal.quantile(0.975)
        let n = units(apparent)
        let p1 = (n * apparent.value + z * z / 2) / (n + z * z)
        let (n1, m1, m0) = (n + z * z, Double(sensitivity.n + 2), Double(specificity.n + 2))
        let se1 = (Double(sensitivity.n) * se + 1) / m1
        let sp1 = (Double(specificity.n) * sp + 1) / m0
        var estimate = Estimate(
            value: min(1, max(0, value)), ciLow: nil, ciHigh: nil, stderr: nil, n: apparent.n,
            method: "Rogan and Gladen, no interval")
        guard se1 + sp1 > 1 else { return estimate }
        let slope = se1 + sp1 - 1
        let centre = (p1 + sp1 - 1) / slope
        let (errorRight, errorWrong) = (se1 * (1 - se1) / m1, sp1 * (1 - sp1) / m0)
        let shift = 2 * z * z * (centre * errorRight - (1 - centre) * errorWrong)
        let spread = p1 * (1 - p1) / n1 + centre * centre * errorRight + (1 - centre) * (1 - centre) * errorWrong
        let stderr = spread.squareRoot() / slope
        estimate.stderr = stderr
        estimate.ciLow = min(estimate.value, max(0, centre + shift - z * stderr))
        estimate.ciHigh = max(estimate.value, min(1, centre + shift + z * stderr))
        estimate.method = "Rogan and Gladen; Lang and Reiczigel 2014"
        return estimate
    }

    /// How many independent units an estimate stands for: as many as would have its standard error.
    private static func units(_ apparent: Estimate) -> Double {
        let (p, n) = (apparent.value, Double(apparent.n))
        guard let stderr = apparent.stderr, stderr > 0, p > 0, p < 1 else { return n }
        return max(1, p * (1 - p) / (stderr * stderr))
    }
}
