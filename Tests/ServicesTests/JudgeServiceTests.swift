import Completions
import Foundation
import JSON
import SuiteModel
import Synchronization
import Testing

@testable import Services

struct JudgeServiceTests {
    /// A model that says what it is told to say, and keeps what it was asked.
    final class Model: ModelBackend {
        let asked = Mutex<[ModelCall]>([])
        let answer: @Sendable (ModelCall) -> Result<String, ModelFailure>

        init(_ answer: @escaping @Sendable (ModelCall) -> Result<String, ModelFailure>) { self.answer = answer }

        func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void) {
            asked.withLock { $0.append(call) }
            switch answer(call) {
            case .success(let text):
                let usage = TokenUsage(requests: 1, promptTokens: 100, completionTokens: 7)
                events(call.id, .completed(choice: 0, Completion(text: text, finish: .stop, usage: usage)))
            case .failure(let failure): events(call.id, .failed(failure))
            }
        }

        func cancel(_ id: CallID) {}

        func capabilities(of role: String) -> EndpointCapabilities { EndpointCapabilities() }
    }

    private func service(_ parameters: String, _ model: Model, fingerprint: String = "m") throws -> JudgeService {
        try JudgeService(
            JudgeSpec(parametersJSON: parameters), modelFingerprint: fingerprint, backend: model)
    }

    @Test func `the role is asked, its last line is the verdict, the rest explains it`() throws {
        let model = Model { _ in .success("It is four.\nSo it is right.\nVERDICT: CORRECT\n") }
        let judge = try service(#"{"role": "judge"}"#, model)
        let result = try judge.ask(#"{"answer": "4", "question": "2 + 2?", "reference": "4"}"#)
        #expect(result.value["verdict"]?.string == "correct")
        #expect(result.value["score"]?.int == 1)
        #expect(result.value["explanation"]?.string == "It is four.\nSo it is right.")
        #expect(result.usage == TokenUsage(requests: 1, promptTokens: 100, completionTokens: 7))
        let asked = model.asked.withLock { $0[0] }
        #expect(asked.role == "judge")
        let text = asked.request.messages.map(\.content).joined()
        #expect(text.contains("2 + 2?"))
        #expect(text.contains("REFERENCE"))
    }

    @Test func `without a reference the judge is told to work it out`() throws {
        let model = Model { _ in .success("VERDICT: INCORRECT") }
        let result = try service(#"{"role": "judge"}"#, model).ask(#"{"answer": "5", "question": "2 + 2?"}"#)
        #expect(result.value["verdict"]?.string == "incorrect")
        #expect(result.value["score"]?.int == 0)
        let text = model.asked.withLock { $0[0].request.messages.map(\.content).joined() }
        #expect(text.contains("work it out"))
        #expect(!text.contains("REFERENCE"))
    }

    @Test func `what cannot be read is no verdict, with its reason`() throws {
        let result = try service(#"{"role": "j"}"#, Model { _ in .success("Well.") }).ask(#"{"answer": "5"}"#)
        #expect(result.value["verdict"]?.string == "none")
        #expect(result.value["score"] == .null)
        #expect(result.value["reason"]?.string == "unread")
    }

    @Test func `repeats are asked with seeds of their own and the commonest verdict counts`() throws {
        let count = Mutex(0)
        let model = Model { _ in
            .success(
                count.withLock {
                    $0 += 1; return $0 == 1
                } ? "VERDICT: INCORRECT" : "VERDICT: CORRECT")
        }
        let judge = try service(#"{"role": "j", "repeats": 3}"#, model)
        let result = try judge.ask(#"{"answer": "4"}"#, seed: 5)
        #expect(result.value["verdict"]?.string == "correct")
        #expect(result.usage.completionTokens == 21)
        let calls = model.asked.withLock { $0 }
        #expect(Set(calls.map(\.seeds)).count == 3)
        #expect(Set(calls.map(\.id)).count == 3)
        #expect(judge.worstCase(of: json(#"{"answer": "4"}"#)).completionTokens == 3 * 1024)
    }

    @Test func `a role that cannot be reached is a failure`() throws {
        let failure = ModelFailure(kind: .connection, message: "nobody there")
        let judge = try service(#"{"role": "j"}"#, Model { _ in .failure(failure) })
        #expect(try judge.failure(#"{"answer": "4"}"#)?.message == "nobody there")
    }

    @Test func `payloads are checked and fingerprints follow model and settings`() throws {
        let model = Model { _ in .success("") }
        let judge = try service(#"{"role": "j"}"#, model)
        #expect(judge.problem(with: json("{}"))?.contains("answer") == true)
        #expect(judge.problem(with: json(#"{"answer": "x", "target": "y"}"#))?.contains("target") == true)
        #expect(try service(#"{"role": "j"}"#, model).fingerprint == judge.fingerprint)
        #expect(try service(#"{"role": "j"}"#, model, fingerprint: "other").fingerprint != judge.fingerprint)
        #expect(try service(#"{"role": "j", "repeats": 2}"#, model).fingerprint != judge.fingerprint)
        let refusal = #expect(throws: ServiceRefusal.self) {
            try service(#"{"role": "j", "template": "pairwise"}"#, model)
        }
        #expect(refusal?.description.contains("one answer, not two") == true)
    }
}
