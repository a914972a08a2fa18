import Completions
import EvalhStatistics
import Testing

@testable import Engine

/// A session's operations, at full depth and as its model told of them.
struct SessionOperationsTests {
    private static let shape = ModelShape(parameters: 1e6, layers: 8, heads: 4, kvHeads: 4, headSize: 32)

    private func usage(_ tokens: Int, _ work: ModelWork?) -> TokenUsage {
        TokenUsage(requests: 1, promptTokens: 20, completionTokens: tokens, work: work)
    }

    private func measure(
        _ charged: [TokenUsage], shape: ModelShape? = SessionOperationsTests.shape, adopting peer: SessionMeasure? = nil
    ) -> SessionMeasure {
        var operations = SessionOperations()
        for (request, usage) in charged.enumerated() {
            operations.add(request: UInt64(request), shape: shape, prompt: 20, charged: usage)
        }
        if let peer { operations.adopt(peer) }
        var measure = SessionMeasure()
        operations.book(in: &measure)
        return measure
    }

    private func told(_ completion: ToldCompletion) -> Double {
        KineticsCost.told(Self.shape, prompt: 20, completions: [completion]).total
    }

    private func dense(_ tokens: Int) -> Double {
        KineticsCost.dense(Self.shape, prompt: 20, completions: [tokens]).total
    }

    @Test func `an exit is told of at less than full depth, and what was not told of counts in full`() {
        let exit = measure([usage(12, ModelWork(tokens: 10, depth: 5, compute: 6)), usage(7, nil)])
        #expect(exit.eflops == dense(12) + dense(7))
        #expect(exit.toldEflops == told(ToldCompletion(tokens: 12, depth: 7, compute: 8)) + dense(7))
        #expect((exit.toldEflops ?? 0) < (exit.eflops ?? 0))
    }

    @Test func `where nothing was told, or a shape is unknown, there is no number of its own`() {
        #expect(measure([usage(12, nil)]).eflops == dense(12))
        #expect(measure([usage(12, nil)]).toldEflops == nil)
        let work = ModelWork(tokens: 12, depth: 6, compute: 6)
        #expect(
            measure([usage(12, work)], shape: nil).eflops == nil
                && measure([usage(12, work)], shape: nil).toldEflops == nil)
        #expect(measure([]).toldEflops == nil)
    }

    @Test func `a draft reads the model's cache as often as the model is passed`() {
        let drafted = measure([usage(10, ModelWork(tokens: 10, depth: 10, compute: 4, drafted: 12, accepted: 6))])
        #expect(drafted.toldEflops == told(ToldCompletion(tokens: 10, depth: 4, compute: 4)))
    }

    @Test func `of a completion cancelled midway only the share that is charged was worked for`() {
        let cancelled = measure([usage(5, ModelWork(tokens: 10, depth: 5, compute: 6))])
        #expect(cancelled.toldEflops == told(ToldCompletion(tokens: 5, depth: 2.5, compute: 3)))
    }

    @Test func `what was adopted of a peer is as it was told, or in full`() {
        let exit = measure([], adopting: SessionMeasure(eflops: 9, toldEflops: 4))
        #expect(exit.eflops == 9 && exit.toldEflops == 4)
        let plain = measure([], adopting: SessionMeasure(eflops: 9))
        #expect(plain.eflops == 9 && plain.toldEflops == nil)
        let both = measure(
            [usage(8, ModelWork(tokens: 8, depth: 4, compute: 4))], adopting: SessionMeasure(eflops: 9))
        #expect(both.toldEflops == 9 + told(ToldCompletion(tokens: 8, depth: 4, compute: 4)))
    }
}
