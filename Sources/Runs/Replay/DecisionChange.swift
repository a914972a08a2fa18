internal import Completions
internal import Engine
package import JSON
package import Journal

/// A session that comes out otherwise.
package struct DecisionChange {
    /// The item's identity and its number in the run.
    package let itemID: String
    package let item: Int
    /// The arm with its level, as in reports.
    package let row: String
    package let repeatIndex: Int
    /// Number of the first decision that differs, from 1; 0: the decisions are the same, the grade is not.
    package let decision: Int
    package let old: String
    package let new: String
    package let before: SessionRecord
    /// `nil`: the session asked for what was not recorded.
    package let after: SessionRecord?

    /// `nil` if nothing changed.
    init?(_ before: SessionRecord, _ again: Result<SessionRecord, RecordedMiss>, item: JournalItem, row: String) {
        let old = Self.decisions(before)
        let new: [String]
        switch again {
        case .success(let record):
            after = record
            new = Self.decisions(record)
        case .failure(let miss):
            after = nil
            new = ["cannot go on: \(miss.message)"]
        }
        // A session that ends for want of a sample is compared by that alone: what it did before is not told.
        if after == nil {
            decision = old.count
            self.old = old.last ?? "nothing"
            self.new = new[0]
        } else if let place = Self.firstDifference(old, new) {
            decision = place + 1
            self.old = old.indices.contains(place) ? old[place] : "nothing more"
            self.new = new.indices.contains(place) ? new[place] : "nothing more"
        } else {
            guard before.score != after?.score || before.extracted != after?.extracted else { return nil }
            decision = 0
            self.old = Self.grade(before)
            self.new = after.map(Self.grade) ?? ""
        }
        self.before = before
        self.itemID = item.id
        self.item = item.ordinal
        self.row = row
        repeatIndex = before.key.repeatIndex
    }

    private static func firstDifference(_ old: [String], _ new: [String]) -> Int? {
        let place = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        return place ?? (old.count == new.count ? nil : min(old.count, new.count))
    }

    /// Whether completions that a session cancelled were done before the cancel took effect, or the other way round: in
    /// a run the network decides that.
    static func cancels(_ before: SessionRecord, _ after: SessionRecord) -> Bool {
        Set(before.draws.filter { $0.cancelledAt != nil }.map { "\($0.request) \($0.sample)" })
            != Set(after.draws.filter { $0.cancelledAt != nil }.map { "\($0.request) \($0.sample)" })
    }

    /// What a session decided, in its own order as far as the record keeps it: samples, candidates, notes, the end.
    private static func decisions(_ record: SessionRecord) -> [String] {
        // The record has samples as they came, which is a matter of the network where they were asked for at once.
        let draws = record.draws.sorted {
            ($0.askedAt, $0.model, $0.request, $0.sample) < ($1.askedAt, $1.model, $1.request, $1.sample)
        }
        var decisions = draws.map { draw in
            "asks \(draw.model) for sample \(draw.sample) of request \(draw.request)"
        }
        decisions += record.log.candidates.map {
            "candidate \(JSONValue.string($0.candidate).text) of weight \($0.weight)"
        }
        decisions += record.log.notes.map { "notes " + $0.joined(separator: " = ") }
        if let error = record.error {
            decisions.append("fails: \(error.message)")
        } else {
            let confidence = record.confidence.map { " with confidence \($0)" } ?? ""
            let answer = record.answer.map { JSONValue.string($0).text } ?? "no answer"
            decisions.append("ends (\(record.stopReason)) with \(answer)\(confidence)")
        }
        return decisions
    }

    private static func grade(_ record: SessionRecord) -> String {
        "is graded \(record.score.map { "\($0)" } ?? "not at all"), answer "
            + (record.extracted.map { JSONValue.string($0).text } ?? "none")
    }

    package var tokens: (old: Int, new: Int?) {
        (before.measure.usage.totalTokens, after?.measure.usage.totalTokens)
    }

    package var answerChanged: Bool { after.map { $0.extracted != before.extracted } ?? false }
    package var scoreChanged: Bool { after.map { $0.score != before.score } ?? false }

    /// For people.
    package var text: String {
        func short(_ text: String) -> String { text.count > 200 ? String(text.prefix(197)) + "…" : text }
        var text = "item \(item), \(row), repeat \(repeatIndex): "
        text += decision == 0 ? "" : "decision \(decision) "
        text += "was: \(short(old)); now: \(short(new))"
        guard let after else { return text }
        if answerChanged { text += "; answer \(before.extracted ?? "none") → \(after.extracted ?? "none")" }
        if scoreChanged { text += "; score \(Self.number(before.score)) → \(Self.number(after.score))" }
        let tokens = after.measure.usage.totalTokens - before.measure.usage.totalTokens
        if tokens != 0 { text += "; tokens \(tokens > 0 ? "+" : "−")\(abs(tokens))" }
        return text
    }

    private static func number(_ value: Double?) -> String { value.map { JSONValue.double($0).text } ?? "none" }

    package var json: JSONValue {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
        return .object([
            .init("item", .integer(item)), .init("item_id", .string(itemID)), .init("row", .string(row)),
            .init("repeat", .integer(repeatIndex)), .init("decision", .integer(decision)), .init("old", .string(old)),
            .init("new", .string(new)), .init("recorded", .bool(after != nil)),
            .init("answer", .object([.init("old", text(before.extracted)), .init("new", text(after?.extracted))])),
            .init("score", .object([.init("old", number(before.score)), .init("new", number(after?.score))])),
            .init(
                "tokens",
                .object([
                    .init("old", .integer(tokens.old)), .init("new", tokens.new.map { .integer($0) } ?? .null),
                ])),
        ])
    }
}

/// What came of all sessions.
package struct DecisionSummary {
    package private(set) var sessions = 0
    package private(set) var changed = 0
    package private(set) var answers = 0
    package private(set) var scores = 0
    /// Sessions that asked for what the run did not record.
    package private(set) var missed = 0
    /// Sessions that fail now.
    package private(set) var failed = 0
    /// Sessions that decided the same, and whose completions were cancelled in time now and not then, or then and not
    /// now: no change of decisions.
    package private(set) var cancelledOtherwise = 0
    /// Of the sessions that were played to their end.
    package private(set) var tokensBefore = 0
    package private(set) var tokensAfter = 0
    /// Sessions that failed in the run.
    package var leftOut = 0

    mutating func count(
        _ before: SessionRecord, _ again: Result<SessionRecord, RecordedMiss>, _ change: DecisionChange?
    ) {
        sessions += 1
        if let change {
            changed += 1
            if change.answerChanged { answers += 1 }
            if change.scoreChanged { scores += 1 }
        }
        guard case .success(let after) = again else {
            missed += 1
            return
        }
        if after.error != nil { failed += 1 }
        if change == nil, DecisionChange.cancels(before, after) { cancelledOtherwise += 1 }
        tokensBefore += before.measure.usage.totalTokens
        tokensAfter += after.measure.usage.totalTokens
    }

    /// For people, a line.
    package var text: String {
        let difference = tokensAfter - tokensBefore
        var text = "\(sessions) sessions played again: \(changed) changed (\(answers) answers, \(scores) scores)"
        text += ", tokens \(difference > 0 ? "+" : difference < 0 ? "−" : "±")\(abs(difference))"
        if missed > 0 { text += ", \(missed) asked for what the run did not record" }
        if cancelledOtherwise > 0 {
            text += ", \(cancelledOtherwise) with cancels that took effect at another moment"
        }
        if failed > 0 { text += ", \(failed) fail" }
        if leftOut > 0 { text += "; \(leftOut) that failed in the run were left out" }
        return text
    }

    package func json(_ run: String, _ file: String, _ changes: [DecisionChange]) -> JSONValue {
        .object([
            .init("evalh_plugin_replay", .integer(1)), .init("run", .string(run)), .init("file", .string(file)),
            .init("sessions", .integer(sessions)), .init("changed", .integer(changed)),
            .init("answers_changed", .integer(answers)), .init("scores_changed", .integer(scores)),
            .init("not_recorded", .integer(missed)), .init("failed", .integer(failed)),
            .init("cancelled_otherwise", .integer(cancelledOtherwise)), .init("left_out", .integer(leftOut)),
            .init("tokens_before", .integer(tokensBefore)),
            .init("tokens_after", .integer(tokensAfter)), .init("changes", .array(changes.map(\.json))),
        ])
    }
}
