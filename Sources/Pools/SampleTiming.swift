/// The seconds of samples whose latency was not recorded: a first token, then tokens at an even pace.
package struct SampleTiming: Hashable, Sendable {
    package var firstTokenSeconds: Double
    package var tokensPerSecond: Double

    package init(firstTokenSeconds: Double = 0.2, tokensPerSecond: Double = 50) {
        self.firstTokenSeconds = firstTokenSeconds
        self.tokensPerSecond = tokensPerSecond
    }

    func seconds(tokens: Int) -> Double { firstTokenSeconds + Double(tokens) / tokensPerSecond }
}
