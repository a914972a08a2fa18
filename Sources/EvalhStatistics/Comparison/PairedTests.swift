internal import Glibc

/// McNemar's test on two arms' right-or-wrong scores of the same items.
public enum McNemar {
    /// The exact two-sided p-value: the binomial test of the flips against one half (McNemar 1947; exact form in
    /// Agresti 2013, §11.1).
    /// - Parameters:
    ///   - aOnly: items only a got right.
    ///   - bOnly: items only b got right.
    public static func exact(aOnly: Int, bOnly: Int) -> Double {
        let n = aOnly + bOnly
        guard n > 0 else { return 1 }
        let fewer = min(aOnly, bOnly)
        // P(X ≤ k) for X ~ Binomial(n, ½) is I_½(n − k, k + 1).
        let tail = IncompleteBeta.regularized(0.5, a: Double(n - fewer), b: Double(fewer + 1))
        return min(1, 2 * tail)
    }

    /// The two-sided mid-p-value: as the exact one, but what was seen itself counts half (Lancaster 1961; Fagerland,
    /// Lydersen and Laake 2013, BMC Medical Research Methodology 13:91). Its level is near 5 % where the exact test's
    /// stays below, and hardly ever above.
    public static func midP(aOnly: Int, bOnly: Int) -> Double {
        let n = aOnly + bOnly
        guard n > 0 else { return 1 }
        let fewer = Double(min(aOnly, bOnly))
        let total = Double(n)
        var sign: Int32 = 0
        let logChoose = lgamma_r(total + 1, &sign) - lgamma_r(fewer + 1, &sign) - lgamma_r(total - fewer + 1, &sign)
        let seen = exp(logChoose - total * log(2))
        return max(0, exact(aOnly: aOnly, bOnly: bOnly) - (aOnly == bOnly ? seen / 2 : seen))
    }
}

/// What a number of items can show.
public enum Power {
    /// The smallest difference of two arms' accuracies on the same items that a two-sided 5 % McNemar test finds with
    /// 80 % power (Connor 1987, Biometrics 43:207, normal approximation): d solves n·d² = (z_{α/2}·√ψ + z_β·√(ψ − d²))²
    /// with ψ the share of items that flip. `nil`: no difference that small a share of flips could make is found.
    public static func smallestPairedEffect(items: Int, discordantShare psi: Double) -> Double? {
        guard items > 0, psi > 0, psi <= 1 else { return nil }
        let alpha = Normal.quantile(0.975)
        let beta = Normal.quantile(0.8)
        func isFound(_ d: Double) -> Bool {
            let need = alpha * psi.squareRoot() + beta * max(0, psi - d * d).squareRoot()
            return Double(items) * d * d >= need * need
        }
        guard isFound(psi) else { return nil }
        var low = 0.0
        var high = psi
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if isFound(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
