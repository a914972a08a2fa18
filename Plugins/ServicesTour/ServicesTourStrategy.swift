import EvalhPluginKit

struct ServicesTourParameters: PluginParameters {
    @Parameter("Completions sampled.", range: 1...1024) var samples = 4
    @Parameter("Documents that are put before the question; 0: none are looked for.", range: 0...100) var hits = 2
    @Parameter("Whether models see the documents; if not, they are only noted.") var context = true
    @Parameter("A tool whose answer models see as well, as `services:` offers it; empty: none.") var tool = ""
    @Parameter("The tool's arguments, a JSON object; the text {{input}} in one of them stands for the question.")
    var arguments = "{}"
    @Parameter("The weight of a completion whose arithmetic does not hold.", range: 0...1) var doubt = 0.1
}

/// Samples, checks what was sampled by whatever services the suite has, and lets the completions vote by it.
struct ServicesTourStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "services-tour", version: "1.0.0", title: "A vote of completions that services have checked",
        description: """
            One strategy that uses every kind of service, to copy from. A service that the suite lacks is left out;
            without any it is self-consistency.

            1. `retrieve`: the `hits` documents nearest to the question by each, and the answer of `tool`, stand before
               the question in a system message, where `context` says so.
            2. `samples` completions are drawn.
            3. `execute`: the sums in a completion (`3 + 4 = 7`) are run as a program's tests; one that does not hold
               leaves the completion the weight `doubt`. A completion without sums keeps 1.
            4. `embed`: the weight is multiplied by the mean cosine of the completion's vector with the others', cut at
               0. `score`: and by the geometric mean of its tokens' probabilities, as the model scores the text.
            5. `judge`: what it says of the winner is the confidence.

            Ties: the answer that appeared first. What a service says of a call that failed is noted, and the step left
            out; a service that cannot be reached ends the session as an error. Completions without an answer and
            cut-off ones do not vote.

            Cost: `samples` completions, and for each a call of `execute` and `score`; a call of each other service.
            """,
        source: "Wang et al. 2022, arXiv:2203.11171 (the vote); Gao et al. 2022, arXiv:2211.10435 (running the sums)",
        needs: .partial)

    private let parameters: ServicesTourParameters
    private let arguments: [String: JSONValue]

    init(parameters: ServicesTourParameters) throws {
        self.parameters = parameters
        let given = try? JSONValue(parsing: parameters.arguments)
        guard let members = given?.members else { throw RefusedArguments() }
        arguments = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let context = try await context(item, session)
        let batch: Batch
        if let context, parameters.context {
            batch = await session.gather(
                n: parameters.samples,
                messages: [Message(.system, context)] + item.messages.filter { $0.role != .system })
        } else {
            batch = await session.gather(n: parameters.samples)
        }
        if batch.choices.isEmpty, let interruption = batch.interruption { throw interruption }
        let weights = try await Checks(session: session, doubt: parameters.doubt).weights(of: batch.choices)
        var tally = VoteTally()
        for (choice, weight) in zip(batch.choices, weights) { try session.vote(choice, in: &tally, weight: weight) }
        session.emit(tally)
        var answer = tally.answer(reason: batch.interruptionReason ?? "samples")
        if session.service(ofKind: "judge") != nil, tally.winner != nil {
            answer.confidence = try await judged(answer.text, item, session) ?? answer.confidence
        }
        return answer
    }

    static func estimate(_ parameters: ServicesTourParameters) -> Estimate? {
        Estimate(completions: parameters.samples...parameters.samples, promptPasses: 1)
    }

    /// What is known before the question is asked; `nil`: nothing.
    private func context(_ item: Item, _ session: Session) async throws -> String? {
        var parts: [String] = []
        for service in session.services where service.kind == "retrieve" && parameters.hits > 0 {
            let hits = try await session.search(item.input, limit: parameters.hits, in: service.name)
            session.note("documents of \(service.name)", hits.map(\.id).joined(separator: " "))
            // Two ways to search may find one document.
            parts += hits.map(\.text).filter { !parts.contains($0) }
        }
        if !parameters.tool.isEmpty {
            let told = try await session.tool(parameters.tool, arguments.mapValues { $0.replacing(input: item.input) })
            session.note(told.isError ? "tool failed" : "tool", told.text)
            if !told.isError { parts.append(told.text) }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
    }

    private func judged(_ answer: String, _ item: Item, _ session: Session) async throws -> Double? {
        let name = session.service(ofKind: "judge")?.name ?? ""
        let verdict = try await session.call(name, ["question": .string(item.input), "answer": .string(answer)])
        session.note("judge", verdict.value["verdict"]?.string ?? verdict.value.text)
        return verdict.value["score"]?.double
    }
}

extension JSONValue {
    /// The same with the question in its place.
    fileprivate func replacing(input: String) -> JSONValue {
        guard case .string(let text) = self else { return self }
        let parts = text.split(separator: "{{input}}", omittingEmptySubsequences: false)
        return .string(parts.joined(separator: input))
    }
}

/// Parameters that are no arguments of a tool.
struct RefusedArguments: Error, CustomStringConvertible {
    var description: String { "`arguments` must be a JSON object in a text, such as '{\"timezone\": \"UTC\"}'" }
}
