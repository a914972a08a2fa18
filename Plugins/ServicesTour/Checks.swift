import EvalhPluginKit
import Glibc

/// What services say of completions, as weights of their votes.
struct Checks {
    let session: Session
    /// The weight of a completion whose sums do not hold.
    let doubt: Double

    func weights(of choices: [Choice]) async throws -> [Double] {
        var weights = [Double](repeating: 1, count: choices.count)
        for (place, agreement) in try await agreements(choices.map(\.text)).enumerated() { weights[place] *= agreement }
        for (place, choice) in choices.enumerated() {
            weights[place] *= try await soundness(choice.text)
            weights[place] *= try await likelihood(choice.text)
        }
        // Where all are worth nothing, all are worth the same.
        return weights.contains { $0 > 0 } ? weights : [Double](repeating: 1, count: choices.count)
    }

    /// Whether the sums of a text hold when they are run.
    private func soundness(_ text: String) async throws -> Double {
        let sums = Sums.assertions(in: text)
        guard !sums.isEmpty, session.service(ofKind: "execute") != nil else { return 1 }
        let run = try await session.execute("", tests: sums.joined(separator: "\n"))
        return run.hasPassed == true ? 1 : doubt
    }

    /// The geometric mean of the tokens' probabilities.
    private func likelihood(_ text: String) async throws -> Double {
        guard !text.isEmpty, session.scorer() != nil else { return 1 }
        do {
            let score = try await session.score(text)
            return score.tokens.isEmpty ? 1 : exp(score.value / Double(score.tokens.count))
        } catch let failure as RequestFailed {
            session.note("score failed", failure.message)
            return 1
        }
    }

    /// For each text the mean cosine with the others; 1 for each where there is no embedder.
    private func agreements(_ texts: [String]) async throws -> [Double] {
        guard texts.count > 1, let embedder = session.service(ofKind: "embed") else { return [] }
        let result = try await session.call(embedder.name, ["texts": .array(texts.map { .string($0) })])
        guard !result.isError else {
            session.note("embed failed", result.value["error"]?.string ?? "")
            return []
        }
        let vectors = (result.value["vectors"]?.elements ?? []).map { vector in
            (vector.elements ?? []).compactMap(\.double)
        }
        guard vectors.count == texts.count else { return [] }
        return vectors.indices.map { place in
            let others = vectors.indices.filter { $0 != place }.map { Self.cosine(vectors[place], vectors[$0]) }
            return max(0, others.reduce(0, +) / Double(others.count))
        }
    }

    private static func cosine(_ a: [Double], _ b: [Double]) -> Double {
        func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        let lengths = (product(a, a) * product(b, b)).squareRoot()
        return lengths > 0 ? product(a, b) / lengths : 0
    }
}
