import EvalhStatistics
import Foundation
import Testing

@testable import ReferenceModel

/// Asks the shipped model and waits.
final class Asking: @unchecked Sendable {
    let batch: GenerationBatch
    private let model: ReferenceModel

    init(sequences: Int = 48) throws {
        model = Shipped.model
        batch = try GenerationBatch(model, sequences: sequences)
    }

    deinit { batch.close() }

    static let question = "Rosa has 13 figs and buys 24 more. How many figs does she have now?"

    func request(_ question: String = Asking.question, temperature: Double = 1, seed: UInt64 = 1, maxTokens: Int = 60)
        -> GenerationRequest
    {
        GenerationRequest(
            prompt: [Vocabulary.user] + model.vocabulary.encode(question) + [Vocabulary.assistant],
            rule: SamplingRule(temperature: temperature),
            maxTokens: maxTokens, seed: seed)
    }

    func run(_ requests: [GenerationRequest]) -> [Generation] {
        let group = DispatchGroup()
        let generations = requests.map { request in
            group.enter()
            return Generation(request) { _, _, end in if end != nil { group.leave() } }
        }
        batch.submit(generations)
        group.wait()
        return generations
    }

    func text(_ generation: Generation) -> String { String(decoding: generation.text, as: UTF8.self) }
}

@Suite struct GenerationTests {
    @Test func aRequestGetsTheSameAloneAndBesideOthers() throws {
        let asking = try Asking()
        let requests = (0..<20).map { index in
            var request = asking.request(
                "Kofi has \(index + 2) pears and finds \(3 * index + 1) more. How many pears does he have?",
                seed: UInt64(index))
            request.topLogprobs = 2
            return request
        }
        let together = asking.run(requests)
        for (request, beside) in zip(requests, together) {
            // A batch of its own has no prompt kept from before.
            let alone = try Asking(sequences: 1).run([request])[0]
            #expect(alone.tokens.map(\.token) == beside.tokens.map(\.token))
            #expect(alone.tokens.map(\.logprob) == beside.tokens.map(\.logprob))
        }
    }

    @Test func seedsDecide() throws {
        let asking = try Asking()
        let texts = asking.run([1, 1, 2, 3, 4, 5].map { asking.request(temperature: 2, seed: $0) }).map(asking.text)
        #expect(texts[0] == texts[1])
        #expect(Set(texts).count > 2)
    }

    @Test func aPromptIsReadOnce() throws {
        let asking = try Asking()
        let request = asking.request()
        let first = asking.run([request])[0]
        let again = asking.run([request])[0]
        #expect(first.cachedPromptTokens == 0)
        #expect(again.cachedPromptTokens == request.prompt.count - 1)
        #expect(first.tokens.map(\.token) == again.tokens.map(\.token))
        let many = asking.run(
            (0..<8).map { asking.request("Mei sees 4 hens and 9 ducks. How many is that?", seed: $0) })
        #expect(many.dropFirst().allSatisfy { $0.cachedPromptTokens > 5 })
    }

    @Test func aStopTextEndsAndIsLeftOut() throws {
        let asking = try Asking()
        let whole = asking.text(asking.run([asking.request(temperature: 0)])[0])
        var request = asking.request(temperature: 0)
        request.stop = [Array(" = ".utf8)]
        let cut = asking.run([request])[0]
        #expect(whole.contains(" = "))
        #expect(asking.text(cut) == String(whole.prefix(upTo: whole.range(of: " = ")!.lowerBound)))
    }

    @Test func countsAreExact() throws {
        let asking = try Asking()
        let cut = asking.run([asking.request(temperature: 0, maxTokens: 3)])[0]
        #expect(cut.tokens.count == 3)
        let none = asking.run([asking.request(temperature: 0, maxTokens: 0)])[0]
        #expect(none.tokens.isEmpty)
    }

    @Test func aFixedExitUsesThatLayerAndLessWork() throws {
        let asking = try Asking()
        for layer in 1...Shipped.model.layers {
            var request = asking.request(temperature: 0, maxTokens: 10)
            request.exit = .fixed(layer: layer)
            let tokens = asking.run([request])[0].tokens
            #expect(tokens.allSatisfy { $0.layers == layer })
            let (layers, d, f, v) = (8.0, 128.0, 512.0, 2048.0)
            let block = 4 * d * d + 2 * d * f
            let work = (Double(layer) * block + (layers - Double(layer)) * 2 * d * d + v * d) / (layers * block + v * d)
            #expect(tokens.allSatisfy { abs($0.compute - work) < 1e-9 })
        }
    }

    @Test func aConfidenceOfZeroLeavesAtOnceAndOneAtTheEnd() throws {
        let asking = try Asking()
        for (threshold, layers) in [(0.0, 1), (1.1, 8)] {
            var request = asking.request(temperature: 0, maxTokens: 5)
            request.exit = .confidence(threshold: threshold)
            #expect(asking.run([request])[0].tokens.allSatisfy { $0.layers == layers })
        }
    }

    /// The shipped pair of models: what tokens come fourth, with a draft and without, in as many samples each.
    @Test func aDraftDoesNotChangeWhatIsSaid() throws {
        let asking = try Asking()
        let count = 1500
        func counts(_ speculation: GenerationRequest.Speculation, from seed: UInt64) -> [Int: Int] {
            let requests = (0..<count).map { index in
                var request = asking.request(temperature: 2.5, seed: seed + UInt64(index), maxTokens: 4)
                request.speculation = speculation
                return request
            }
            return Dictionary(grouping: asking.run(requests).map { $0.tokens.last?.token ?? -1 }, by: { $0 }).mapValues(
                \.count)
        }
        let plain = counts(.none, from: 1)
        for (number, speculation) in [
            GenerationRequest.Speculation.fixed(length: 3), .adaptive(threshold: 0.5, length: 8),
        ].enumerated() {
            let drafted = counts(speculation, from: UInt64(10_000 * (number + 1)))
            // χ² of homogeneity; tokens seen fewer than ten times together are one class.
            var (classes, rest): ([(Double, Double)], (Double, Double)) = ([], (0, 0))
            for token in Set(plain.keys).union(drafted.keys) {
                let pair = (Double(plain[token] ?? 0), Double(drafted[token] ?? 0))
                if pair.0 + pair.1 >= 10 { classes.append(pair) } else { rest = (rest.0 + pair.0, rest.1 + pair.1) }
            }
            if rest.0 + rest.1 > 0 { classes.append(rest) }
            let statistic = classes.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / ($1.0 + $1.1) }
            let freedom = Double(classes.count - 1)
            #expect(classes.count > 3)
            // Four standard deviations above its mean: once in some thousands by chance, and seeds are fixed.
            #expect(
                statistic < freedom + 4 * (2 * freedom).squareRoot(), "\(statistic) with \(freedom) degrees of freedom")
        }
    }

    @Test func adaptiveLengthProposesMoreWhereMoreMayBeRejected() throws {
        let asking = try Asking()
        var drafted: [Int] = []
        for threshold in [0.01, 0.5, 0.95] {
            let requests = (0..<20).map { seed in
                var request = asking.request(temperature: 0.8, seed: UInt64(seed))
                request.speculation = .adaptive(threshold: threshold, length: 20)
                return request
            }
            let generations = asking.run(requests)
            let rounds = generations.reduce(0) { $0 + $1.speculation.rounds }
            drafted.append(100 * generations.reduce(0) { $0 + $1.speculation.drafted } / max(1, rounds))
            // Alone, the same again: the head reads nothing but the draft's state.
            let again = try Asking().run(requests)
            #expect(zip(generations, again).allSatisfy { $0.speculation.drafted == $1.speculation.drafted })
        }
        #expect(drafted[0] < drafted[1] && drafted[1] <= drafted[2])
    }

    @Test func logprobsAreThoseOfTheLogits() throws {
        let asking = try Asking()
        var request = asking.request(temperature: 0, maxTokens: 4)
        request.topLogprobs = 5
        for token in asking.run([request])[0].tokens {
            #expect(token.alternatives.count == 5)
            #expect(token.alternatives[0].token == token.token)
            #expect(token.alternatives[0].logprob == token.logprob)
            #expect(token.alternatives.reduce(0) { $0 + exp($1.logprob) } <= 1 + 1e-5)
        }
    }

    @Test func aScoredPromptGivesWhatSamplingGave() throws {
        let asking = try Asking()
        var request = asking.request(temperature: 1, seed: 5, maxTokens: 12)
        request.topLogprobs = 0
        let sampled = asking.run([request])[0]
        var scoring = request
        scoring.prompt += sampled.tokens.map(\.token)
        scoring.maxTokens = 0
        scoring.scoresPrompt = true
        let scores = asking.run([scoring])[0].promptScores.suffix(sampled.tokens.count)
        #expect(scores.map(\.logprob) == sampled.tokens.map(\.logprob))
        #expect(scores.allSatisfy { ($0.rank ?? 0) >= 1 })
        // With a rank of its own: the likeliest is first.
        var greedy = asking.request(temperature: 0, maxTokens: 12)
        greedy.topLogprobs = 0
        let written = asking.run([greedy])[0]
        var again = greedy
        again.prompt += written.tokens.map(\.token)
        again.maxTokens = 0
        again.scoresPrompt = true
        #expect(asking.run([again])[0].promptScores.suffix(written.tokens.count).allSatisfy { $0.rank == 1 })
    }

    @Test func cancelledOnesEndAndOthersGoOn() throws {
        let asking = try Asking()
        let ended = DispatchSemaphore(value: 0)
        let seen = Ends()
        let cancelled = Generation(asking.request(temperature: 3, maxTokens: 200)) { generation, _, end in
            if generation.tokens.count == 2 { generation.cancel() }
            if let end {
                seen.add(end)
                ended.signal()
            }
        }
        asking.batch.submit([cancelled])
        ended.wait()
        #expect(seen.all == [.cancelled] || seen.all == [.stop])
        #expect(!asking.run([asking.request(temperature: 0)])[0].text.isEmpty)
    }

    final class Ends: @unchecked Sendable {
        private let lock = NSLock()
        private var ends: [GenerationEnd] = []
        func add(_ end: GenerationEnd) { lock.withLock { ends.append(end) } }
        var all: [GenerationEnd] { lock.withLock { ends } }
    }
}
