package import Completions
package import JSON
internal import Judging
package import SuiteModel
internal import Synchronization

/// A model role of the suite that judges answers while a strategy works. It asks through the run's endpoints and costs
/// that role's tokens.
package final class JudgeService: HostService {
    package let fingerprint: String
    package let description: JSONValue
    private let judge: AnswerJudge
    private let spec: JudgeSpec
    private let backend: any ModelBackend

    /// - Parameters:
    ///   - spec: with the role that judges, of one answer.
    ///   - modelFingerprint: of that role's model.
    ///   - backend: reaches the role.
    package init(_ spec: JudgeSpec, modelFingerprint: String, backend: any ModelBackend)
        throws(ServiceRefusal)
    {
        guard !spec.isPairwise else {
            throw ServiceRefusal("a judge that strategies call is shown one answer, not two")
        }
        do throws(PromptFailure) {
            judge = try AnswerJudge(spec)
        } catch {
            throw ServiceRefusal("its template cannot be read: \(error)")
        }
        self.spec = spec
        self.backend = backend
        let shown =
            switch spec.template {
            case .correctness, .pairwise: "correctness"
            case .own(let text): text
            }
        fingerprint = ServiceIdentity.fingerprint(
            kind: "judge", version: 1,
            [
                JudgeSpec.version, modelFingerprint, shown, spec.form.rawValue, "\(spec.repeats)", "\(spec.certainty)",
                "\(spec.limit)", "\(spec.temperature)", "\(spec.maxTokens)", "\(spec.topLogprobs)",
            ])
        description = .object([
            .init("kind", .string("judge")), .init("role", .string(spec.role)),
            .init("verdict", .string(spec.form.rawValue)), .init("repeats", .integer(spec.repeats)),
        ])
    }

    package func problem(with payload: JSONValue) -> String? {
        PayloadRules(members: [.text("answer", required: true), .text("question"), .text("reference")])
            .problem(with: payload)
    }

    package func worstCase(of payload: JSONValue) -> TokenUsage {
        let request = request(payload)
        // A token has a byte at least; what templates of chats add is little.
        let prompt = request.messages.reduce(64) { $0 + $1.content.utf8.count }
        return TokenUsage(
            requests: spec.repeats, promptTokens: prompt * spec.repeats,
            completionTokens: spec.maxTokens * spec.repeats)
    }

    package func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        let request = request(payload)
        let ids = (0..<spec.repeats).map { _ in ServiceCallIDs.next() }
        let question = JudgeQuestion(count: ids.count) { [judge] outcome in
            done(outcome.flatMap { completions in Self.result(judge, completions) })
        }
        for (place, id) in ids.enumerated() {
            var bytes = CanonicalBytes()
            bytes.append(seed)
            bytes.append(place)
            let call = ModelCall(
                id: id, role: spec.role, request: request, seeds: [bytes.seed & UInt64(Int64.max)], stream: false)
            backend.send(call) { [backend] _, event in
                guard question.take(event, at: place) else { return }
                // One has failed: nobody needs the others.
                for other in ids where other != id { backend.cancel(other) }
            }
        }
        return { [backend] in
            question.close()
            for id in ids { backend.cancel(id) }
        }
    }

    private func request(_ payload: JSONValue) -> CompletionRequest {
        judge.request(
            answer: payload["answer"]?.string ?? "", question: payload["question"]?.string ?? "",
            reference: payload["reference"]?.string)
    }

    private static func result(_ judge: AnswerJudge, _ completions: [Completion])
        -> Result<ServiceResult, ModelFailure>
    {
        var usage = TokenUsage()
        for completion in completions { usage += completion.paidUsage }
        do throws(ModelFailure) {
            let verdict = try judge.verdict(of: completions)
            var members: [JSONValue.Member] = [
                .init("verdict", .string(verdict.word)), .init("score", verdict.score.map(JSONValue.double) ?? .null),
            ]
            if let reason = verdict.reason { members.append(.init("reason", .string(reason))) }
            if let explanation = verdict.explanation { members.append(.init("explanation", .string(explanation))) }
            return .success(ServiceResult(.object(members), usage: usage))
        } catch {
            var failure = error
            failure.spent = usage
            return .failure(failure)
        }
    }
}

/// Ids of calls that services make of models: none that the engine gives.
enum ServiceCallIDs {
    private static let last = Atomic<UInt64>(1 << 62)

    static func next() -> CallID { CallID(last.add(1, ordering: .relaxed).newValue) }
}

/// The completions of one judgement until all are there.
private final class JudgeQuestion: Sendable {
    private struct Inside {
        var completions: [Completion?]
        var isOver = false
    }

    private let inside: Mutex<Inside>
    private let done: @Sendable (Result<[Completion], ModelFailure>) -> Void

    init(count: Int, done: @escaping @Sendable (Result<[Completion], ModelFailure>) -> Void) {
        inside = Mutex(Inside(completions: Array(repeating: nil, count: count)))
        self.done = done
    }

    /// Nobody waits for it any more.
    func close() { inside.withLock { $0.isOver = true } }

    /// - Returns: whether this is the failure that ends it.
    func take(_ event: ModelEvent, at place: Int) -> Bool {
        let outcome = inside.withLock { inside -> Result<[Completion], ModelFailure>? in
            guard !inside.isOver else { return nil }
            switch event {
            case .delta, .reasoning: return nil
            case .completed(_, let completion):
                inside.completions[place] = completion
                let all = inside.completions.compactMap(\.self)
                guard all.count == inside.completions.count else { return nil }
                inside.isOver = true
                return .success(all)
            case .failed(var failure):
                inside.isOver = true
                for completion in inside.completions.compactMap(\.self) { failure.spent += completion.paidUsage }
                return .failure(failure)
            case .cancelled:
                inside.isOver = true
                return .failure(ModelFailure(kind: .connection, message: "the judge's call was ended early"))
            }
        }
        guard let outcome else { return false }
        done(outcome)
        if case .failure = outcome { return true }
        return false
    }
}
