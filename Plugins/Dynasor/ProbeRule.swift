import EvalhPluginKit

/// How eagerly a stable answer is believed: probes that must agree, and tokens between them.
enum DynasorPreset: String, CaseIterable, ParameterValue {
    case mild, low, mid, high, crazy

    var probes: Int {
        switch self {
        case .mild: 8
        case .low: 5
        case .mid: 3
        case .high, .crazy: 2
        }
    }

    var everyTokens: Int { self == .crazy ? 32 : 64 }
}

/// Stops once the last probes gave the same answer without hedging.
struct ProbeRule {
    /// Words that mean that the model is not done. Whole words: "no" is none in "know".
    static let hedges: Set<String> = ["wait", "hold", "but", "okay", "no", "hmm"]

    let needed: Int
    private var run: (answer: String, count: Int)?

    init(needed: Int) {
        self.needed = needed
    }

    /// Takes a probe's answer; `nil`: it has none. True if the last `needed` agree.
    ///
    /// - Parameter canonical: what answers are compared by. Hedge words are looked for in the answer itself.
    mutating func add(_ answer: String?, canonical: (String) -> String) -> Bool {
        guard let answer, !answer.isEmpty, !Self.isHedged(answer) else {
            run = nil
            return false
        }
        let key = canonical(answer)
        run = (key, run?.answer == key ? (run?.count ?? 0) + 1 : 1)
        return (run?.count ?? 0) >= needed
    }

    static func isHedged(_ text: String) -> Bool {
        text.lowercased().split { !$0.isLetter }.contains { hedges.contains(String($0)) }
    }
}
