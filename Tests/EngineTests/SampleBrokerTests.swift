import Completions
import Testing

@testable import Engine

/// One test a cell of the broker's state table.
struct SampleBrokerTests {
    private let script = BrokerScript()

    // MARK: Requests

    @Test func `what the pool has is played, what it lacks is one call`() {
        var actions = script.request(1, by: 1, 0..<3, pooled: [1: .whole("b")])
        #expect(actions == ["1: play 1/1 b", "send 1 n=2"])
        #expect(script.broker.isWaiting(1) && script.broker.samplesUnderWay == 2)
        actions = script.complete(1, 1, "c")
        #expect(actions == ["record 2 c", "1: done 1/2 c"])
        actions = script.complete(1, 0, "a")
        #expect(actions == ["record 0 a", "1: done 1/0 a"])
        #expect(script.isAtRest && !script.broker.isWaiting(1))
    }

    @Test func `a sample under way is joined, and both sessions get it`() {
        #expect(script.request(1, by: 1, 0..<1) == ["send 1 n=1"])
        let place = SamplePlace(
            key: RequestKey(fingerprint: "f", request: BrokerScript.question("Q?")),
            sample: SampleIndex(repeatIndex: 0, index: 0))
        #expect(script.broker.isUnderWay(place))
        #expect(script.request(4, by: 2, 0..<2) == ["send 2 n=1"])
        #expect(script.complete(1, 0, "a") == ["record 0 a", "1: done 1/0 a", "2: play 4/0 a"])
        #expect(script.broker.isWaiting(2) && !script.broker.isUnderWay(place))
        #expect(script.complete(2, 0, "b") == ["record 1 b", "2: done 4/1 b"])
        #expect(script.isAtRest)
    }

    @Test func `another question is another sample`() {
        #expect(script.request(1, by: 1, 0..<1) == ["send 1 n=1"])
        #expect(script.request(1, by: 2, 0..<1, of: "P?") == ["send 2 n=1"])
    }

    @Test func `seeds belong to samples, whatever call asks for them`() {
        _ = script.request(1, by: 1, 0..<3)
        let other = BrokerScript()
        _ = other.request(1, by: 1, 0..<3, pooled: [1: .whole("b")])
        #expect(other.sent[1]?.seeds == [0, 2].map { script.sent[1]?.seeds[$0] ?? 0 })
    }

    // MARK: Streams

    @Test func `only the one a call is for sees its stream`() {
        #expect(script.request(1, by: 1, 0..<1, stream: true) == ["send 1 n=1 stream"])
        _ = script.request(1, by: 2, 0..<1, stream: true)
        #expect(script.show(1, 0, "a") == ["1: delta 1/0 a"])
        #expect(script.complete(1, 0, "ab") == ["record 0 ab", "1: done 1/0 ab", "2: play 1/0 ab"])
    }

    // MARK: Late, twice, for nobody

    @Test func `what comes for an ended choice or an unknown call is ignored`() {
        _ = script.request(1, by: 1, 0..<2)
        _ = script.complete(1, 0, "a")
        #expect(script.complete(1, 0, "a").isEmpty && script.show(1, 0, "x").isEmpty)
        #expect(script.complete(1, 2, "c").isEmpty && script.complete(1, -1, "c").isEmpty)
        #expect(script.complete(9, 0, "a").isEmpty && script.fail(9).isEmpty && script.endEarly(9).isEmpty)
        _ = script.complete(1, 1, "b")
        #expect(script.fail(1).isEmpty && script.endEarly(1).isEmpty && script.complete(1, 1, "b").isEmpty)
        #expect(script.isAtRest && script.broker.ledger.spent.tokens == 30)
    }

    // MARK: Cancelling

    @Test func `a call nobody wants is cancelled, and who left is told what was received`() {
        _ = script.request(1, by: 1, 0..<2)
        #expect(script.cancel(1, by: 1) == ["cancel 1"])
        #expect(script.broker.isWaiting(1))
        #expect(
            script.endEarly(1, [0: .partial("a")]) == [
                "record 0 partial a", "1: cancelled 1/0 a 10+2", "record 1 partial ", "1: cancelled 1/1  10+0",
            ])
        #expect(script.isAtRest && !script.broker.isWaiting(1))
    }

    @Test func `a call that others want goes on, and who left is told of its record at its end`() {
        _ = script.request(1, by: 1, 0..<2, stream: true)
        _ = script.request(8, by: 2, 1..<2)
        _ = script.show(1, 0, "a")
        #expect(script.cancel(1, by: 1).isEmpty && script.broker.isWaiting(1))
        #expect(script.show(1, 1, "b").isEmpty)
        #expect(script.complete(1, 0, "aa") == ["record 0 aa", "1: done 1/0 aa"])
        #expect(script.complete(1, 1, "bb") == ["record 1 bb", "1: done 1/1 bb", "2: play 8/0 bb"])
        #expect(script.isAtRest)
    }

    @Test func `a completion that wins the race against a cancel is given to who left`() {
        _ = script.request(1, by: 1, 0..<2)
        _ = script.cancel(1, by: 1)
        #expect(script.complete(1, 0, "a") == ["record 0 a", "1: done 1/0 a"])
        #expect(script.endEarly(1) == ["record 1 partial ", "1: cancelled 1/1  10+0"])
        #expect(script.isAtRest)
    }

    @Test func `who waits for a call that is cancelled plays what came of it`() {
        _ = script.request(1, by: 1, 0..<1)
        _ = script.cancel(1, by: 1)
        #expect(script.request(5, by: 2, 0..<1).isEmpty)
        #expect(
            script.endEarly(1, [0: .partial("a")]) == [
                "record 0 partial a", "1: cancelled 1/0 a 10+2", "2: play 5/0 a part",
            ])
        #expect(script.isAtRest)
    }

    @Test func `what is wanted whole of a cancelled call is asked for once more, whoever many want it`() {
        _ = script.request(1, by: 1, 0..<3)
        _ = script.cancel(1, by: 1)
        // Two come while the call is being cancelled.
        #expect(script.request(5, by: 2, 0..<2, takesParts: false).isEmpty)
        #expect(script.request(6, by: 3, 0..<1, takesParts: false).isEmpty)
        #expect(script.endEarly(1, [0: .partial("a")]).count == 6)
        #expect(!script.broker.isWaiting(1) && script.broker.isWaiting(2) && script.broker.isWaiting(3))
        #expect(script.sendQueued() == ["send 2 n=2"])
        #expect(script.complete(2, 0, "a") == ["record 0 a", "2: done 5/0 a", "3: play 6/0 a"])
        #expect(script.complete(2, 1, "b") == ["record 1 b", "2: done 5/1 b"])
        #expect(script.isAtRest)
    }

    @Test func `who comes to a cancelled call and leaves again is told at its end`() {
        _ = script.request(1, by: 1, 0..<1)
        _ = script.cancel(1, by: 1)
        _ = script.request(5, by: 2, 0..<1)
        #expect(script.cancel(5, by: 2).isEmpty)
        #expect(script.endEarly(1) == ["record 0 partial ", "1: cancelled 1/0  5+0", "2: cancelled 5/0  5+0"])
        #expect(script.sendQueued().isEmpty && script.isAtRest)
    }

    @Test func `leaving one request leaves a session's others alone`() {
        _ = script.request(1, by: 1, 0..<1)
        _ = script.request(2, by: 1, 1..<2)
        #expect(script.cancel(1, by: 1) == ["cancel 1"])
        #expect(script.cancel(7, by: 1).isEmpty && script.cancel(1, by: 3).isEmpty)
        #expect(script.complete(2, 0, "b") == ["record 1 b", "1: done 2/0 b"])
    }

    // MARK: Failures

    @Test func `a failed call fails all who wait, and its cost is counted once`() {
        _ = script.request(1, by: 1, 0..<2)
        _ = script.request(5, by: 2, 1..<2)
        let spent = TokenUsage(promptTokens: 7)
        #expect(
            script.fail(1, spent: spent) == [
                "record failure 0", "1: failed 1/0 7", "record failure 1", "1: failed 1/1 0", "2: failed 5/0 0",
            ])
        #expect(script.isAtRest && script.broker.ledger.spent.tokens == 7)
    }

    @Test func `a provider that fails too often in a row stops the run`() {
        for call in 1..<UInt64(SampleBroker.failuresThatStop) {
            _ = script.request(call, by: call, 0..<1)
            #expect(script.fail(call).count == 2)
        }
        _ = script.request(99, by: 99, 0..<1)
        #expect(script.fail(UInt64(SampleBroker.failuresThatStop)).last == "stop providerFailure(\"down\")")
    }

    @Test func `a success between failures, or a refusal of one request, says the provider is up`() {
        for call in 1...UInt64(3 * SampleBroker.failuresThatStop) {
            _ = script.request(call, by: call, 0..<1, of: "\(call)")
            let actions =
                call.isMultiple(of: 20)
                ? script.complete(call, 0, "a") : script.fail(call, call.isMultiple(of: 2) ? .badRequest : .server)
            #expect(!actions.contains { $0.hasPrefix("stop") })
        }
    }

    @Test func `a provider that lets us not in stops the run at once`() {
        _ = script.request(1, by: 1, 0..<1)
        #expect(script.fail(1, .authentication).last == "stop providerFailure(\"down\")")
    }
}
