import Completions
import Engine
import PluginHost

/// A strategy written as a function from events to actions.
final class TestStrategy: SessionStrategy {
    private let body: (SessionEvent.Body, any SessionServices) throws(PluginFault) -> [SessionAction.Body]
    private let services: any SessionServices
    private var seq: UInt64 = 0
    private var isUnowned = false

    init(
        _ services: any SessionServices,
        _ body: @escaping (SessionEvent.Body, any SessionServices) throws(PluginFault) -> [SessionAction.Body]
    ) {
        self.services = services
        self.body = body
    }

    func step(_ events: [SessionEvent]) throws(PluginFault) -> [SessionAction] {
        var actions: [SessionAction] = []
        for event in events {
            for action in try body(event.body, services) {
                seq += 1
                actions.append(SessionAction(seq: seq, body: action))
            }
        }
        return actions
    }
}

final class TestFactory: StrategyFactory, @unchecked Sendable {
    // Sendable: simulations are single-threaded.
    let id: String
    let version = "1.0.0"
    let make: (any SessionServices) -> TestStrategy

    init(_ id: String, _ make: @escaping (any SessionServices) -> TestStrategy) {
        self.id = id
        self.make = make
    }

    func makeSession(_ services: any SessionServices) throws(PluginFault) -> any SessionStrategy { make(services) }
    func estimate(parametersJSON: String) -> StrategyEstimate? { nil }
}

extension TestFactory {
    /// One request with n samples, majority over extracted answers.
    static func vote(_ samples: Int, stream: Bool = false) -> TestFactory {
        TestFactory("vote\(samples)") { services in
            var texts: [Int: String] = [:]
            return TestStrategy(services) { event, services throws(PluginFault) in
                switch event {
                case .start: return [.submit(SubmitAction(request: 1, n: samples, stream: stream))]
                case .done(_, let choice, let completion, let isLast):
                    texts[choice] = completion.text
                    guard isLast else { return [] }
                    var votes: [String: Int] = [:]
                    for choice in texts.keys.sorted() {
                        if let answer = services.extract(texts[choice] ?? "", isUnfinished: false)?.answer {
                            votes[answer, default: 0] += 1
                        }
                    }
                    let best = votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
                    return [.finish(FinishAction(kind: .answered, answer: "#### \(best)", reason: "voted"))]
                case .failed: return [.finish(FinishAction(kind: .error, answer: "", reason: "request failed"))]
                case .rejected, .stop: return [.finish(FinishAction(kind: .noAnswer, answer: "", reason: "budget"))]
                default: return []
                }
            }
        }
    }

    /// Samples one at a time until two answers agree, at most `limit`.
    static func untilTwoAgree(_ limit: Int) -> TestFactory {
        TestFactory("agree\(limit)") { services in
            var answers: [String] = []
            return TestStrategy(services) { event, services throws(PluginFault) in
                switch event {
                case .start: return [.submit(SubmitAction(request: 1))]
                case .done(_, _, let completion, _):
                    let answer = services.extract(completion.text, isUnfinished: false)?.answer ?? "?"
                    if answers.contains(answer) || answers.count + 1 >= limit {
                        return [.finish(FinishAction(kind: .answered, answer: "#### \(answer)", reason: "agreed"))]
                    }
                    answers.append(answer)
                    return [.submit(SubmitAction(request: UInt64(answers.count + 1)))]
                case .failed: return [.finish(FinishAction(kind: .error, answer: "", reason: "request failed"))]
                case .rejected, .stop: return [.finish(FinishAction(kind: .noAnswer, answer: "", reason: "budget"))]
                default: return []
                }
            }
        }
    }

    /// Streams and cancels after a number of pieces.
    static func cancelAfter(_ pieces: Int) -> TestFactory {
        TestFactory("cancel\(pieces)") { services in
            var seen = 0
            return TestStrategy(services) { event, _ throws(PluginFault) in
                switch event {
                case .start: return [.submit(SubmitAction(request: 1, stream: true))]
                case .delta:
                    seen += 1
                    return seen == pieces ? [.cancel(request: 1)] : []
                case .cancelled: return [.finish(FinishAction(kind: .unfinished, answer: "cut", reason: "cancelled"))]
                case .done(_, _, let completion, _):
                    return [.finish(FinishAction(kind: .answered, answer: completion.text, reason: "done"))]
                case .failed: return [.finish(FinishAction(kind: .error, answer: "", reason: "request failed"))]
                case .rejected, .stop: return [.finish(FinishAction(kind: .noAnswer, answer: "", reason: "budget"))]
                default: return []
                }
            }
        }
    }

    /// Several choices at once, streamed, and as many requests of one; answers with what is complete first and lets go
    /// of the rest. At the first piece it cancels its last request.
    static func firstOf(_ n: Int, others: Int) -> TestFactory {
        TestFactory("first\(n)-\(others)") { services in
            var hasCancelled = others == 0
            return TestStrategy(services) { event, _ throws(PluginFault) in
                switch event {
                case .start:
                    return [.submit(SubmitAction(request: 1, n: n, stream: true))]
                        + (0..<others).map { .submit(SubmitAction(request: UInt64(2 + $0), stream: $0 > 0)) }
                case .delta:
                    guard !hasCancelled else { return [] }
                    hasCancelled = true
                    return [.cancel(request: UInt64(1 + others))]
                case .done(_, _, let completion, _):
                    return [.finish(FinishAction(kind: .answered, answer: completion.text, reason: "first"))]
                case .failed: return [.finish(FinishAction(kind: .error, answer: "", reason: "request failed"))]
                case .rejected, .stop: return [.finish(FinishAction(kind: .noAnswer, answer: "", reason: "budget"))]
                default: return []
                }
            }
        }
    }
}
