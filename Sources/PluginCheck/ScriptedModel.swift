internal import Completions
internal import EvalhStatistics
internal import Foundation

/// A model that answers by a seed: numbers that mostly agree, words where a question asks for them. The same question
/// gets the same answers in every process.
struct ScriptedModel {
    enum Style: String, CaseIterable {
        /// Some lines of thought and a number; six of ten answers are the same.
        case ordinary
        /// Every answer is the same.
        case agreeing
        /// Every answer is another.
        case disagreeing
        /// No text at all.
        case empty
        /// Thought that is never ended, and no answer.
        case thinking
        /// Characters of all planes, marks that combine, line ends of all kinds.
        case characters
        /// Ten megabytes.
        case huge
        /// Cut off at the limit of tokens.
        case cut
    }

    var seed: UInt64
    var style = Style.ordinary
    /// Whether it tells log-probabilities where they are asked for.
    var hasLogprobs = true

    /// The answer number `index` to a question.
    func completion(to messages: [ChatMessage], prefix: String, _ sampling: SamplingParameters, index: Int)
        -> Completion
    {
        if style == .huge { return Self.huge }
        var canonical = messages.map { "\($0.role.rawValue)\n\($0.content)" }.joined(separator: "\u{1F}")
        canonical += "\u{1F}\(prefix)\u{1F}\(index)"
        var random = SplitMix64(seed: seed ^ Self.hash(canonical))
        var tokens = Self.tokens(of: text(to: messages.last?.content ?? "", index: index, &random))
        var finish = FinishReason.stop
        if tokens.count > sampling.maxTokens || style == .cut {
            let half = style == .cut ? tokens.count / 2 + 1 : tokens.count
            tokens = Array(tokens.prefix(min(half, sampling.maxTokens)))
            finish = .length
        }
        var text = tokens.joined()
        for stop in sampling.stop where !stop.isEmpty {
            guard let range = text.range(of: stop) else { continue }
            text = String(text[..<range.lowerBound])
            tokens = Self.tokens(of: text)
            finish = .stop
        }
        let prompt = messages.reduce(prefix.utf8.count / 4) { $0 + 4 + $1.content.utf8.count / 4 }
        let seconds = 0.05 + Double(min(tokens.count, 5000)) * (0.01 + 0.02 * random.unit())
        return Completion(
            text: text, finish: finish,
            usage: TokenUsage(requests: 1, promptTokens: prompt, completionTokens: tokens.count),
            isUsageEstimated: index % 3 == 2, seconds: seconds, firstTokenSeconds: 0.05,
            tokens: logprobs(tokens, sampling.topLogprobs, &random))
    }

    private func text(to question: String, index: Int, _ random: inout SplitMix64) -> String {
        let asked = question.lowercased()
        let pick = random.index(below: 10)
        switch style {
        case .empty: return ""
        case .thinking: return "<think>\nFirst one adds, then one asks whether that was right. Wait,"
        case .characters:
            return Self.characters + "\n\r\n\u{2028}#### \(40 + pick % 3)\u{0301}\u{200D}\u{202E}"
        case .ordinary, .agreeing, .disagreeing, .cut, .huge: break
        }
        if asked.contains("yes or no") || asked.contains("correct? reply") { return pick < 7 ? "Yes" : "No" }
        if asked.contains("from 0") || asked.contains("number from") { return "\(pick)" }
        let answer =
            switch style {
            case .agreeing: 42
            case .disagreeing: 100 + index
            default: pick < 6 ? 42 : 40 + pick
            }
        return """
            We are asked for a sum. \(pick) steps will do.

            First the tens, then the ones: that makes \(answer).
            Wait, is that right? \(pick % 2 == 0 ? "It is." : "Once more: it is, as far as one can tell.")

            The answer is \\boxed{\(answer)}.
            #### \(answer)
            """
    }

    /// Ten megabytes in pieces of its lines; made once, for a strategy may ask for hundreds.
    static let hugePieces =
        Array(repeating: String(repeating: "and so on, line by line.\n", count: 4000), count: 100) + ["\n#### 42"]

    private static let huge = Completion(
        text: hugePieces.joined(), finish: .stop,
        usage: TokenUsage(requests: 1, promptTokens: 20, completionTokens: 2_000_000), seconds: 100)

    /// A character of every kind that programs stumble over: the first and last of each length in UTF-8, of each plane
    /// the first that may stand in a text.
    private static let characters: String = {
        var text = ""
        for value: UInt32 in [0x00, 0x01, 0x1B, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFEFF, 0xFFFE, 0xFFFF] {
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        for plane: UInt32 in 1...16 {
            if let scalar = Unicode.Scalar(plane << 16) { text.unicodeScalars.append(scalar) }
            if let scalar = Unicode.Scalar(plane << 16 | 0xFFFF) { text.unicodeScalars.append(scalar) }
        }
        return text
    }()

    /// Words with the space before them.
    private static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        var token = ""
        var count = 0
        for character in text.unicodeScalars {
            let isBreak = character == " " || character == "\n"
            if (isBreak && count > 0) || count >= 4096 {
                tokens.append(token)
                token = ""
                count = 0
            }
            token.unicodeScalars.append(character)
            count += 1
        }
        if !token.isEmpty { tokens.append(token) }
        return tokens
    }

    private func logprobs(_ tokens: [String], _ wanted: Int?, _ random: inout SplitMix64) -> [TokenLogprob] {
        guard let wanted, hasLogprobs, tokens.count <= 20_000 else { return [] }
        return tokens.map { token in
            let logprob = -2 * random.unit() * random.unit()
            let others = (0..<min(wanted, 20)).map { place in
                TokenAlternative(
                    token: place == 0 ? token : " other\(place)", logprob: place == 0 ? logprob : -3 - Double(place))
            }
            return TokenLogprob(token: token, logprob: logprob, alternatives: others)
        }
    }

    static func hash(_ text: String) -> UInt64 {
        // FNV-1a, 64 bits.
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return value
    }
}
