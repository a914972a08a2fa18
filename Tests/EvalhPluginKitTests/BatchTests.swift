import EvalhPluginKit
import Testing

@Suite struct BatchTests {
    private let choice = Choice(request: RequestID(number: 1), index: 0, text: "a", finish: .stop)
    private let failure = RequestFailed(.server, message: "500")

    @Test func `the first choice is there, or what kept it away is thrown`() throws {
        #expect(try Batch(choices: [choice], interruption: failure).first() == choice)
        #expect(throws: failure) { try Batch(choices: [], interruption: failure).first() }
        #expect(throws: RequestFailed.self) { try Batch(choices: []).first() }
    }

    @Test func `only what no budget would have prevented is impossible`() throws {
        try Batch(choices: []).throwIfImpossible()
        try Batch(choices: [], interruption: failure).throwIfImpossible()
        try Batch(choices: [], interruption: Rejected(.budget, message: "spent")).throwIfImpossible()
        let unsupported = Rejected(.unsupported, message: "no")
        #expect(throws: unsupported) { try Batch(choices: [], interruption: unsupported).throwIfImpossible() }
    }

    @Test(
        arguments: [
            (RequestFailed(.rate, message: ""), "request_failed"), (Rejected(.budget, message: ""), "budget"),
            (Rejected(.limit, message: ""), "rejected"), (SessionStopped(reason: "deadline"), "deadline"),
            (CancellationError(), "interrupted"),
        ] as [(any Error, String)])
    func `an interruption is a reason in a word`(_ error: any Error, _ reason: String) {
        #expect(Batch.reason(of: error) == reason)
        #expect(Batch(choices: [choice], interruption: error).interruptionReason == reason)
    }
}
