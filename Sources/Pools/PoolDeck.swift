package import Completions
internal import Foundation

/// What recorded samples are shown as.
package enum PoolText: String, CaseIterable, Sendable {
    /// The recorded text, or the parsed answer where no text was recorded.
    case text
    /// The answer as the recording's authors parsed it.
    case answer
}

/// Deals one session its samples: the k-th completion it asks for of the item's prompt is the k-th in the session's
/// order. A request that continues a prefix gets samples whose text begins with exactly that prefix, in the same order.
package struct PoolDeck {
    private let samples: [[PoolSample]]
    private let models: [String: Int]
    private let item: PoolItem
    private let settings: PoolSettings
    private let repeatIndex: Int
    private var orders: [Int: [Int]] = [:]
    private var dealt: [Stack: Int] = [:]

    private struct Stack: Hashable {
        var model: Int
        var prefix: String
    }

    /// - Parameters:
    ///   - samples: the item's, by model.
    ///   - models: the place in `samples` for each role.
    package init(
        item: PoolItem, samples: [[PoolSample]], models: [String: Int], settings: PoolSettings, repeatIndex: Int
    ) {
        self.item = item
        self.samples = samples
        self.models = models
        self.settings = settings
        self.repeatIndex = repeatIndex
    }

    /// The next sample for a request of the item's prompt; the error says why the pool has none.
    package mutating func deal(role: String, request: CompletionRequest) -> Result<Completion, PoolMiss> {
        guard let model = models[role] else {
            return .failure(PoolMiss("the pool has no model for the role '\(role)'"))
        }
        if let recorded = settings.temperature, recorded != request.sampling.temperature {
            return .failure(
                PoolMiss(
                    "the samples were drawn at temperature \(recorded), asked for is \(request.sampling.temperature)"))
        }
        let order = order(of: model)
        let stack = Stack(model: model, prefix: request.prefix)
        var seen = dealt[stack, default: 0]
        while seen < order.count {
            let sample = samples[model][order[seen]]
            seen += 1
            guard let completion = completion(sample, after: request) else { continue }
            dealt[stack] = seen
            return .success(completion)
        }
        dealt[stack] = seen
        let found =
            request.prefix.isEmpty ? "\(order.count) samples" : "no further sample that begins with the given prefix"
        return .failure(
            PoolMiss(
                "item \(item.id): the pool has \(found) of model '\(settings.names[model])'; the session asks for one "
                    + "more"
            ))
    }

    private mutating func order(of model: Int) -> [Int] {
        if let order = orders[model] { return order }
        let order = settings.order.places(
            count: samples[model].count, itemID: item.id, model: settings.names[model], repeatIndex: repeatIndex)
        orders[model] = order
        return order
    }

    /// A sample as the answer to a request: what follows the prefix, up to a stop text and the limit of tokens. `nil`:
    /// it does not begin with the prefix.
    private func completion(_ sample: PoolSample, after request: CompletionRequest) -> Completion? {
        let whole = settings.text == .answer ? sample.answer ?? "" : sample.text ?? sample.answer ?? ""
        guard
            request.prefix.isEmpty || (whole.utf8.count > request.prefix.utf8.count && whole.hasPrefix(request.prefix))
        else {
            return nil
        }
        let tokens =
            sample.completionTokens ?? PoolDeck.estimatedTokens((sample.reasoning ?? "") + (sample.text ?? whole))
        let seconds = sample.seconds ?? settings.timing.seconds(tokens: tokens)
        let prompt = sample.promptTokens ?? PoolDeck.estimatedTokens(item.input)
        var completion = Completion(
            // An answer that the recording's authors found counts, however its text ended.
            text: whole, reasoning: request.prefix.isEmpty && settings.text == .text ? sample.reasoning : nil,
            finish: settings.text == .answer && !whole.isEmpty ? .stop : sample.finish,
            usage: TokenUsage(requests: 1, promptTokens: prompt, completionTokens: tokens),
            isUsageEstimated: sample.completionTokens == nil || sample.promptTokens == nil, seconds: seconds,
            firstTokenSeconds: sample.firstTokenSeconds
                ?? (sample.seconds == nil ? settings.timing.firstTokenSeconds : nil),
            tokens: sample.tokens)
        if !request.prefix.isEmpty { completion.drop(prefix: request.prefix) }
        if !request.sampling.stop.isEmpty { completion.cut(atFirstOf: request.sampling.stop) }
        completion.cut(atTokens: request.sampling.maxTokens)
        if request.sampling.topLogprobs == nil { completion.tokens = [] }
        return completion
    }

    /// Four bytes of English text are about a token.
    static func estimatedTokens(_ text: String) -> Int { max(1, (text.utf8.count + 3) / 4) }
}

/// How a pool is dealt.
package struct PoolSettings: Sendable {
    package var names: [String]
    package var order: SampleOrder
    package var text: PoolText
    package var timing: SampleTiming
    /// Requests at another temperature do not match; `nil`: any does.
    package var temperature: Double?

    package init(
        names: [String], order: SampleOrder = SampleOrder(), text: PoolText = .text,
        timing: SampleTiming = SampleTiming(),
        temperature: Double? = nil
    ) {
        self.names = names
        self.order = order
        self.text = text
        self.timing = timing
        self.temperature = temperature
    }
}

/// Why the pool has no sample for a request.
package struct PoolMiss: Error, Hashable, Sendable {
    package var message: String

    package init(_ message: String) {
        self.message = message
    }
}

extension Completion {
    /// Keeps what follows a prefix of the text; tokens and time in proportion to bytes where tokens are not recorded
    /// one by one.
    mutating func drop(prefix: String) {
        let all = text.utf8.count
        let gone = prefix.utf8.count
        text = String(decoding: text.utf8.dropFirst(gone), as: UTF8.self)
        var tokensGone = Int((Double(usage.completionTokens) * Double(gone) / Double(max(1, all))).rounded())
        if !tokens.isEmpty {
            var offset = 0
            var count = 0
            while count < tokens.count, offset < gone {
                offset += tokens[count].token.utf8.count
                count += 1
            }
            tokens.removeFirst(count)
            tokensGone = count
        }
        let kept = max(1, usage.completionTokens - tokensGone)
        usage.promptTokens += usage.completionTokens - kept
        seconds *= Double(kept) / Double(max(1, usage.completionTokens))
        usage.completionTokens = kept
    }

    /// Ends the text before the first of some stop texts, as a server does.
    mutating func cut(atFirstOf stops: [String]) {
        let bytes = Array(text.utf8)
        guard
            let end = stops.compactMap({ stop in bytes.firstRange(of: Array(stop.utf8))?.lowerBound }).min()
        else { return }
        shorten(toBytes: end)
        finish = .stop
    }

    /// Ends the text after so many tokens, as cut off.
    mutating func cut(atTokens limit: Int) {
        guard usage.completionTokens > limit else { return }
        if let reasoning { return cut(reasoning, atTokens: limit) }
        let bytes =
            tokens.count > limit
            ? tokens.prefix(limit).reduce(0) { $0 + $1.token.utf8.count }
            : Int(Double(text.utf8.count) * Double(limit) / Double(usage.completionTokens))
        shorten(toBytes: bytes)
        usage.completionTokens = limit
        finish = .length
    }

    /// The same where thinking came first, in proportion to bytes.
    private mutating func cut(_ thought: String, atTokens limit: Int) {
        let share = Double(limit) / Double(usage.completionTokens)
        let kept = Int(Double(thought.utf8.count + text.utf8.count) * share)
        reasoning = String(decoding: thought.utf8.prefix(kept), as: UTF8.self)
        text = String(decoding: text.utf8.prefix(max(0, kept - thought.utf8.count)), as: UTF8.self)
        tokens.removeLast(max(0, tokens.count - limit))
        seconds *= share
        usage.completionTokens = limit
        finish = .length
    }

    private mutating func shorten(toBytes count: Int) {
        let all = max(1, text.utf8.count)
        // Back to a character's start.
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: min(count, text.utf8.count))
        while end > text.utf8.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        let share = Double(text.utf8.distance(from: text.utf8.startIndex, to: end)) / Double(all)
        text = String(text[..<end])
        usage.completionTokens = max(1, Int((Double(usage.completionTokens) * share).rounded(.up)))
        seconds *= share
        var offset = 0
        if let first = tokens.firstIndex(where: {
            offset += $0.token.utf8.count
            return offset > count
        }) {
            tokens.removeSubrange(first...)
        }
    }
}
