import Completions
import Engine
import EvalhStatistics
import PluginHost

extension TestFactory {
    /// Asks, gives up, waits and answers as chance has it, and as its events have it: a strategy whose charges depend
    /// on everything that it sees and on when it sees it. Chance is the item's and the strategy's: arms of one seed are
    /// equal.
    static func wandering(_ id: String, seed: UInt64) -> TestFactory {
        TestFactory(id) { services in
            var walk = Walk(seed: seed)
            return TestStrategy(services) { event, _ throws(PluginFault) in walk.step(event) }
        }
    }
}

private struct Walk {
    private var random: SplitMix64
    private var next: UInt64 = 1
    private var open: [UInt64] = []
    private var steps = 0
    private let most: Int
    private var mayStream: Bool
    private var mayAnswerEarly: Bool
    private var now = 0

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        most = 4 + random.index(below: 30)
        mayStream = random.chance(60)
        mayAnswerEarly = random.chance(60)
    }

    mutating func step(_ event: SessionEvent.Body) -> [SessionAction.Body] {
        steps += 1
        switch event {
        case .start(let start):
            for byte in start.itemID.utf8 { random = SplitMix64(seed: random.next() ^ UInt64(byte)) }
            return (0..<1 + random.index(below: 3)).map { _ in submit() }
        case .delta(let request, let choice, let text, _, let count): mix(request, choice, text, count)
        case .reasoning, .result: break
        case .done(let request, let choice, let completion, let isLast):
            mix(request, choice, completion.text, completion.usage.completionTokens)
            if isLast { open.removeAll { $0 == request } }
        case .cancelled(let request, let tokens, _):
            mix(request, 0, "", tokens)
            open.removeAll { $0 == request }
        case .failed(let request, _): open.removeAll { $0 == request }
        case .rejected(_, let request, _, _): open.removeAll { $0 == request }
        case .timer(let id): mix(id, 7, "", 0)
        case .budget: break
        case .stop: return [finish("stopped")]
        }
        if steps > most || open.isEmpty && random.chance(70) { return [finish("done")] }
        if open.isEmpty { return [submit()] }
        return act()
    }

    private mutating func act() -> [SessionAction.Body] {
        switch random.index(below: 24) {
        case 0, 1: return [submit()]
        case 2, 3: return [.cancel(request: open[random.index(below: open.count)])]
        case 4: return open.map { .cancel(request: $0) }
        case 5: return [.setTimer(id: 1 + UInt64(random.index(below: 2)), timeNanoseconds: time())]
        case 6 where mayAnswerEarly: return [finish("early")]
        case 7:
            let asked = submit()
            return random.chance(30) ? [asked, .cancel(request: next - 1)] : [asked]
        default: return []
        }
    }

    private mutating func time() -> Int64 { Int64(random.index(below: 40)) * 100_000_000 }

    /// What comes next depends on what was seen, in the order in which it was.
    private mutating func mix(_ request: UInt64, _ choice: Int, _ text: String, _ count: Int) {
        var state = random.next() ^ request &* 31 ^ UInt64(choice) &* 7 ^ UInt64(count)
        for byte in text.utf8 { state = state &* 0x100_0000_01B3 ^ UInt64(byte) }
        random = SplitMix64(seed: state)
    }

    private mutating func submit() -> SessionAction.Body {
        defer { next += 1 }
        open.append(next)
        var sampling = SamplingOverrides()
        if random.chance(20) { sampling.maxTokens = 16 }
        return .submit(
            SubmitAction(
                request: next, sampling: sampling, n: random.chance(30) ? 1 + random.index(below: 4) : 1,
                stream: mayStream && random.chance(60)))
    }

    private func finish(_ reason: String) -> SessionAction.Body {
        .finish(FinishAction(kind: .answered, answer: "\(random) #### 7", reason: reason))
    }
}
