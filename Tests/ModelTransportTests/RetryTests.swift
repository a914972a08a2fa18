import ModelTransport
import Testing

struct RetryTests {
    @Test func `back-off doubles with full jitter up to its ceiling`() {
        let policy = RetryPolicy(maxAttempts: 20, baseDelay: 1, maxDelay: 8)
        var budget = RetryBudget(limit: .infinity)
        for (attempt, most) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 8.0), (15, 8.0)] {
            let middle = policy.decide(attempt: attempt, serverDelay: nil, uniform: 0.5, budget: &budget, now: 0)
            let least = policy.decide(attempt: attempt, serverDelay: nil, uniform: 0, budget: &budget, now: 0)
            #expect(middle == .retry(after: most / 2))
            #expect(least == .retry(after: 0))
        }
    }

    @Test func `the server's own delay is kept`() {
        var budget = RetryBudget(limit: 100)
        let decision = RetryPolicy().decide(attempt: 1, serverDelay: 7, uniform: 0, budget: &budget, now: 0)
        #expect(decision == .retry(after: 7))
    }

    @Test func `attempts are bounded`() {
        var budget = RetryBudget(limit: 100)
        let decision = RetryPolicy(maxAttempts: 3).decide(
            attempt: 3, serverDelay: nil, uniform: 0, budget: &budget, now: 0)
        #expect(decision == .giveUp("after 3 attempts"))
    }

    @Test func `waits at the same time cost the run's retry time once`() {
        var budget = RetryBudget(limit: 60)
        func take(_ seconds: Double, at now: Double) -> Bool { budget.take(seconds, now: now) }
        for _ in 0..<50 { #expect(take(40, at: 0)) }
        #expect(budget.used == 40)
        #expect(!take(61, at: 0))
        #expect(take(20, at: 40))
        #expect(!take(1, at: 60))
    }

    @Test(arguments: [
        (["retry-after": "7"], 7.0), (["retry-after": "Thu, 01 Jan 1970 00:01:00 GMT"], 50.0),
        (["retry-after-ms": "250"], 0.25),
        (["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"], 360.0),
        (["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20ms"], 0.02),
        (
            [
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": "1970-01-01T00:00:30Z",
            ], 20.0
        ),
    ]) func `delays are read in every form that servers use`(_ headers: [String: String], _ seconds: Double) {
        #expect(ServerDelay.parse(HTTPHeaders(headers), now: 10) == seconds)
    }

    @Test(arguments: [
        ["retry-after": "soon"], ["retry-after": "-5"], ["x-ratelimit-reset-requests": "1s"], ["retry-after": "1e99"],
        [:],
    ])
    func `nonsense and quotas that are not used up ask for no delay`(_ headers: [String: String]) {
        #expect(ServerDelay.parse(HTTPHeaders(headers), now: 10) == nil)
    }
}

struct ConcurrencyLimiterTests {
    @Test func `a rate limit halves the limit once a round trip`() {
        var limiter = ConcurrencyLimiter(ceiling: 16)
        for _ in 0..<16 { limiter.began() }
        for _ in 0..<4 { limiter.rateLimited(now: 10) }
        #expect(limiter.limit == 8)
        limiter.rateLimited(now: 20)
        #expect(limiter.limit == 4)
        #expect(limiter.reason.contains("429"))
    }

    @Test func `it grows back to the ceiling and not beyond while it is used to the full`() {
        var limiter = ConcurrencyLimiter(ceiling: 4, initial: 1)
        for step in 0..<100 {
            while limiter.hasRoom { limiter.began() }
            limiter.succeeded(after: 0.1, now: Double(step))
        }
        #expect(limiter.limit == 4)
    }

    @Test func `server errors stop growth for a while`() {
        var limiter = ConcurrencyLimiter(ceiling: 4, initial: 1)
        limiter.began()
        limiter.serverFailed(now: 0)
        for _ in 0..<50 {
            limiter.began()
            limiter.succeeded(after: 0.1, now: 5)
        }
        #expect(limiter.limit == 1)
        for _ in 0..<50 {
            limiter.began()
            limiter.succeeded(after: 0.1, now: 11)
        }
        #expect(limiter.limit > 1)
    }
}
