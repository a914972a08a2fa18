/// How tokens are drawn. Temperature comes first, then top-k, top-p and min-p on what it gives.
package struct SamplingRule: Hashable, Sendable {
    /// 0: the likeliest token.
    package var temperature: Double
    /// In (0, 1]; 1: off.
    package var topP: Double
    /// 0: off.
    package var topK: Int
    /// In [0, 1]; 0: off.
    package var minP: Double

    package init(temperature: Double = 1, topP: Double = 1, topK: Int = 0, minP: Double = 0) {
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.minP = minP
    }
}
