import EvalhPluginKit
import EvalhPluginTesting
import EvalhStatistics

/// A model that always writes the same tokens: it continues where a request's prefix ends, by bytes.
struct DecodingWriter: Sendable {
    var tokens: [Token]

    func reply(to request: ScriptedRequest) -> ScriptedReply {
        var place = 0
        var bytes = 0
        while place < tokens.count, bytes < request.prefix.utf8.count {
            bytes += tokens[place].text.utf8.count
            place += 1
        }
        return Self.reply(to: request, tokens[place...])
    }

    /// The first tokens that a request allows; finished if it allows more.
    static func reply(to request: ScriptedRequest, _ tokens: some Collection<Token>) -> ScriptedReply {
        let most = request.sampling?.maxTokens ?? Int.max
        let written = Array(tokens.prefix(most))
        return .completion(
            written.map(\.text).joined(), finish: written.count < most ? .stop : .length, tokens: written,
            chunks: written.map { Chunk(text: $0.text, tokens: [$0]) })
    }
}

/// Chances of a scripted model: the same in every run.
struct DecodingChance: Sendable {
    private var bits: SplitMix64

    init(seed: Int) {
        bits = SplitMix64(seed: UInt64(seed))
    }

    /// In [0, 1).
    mutating func uniform() -> Double { bits.unit() }

    /// One of the texts, by their probabilities.
    mutating func draw(_ distribution: [(String, Double)]) -> String {
        var rest = uniform()
        for (text, probability) in distribution {
            if rest < probability { return text }
            rest -= probability
        }
        return distribution.last?.0 ?? ""
    }
}

extension ScriptedSession {
    /// As `run`, but streams get a chunk each in turn, so that none is ahead; what does not stream is answered at once.
    func runInTurns(cancelsTooLate: Bool = false, _ reply: (ScriptedRequest, Int) -> ScriptedReply) {
        var streams: [(request: UInt64, events: ArraySlice<ScriptedEvent>)] = []
        var urgent: [ScriptedEvent] = []
        var seen = 0
        var turn = 0
        step(.start)
        while outcome == .open {
            for action in actions[seen...] {
                if case .ask(let request) = action.body {
                    let events = (0..<request.n).flatMap {
                        Self.events(of: reply(request, $0), $0, request, action.seq)
                    }
                    if request.isStream { streams.append((request.id, events[...])) } else { urgent += events }
                } else if case .cancel(let request) = action.body,
                    let index = streams.firstIndex(where: { $0.request == request })
                {
                    let isOver = streams[index].events.isEmpty
                    if !isOver, !cancelsTooLate { streams[index].events = [] }
                    if !isOver {
                        urgent.append(
                            cancelsTooLate
                                ? streams[index].events.removeLast() : .cancelled(request: request, tokens: 7))
                    }
                    streams[index].events = []
                }
            }
            seen = actions.count
            let running = streams.indices.filter { !streams[$0].events.isEmpty }
            if !urgent.isEmpty {
                step(urgent.removeFirst())
            } else if let index = running.first(where: { $0 >= turn }) ?? running.first {
                turn = index + 1
                step(streams[index].events.removeFirst())
            } else {
                step(.stop(reason: "nothing left to happen"))
                break
            }
        }
    }

    private static func events(of reply: ScriptedReply, _ index: Int, _ request: ScriptedRequest, _ action: UInt64)
        -> [ScriptedEvent]
    {
        switch reply {
        case .completion(let text, let finish, let tokens, let chunks):
            let id = RequestID(number: request.id)
            let choice = Choice(request: id, index: index, text: text, finish: finish, tokens: tokens)
            let pieces = chunks.isEmpty ? [Chunk(text: text, tokens: tokens)] : chunks
            return (request.isStream ? pieces.map { .chunk(request: request.id, $0) } : []) + [
                .done(choice, isLast: index == request.n - 1)
            ]
        case .failed(let error): return [.failed(request: request.id, error)]
        case .rejected(let error): return [.rejected(action: action, request: request.id, error)]
        case .silence: return []
        }
    }
}

extension ShippedVariant {
    static let adaptDecoding: [ShippedVariant] = speculative + ceCollm + atts + adaptiveInferenceCompute + zipRc

    /// Tokens are told apart by their log-probabilities, and no votes are counted.
    private static let tokenEndings: [Misfortune: String] = [.missingLogprobs: "error", .noGrader: "answered"]

    private static let speculative = [
        "{}", #"{"verify":"score","candidates":1}"#, #"{"length":"adaptive","min_candidates":1}"#,
        #"{"mode":"sampling","verify":"score","max_rounds":8}"#, #"{"candidates":1,"max_rounds":5}"#,
    ].map { ShippedVariant("speculative", $0, endings: tokenEndings, reply: withTokens) }

    private static let ceCollm = ["{}", #"{"theta":2}"#, #"{"theta":0}"#, #"{"cloud_tokens":3,"max_cloud_calls":1}"#]
        .map {
            ShippedVariant("ce-collm", $0, endings: tokenEndings, reply: withTokens)
        }

    /// What is not scored is taken over, and one chain needs no votes.
    private static let atts = [
        ShippedVariant("atts", endings: [.noGrader: "answered"], reply: withTokens),
        ShippedVariant(
            "atts", #"{"max_turns":1,"calibration_samples":1,"probes":1}"#, endings: [.noGrader: "answered"],
            reply: withTokens),
        ShippedVariant("atts", #"{"chains":3,"calibration":[1.1,2],"calibration_mode":"marginal"}"#, reply: withTokens),
    ]

    /// Replies are counted where there are no log-probabilities, and no votes are.
    private static let adaptiveInferenceCompute = [
        #"{"max_samples":3}"#, #"{"max_samples":1}"#, #"{"mode":"prune","max_samples":4,"check_tokens":1}"#,
        #"{"mode":"prune","max_samples":1,"check_tokens":1}"#,
    ].map { ShippedVariant("adaptive-inference-compute", $0, endings: [.noGrader: "answered"], reply: selfEvaluated) }

    private static let zipRc = [
        ShippedVariant("zip-rc", #"{"every_tokens":1}"#), ShippedVariant("zip-rc", #"{"max_samples":1}"#),
        ShippedVariant(
            "zip-rc", #"{"every_tokens":1,"self_evaluation":true,"max_decisions":3}"#,
            endings: [.missingLogprobs: "error"],
            reply: selfEvaluated),
    ]

    /// A host that scores no texts, and models that write tokens with log-probabilities.
    private static func withTokens(_ misfortune: Misfortune, _ request: ScriptedRequest, _ choice: Int)
        -> ScriptedReply?
    {
        switch misfortune {
        case .none, .noGrader, .cancelTooLate: return writer(["so ", "x", "=", "4"]).reply(to: request)
        case .noAnswerFound: return writer(["no ", "idea"]).reply(to: request)
        case .truncated: return .completion("on", finish: .length, tokens: [Token("on", probability: 0.9)])
        default: return nil
        }
    }

    private static func writer(_ words: [String]) -> DecodingWriter {
        DecodingWriter(tokens: words.enumerated().map { Token($0.element, probability: $0.offset == 1 ? 0.4 : 0.9) })
    }

    /// Questions about an answer are answered.
    private static func selfEvaluated(_ misfortune: Misfortune, _ request: ScriptedRequest, _ choice: Int)
        -> ScriptedReply?
    {
        guard request.messages != nil,
            [.none, .noGrader, .cancelTooLate, .noAnswerFound, .truncated].contains(misfortune)
        else {
            return nil
        }
        return .tokens([("Yes", probability: 0.7)])
    }
}
