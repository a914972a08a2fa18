internal import Completions
internal import EvalhStatistics
internal import PluginHost

/// What a scripted host offers a session beside events: always the same for a seed.
final class PlayedServices: SessionServices {
    private var generator: SplitMix64
    private let findsAnswers: Bool
    private let hasPeers: Bool

    init(_ script: HostScript, hasPeers: Bool) {
        generator = SplitMix64(seed: script.seed)
        findsAnswers = script.findsAnswers
        self.hasPeers = hasPeers
    }

    func random() -> UInt64 { generator.next() }

    /// The last whole number of a text.
    func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)? {
        guard findsAnswers, !isUnfinished else { return nil }
        var digits: [UInt8] = []
        for byte in text.utf8.reversed() {
            if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                digits.append(byte)
            } else if !digits.isEmpty {
                break
            }
        }
        return digits.isEmpty ? nil : (String(decoding: digits.reversed(), as: UTF8.self), "last-number")
    }

    func remainingBudget() -> RemainingBudget { RemainingBudget(tokens: 1_000_000, usd: nil, seconds: nil) }

    /// Two arms on five items; the session's own is the third.
    var peers: PeerView? {
        guard hasPeers else { return nil }
        let rows = (0..<5).flatMap { item in
            ["greedy", "sc@samples=4"].enumerated().map { place, arm in
                PeerResult(
                    item: item, arm: arm, isError: item == 4, score: item == 4 ? nil : Double((item + place) % 2),
                    confidence: 0.25 * Double(item % 4),
                    measure: SessionMeasure(
                        usage: TokenUsage(requests: 1, promptTokens: 20, completionTokens: 30 * (place + 1)), usd: 0.01,
                        criticalPathSeconds: 1, samples: 1 + 3 * place))
            }
        }
        return PeerView(item: 2, itemCount: 5, rows: rows, showsOwnScore: true) { _ in
            PeerAnswer(text: "#### 42", kind: .answered)
        }
    }
}
