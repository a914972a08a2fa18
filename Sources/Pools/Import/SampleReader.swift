internal import Completions
internal import JSON
internal import SuiteModel

/// Reads the samples of a row.
struct SampleReader {
    private let names: FieldNames

    init(_ names: FieldNames) {
        self.names = names
    }

    /// All samples of a row that lists them; `nil`: it has no such list. Lists of answers and scores beside it must be
    /// as long.
    func samples(in row: JSONValue) throws(PoolRowError) -> [PoolSample]? {
        let list = RowFields.first(names.samples, in: row)?.elements
        let answers = RowFields.first(names.answers, in: row)?.elements
        guard let elements = list ?? answers else { return nil }
        var samples = elements.map { list == nil ? PoolSample(text: nil, answer: parsed($0)) : sample($0) }
        if list != nil, let answers {
            try check(answers.count, "answers", elements.count)
            for (index, answer) in answers.enumerated() { samples[index].answer = parsed(answer) }
        }
        if let scores = RowFields.first(names.scores, in: row)?.elements {
            try check(scores.count, "scores", elements.count)
            for (index, score) in scores.enumerated() { samples[index].score = RowFields.number(score) }
        }
        return samples
    }

    private func check(_ count: Int, _ what: String, _ expected: Int) throws(PoolRowError) {
        guard count == expected else { throw PoolRowError("\(count) \(what) for \(expected) samples") }
    }

    /// A sample as text or as an object.
    func sample(_ value: JSONValue) -> PoolSample {
        guard case .object = value else { return PoolSample(text: value == .null ? "" : value.plainText) }
        func whole(_ fields: [String]) -> Int? {
            RowFields.number(fields, in: value).flatMap { Int(exactly: $0.rounded()) }.flatMap { $0 >= 0 ? $0 : nil }
        }
        func seconds(_ fields: [String]) -> Double? {
            RowFields.number(fields, in: value).flatMap { $0 >= 0 && $0 < 1e9 ? $0 : nil }
        }
        let answer = names.answer.first { value[$0] != nil }.map { parsed(value[$0] ?? .null) }
        return PoolSample(
            text: RowFields.text(names.text, in: value), reasoning: reasoning(in: value), answer: answer,
            score: RowFields.number(names.score, in: value),
            finish: Self.finish(RowFields.text(names.finish, in: value)), promptTokens: whole(names.promptTokens),
            completionTokens: whole(names.tokens), seconds: seconds(names.seconds),
            firstTokenSeconds: seconds(names.firstTokenSeconds))
    }

    /// Only beside a text: elsewhere it is a field of the data, such as a rationale.
    private func reasoning(in value: JSONValue) -> String? {
        guard RowFields.first(names.text, in: value)?.string != nil else { return nil }
        return names.reasoning.lazy.compactMap { value[$0]?.string }.first { !$0.isEmpty }
    }

    /// A parsed answer; empty: none was found.
    private func parsed(_ value: JSONValue) -> String {
        guard value != .null else { return "" }
        let text = value.plainText
        return names.noAnswer.contains(text) ? "" : text
    }

    private static func finish(_ text: String?) -> FinishReason {
        switch text?.lowercased() {
        case nil, "", "stop", "eos", "end_turn", "stop_sequence", "eos_token", "complete": .stop
        case "length", "max_tokens", "limit", "truncated": .length
        case "content_filter", "filter": .filter
        default: .other
        }
    }
}

/// What is wrong with a row.
struct PoolRowError: Error {
    var message: String

    init(_ message: String) {
        self.message = message
    }
}
