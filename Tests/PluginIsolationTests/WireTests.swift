import Completions
import PluginHost
import Testing

@testable import PluginIsolation

/// Messages between a host and its workers: what is written is read, and nothing that a hostile worker writes is a
/// trap.
struct WireTests {
    private func bytes(_ value: some WireValue) -> [UInt8] {
        var writer = WireWriter()
        writer.put(value)
        return writer.bytes
    }

    private func again<T: WireValue>(_ value: T) throws -> T {
        var reader = WireReader(bytes(value))
        let read = try reader.get(T.self)
        try reader.end()
        return read
    }

    @Test func `events of all kinds come back as they were`() throws {
        var random = SomeValues(seed: 1)
        for _ in 0..<400 {
            let event = random.event()
            #expect("\(try again(event))" == "\(event)")
        }
    }

    @Test func `actions of all kinds come back as they were`() throws {
        var random = SomeValues(seed: 2)
        for _ in 0..<400 {
            let action = random.action()
            #expect("\(try again(action))" == "\(action)")
        }
    }

    @Test func `numbers come back to the bit`() throws {
        for number in [0, -0.0, .infinity, .nan, .leastNonzeroMagnitude, 1 / 3.0] {
            #expect(try again(number).bitPattern == number.bitPattern)
        }
        #expect(try again([Int.min, -1, Int.max]) == [Int.min, -1, Int.max])
        #expect(try again([String?.none, "é", ""]) == [nil, "é", ""])
    }

    @Test func `a message that ends early is refused at every byte`() throws {
        var random = SomeValues(seed: 3)
        for _ in 0..<40 {
            let whole = bytes(random.action())
            for count in 0..<whole.count {
                var reader = WireReader(Array(whole[..<count]))
                #expect(throws: WireFault.self) { _ = try reader.get(SessionAction.self) }
            }
        }
    }

    @Test func `whatever a worker sends is read or refused`() {
        var random = SomeValues(seed: 4)
        var refused = 0
        for _ in 0..<4000 {
            var message = bytes([random.action(), random.action()])
            for _ in 0...random.number(below: 6) {
                message[random.number(below: message.count)] = UInt8(random.number(below: 256))
            }
            var reader = WireReader(message)
            do {
                for action in try reader.list(SessionAction.self, most: 4096) {
                    guard case .submit(let submit) = action.body else { continue }
                    #expect((1...1024).contains(submit.n))
                }
            } catch { refused += 1 }
        }
        #expect(refused > 400)
    }

    @Test func `a list that claims more than there is takes no memory`() {
        var writer = WireWriter()
        writer.put(UInt32.max)
        writer.put(UInt64(0))
        var (list, text) = (WireReader(writer.bytes), WireReader(writer.bytes))
        #expect(throws: WireFault.self) { _ = try list.get([UInt64].self) }
        #expect(throws: WireFault.self) { _ = try text.text() }
    }

    @Test func `values out of range are no actions, scores, weights or estimates`() {
        let bad: [SessionAction.Body] = [
            .submit(SubmitAction(request: 0)), .submit(SubmitAction(request: 1, n: 0)),
            .submit(SubmitAction(request: 1, messages: [])),
            .submit(SubmitAction(request: 1, sampling: SamplingOverrides(temperature: -1))),
            .submit(SubmitAction(request: 1, sampling: SamplingOverrides(stop: [""]))),
            .fork(
                ForkAction(
                    request: 1, parent: 1, parentChoice: -1, offset: 0, append: "", sampling: nil, n: 1, stream: false,
                    priority: 0)),
            .emit(candidate: "", weight: .infinity, evidence: ""), .setTimer(id: 1, timeNanoseconds: -1),
            .finish(FinishAction(kind: .answered, answer: "", confidence: 2, reason: "")),
        ]
        for body in bad { #expect(throws: WireFault.self) { try again(SessionAction(seq: 1, body: body)) } }
        #expect(throws: WireFault.self) { try again(Grade(score: 7, strictScore: 0, stage: "")) }
        #expect(throws: WireFault.self) { try again(Grade(score: .nan, strictScore: 0, stage: "")) }
        #expect(throws: WireFault.self) { try again(WeighedItem(item: 0, weight: -1)) }
        #expect(throws: WireFault.self) {
            try again(StrategyEstimate(completionsMin: 3, completionsMax: 2, promptPasses: 1))
        }
    }
}

/// Values with all their members, the same in every run.
struct SomeValues {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func number(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    private mutating func maybe<T>(_ value: T) -> T? { number(below: 2) == 0 ? nil : value }
    private mutating func text() -> String {
        ["", "a", "é\u{0}", "two\nlines", String(repeating: "x", count: 300)][number(below: 5)]
    }
    private mutating func flag() -> Bool { number(below: 2) == 0 }
    private mutating func real() -> Double { Double(number(below: 1000)) / 1000 }

    private mutating func tokens() -> [TokenLogprob] {
        (0..<number(below: 3)).map { _ in
            TokenLogprob(
                token: text(), logprob: -real(),
                alternatives: (0..<number(below: 3)).map { _ in TokenAlternative(token: text(), logprob: -real()) })
        }
    }

    private mutating func usage() -> TokenUsage {
        TokenUsage(
            promptTokens: number(below: 99), cachedPromptTokens: number(below: 9), completionTokens: number(below: 99),
            reasoningTokens: number(below: 9), cancelledTokens: number(below: 9))
    }

    private mutating func sampling() -> SamplingParameters {
        SamplingParameters(
            temperature: real(), topP: real(), topK: number(below: 9), minP: real(), maxTokens: number(below: 99),
            stop: flag() ? [text()] : [], topLogprobs: maybe(3), jsonSchema: maybe("{}"), seed: maybe(7))
    }

    private mutating func model() -> SessionModel {
        SessionModel(
            role: text(), name: text(),
            capabilities: EndpointCapabilities(
                stream: flag(), topLogprobs: maybe(5), prefix: flag(), multipleChoices: maybe(flag()),
                seed: maybe(flag()), cancel: flag(), sendsReasoningApart: maybe(flag())),
            sampling: sampling())
    }

    mutating func event() -> SessionEvent {
        SessionEvent(
            seq: UInt64(number(below: 99)), timeNanoseconds: Int64(number(below: 1 << 30)), body: eventBody())
    }

    private mutating func eventBody() -> SessionEvent.Body {
        switch number(below: 11) {
        case 9: .result(request: 6, Completion(text: text(), finish: .other, usage: usage(), seconds: real()))
        case 0:
            .start(
                SessionStart(
                    itemID: text(), input: text(), fieldsJSON: text(),
                    messages: [ChatMessage(role: .system, content: text()), ChatMessage(role: .user, content: text())],
                    parametersJSON: text(), seed: .max, models: [model(), model()],
                    services: [SessionService(name: text(), kind: "tool", descriptionJSON: text())],
                    repeatIndex: number(below: 9)))
        case 1: .delta(request: 1, choice: number(below: 9), text: text(), tokens: tokens(), tokenCount: 2)
        case 2: .reasoning(request: 2, choice: number(below: 9), text: text(), tokens: tokens(), tokenCount: 3)
        case 3:
            .done(
                request: .max, choice: 3,
                completion: Completion(
                    text: text(), reasoning: maybe(text()), finish: flag() ? .length : .filter, usage: usage(),
                    isUsageEstimated: flag(), seconds: real(), firstTokenSeconds: maybe(real()), tokens: tokens()),
                isLast: flag())
        case 4:
            .failed(
                request: 4,
                ModelFailure(
                    kind: flag() ? .quota : .malformed, message: text(), isRetryable: flag(), spent: usage()))
        case 5: .cancelled(request: 5, tokensReceived: number(below: 99), isEstimated: flag())
        case 6: .timer(7)
        case 7: .budget(RemainingBudget(tokens: maybe(3), usd: maybe(real()), seconds: maybe(real())))
        case 8: .rejected(actionSeq: 8, request: 9, reason: flag() ? .budget : .limit, message: text())
        default: .stop(reason: text())
        }
    }

    mutating func action() -> SessionAction {
        SessionAction(seq: UInt64(1 + number(below: 99)), body: actionBody())
    }

    private mutating func overrides() -> SamplingOverrides {
        SamplingOverrides(
            temperature: maybe(real()), topP: maybe(1 - real() / 2), topK: maybe(4), minP: maybe(real()),
            maxTokens: maybe(5), topLogprobs: maybe(6), stop: flag() ? ["END"] : [],
            seed: maybe(number(below: 9)), jsonSchema: maybe("{}"))
    }

    private mutating func actionBody() -> SessionAction.Body {
        switch number(below: 12) {
        case 9: .call(CallAction(request: 3, service: text(), payload: text(), priority: number(below: 9)))
        case 10: .number(name: "n", value: real())
        case 0:
            .submit(
                SubmitAction(
                    request: 1, role: text(), messages: maybe([ChatMessage(role: .assistant, content: text())]),
                    prefix: text(), sampling: overrides(), n: 1 + number(below: 1024), stream: flag(), priority: -4))
        case 1:
            .fork(
                ForkAction(
                    request: 2, parent: 1, parentChoice: number(below: 9), offset: number(below: 999), append: text(),
                    sampling: maybe(overrides()), n: 2, stream: flag(), priority: 3))
        case 2: .cancel(request: 3)
        case 3: .setTimer(id: 4, timeNanoseconds: 5)
        case 4: .emit(candidate: text(), weight: -real(), evidence: text())
        case 5: .note(key: text(), value: text(), isDebug: flag())
        case 6:
            .finish(
                FinishAction(
                    kind: flag() ? .noAnswer : .unfinished, answer: text(), confidence: maybe(real()), reason: text()))
        case 7: .adopt(peer: number(below: 9))
        case 8: .unsupported(type: 77, request: 8)
        default: .invalid(request: 9, message: text())
        }
    }
}
