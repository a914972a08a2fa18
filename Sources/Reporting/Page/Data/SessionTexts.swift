internal import Completions
internal import Foundation
internal import JSON
internal import Journal

/// Texts of sessions as the page's script reads them: `[[item, input, target, [session, ...]], ...]`.
struct SessionTexts {
    /// Bytes at which a chunk ends.
    static let chunk = 384 << 10
    static let maxInput = 16 << 10
    static let maxDraws = 200
    private static let maxNotes = 40
    private static let maxNote = 1200

    private(set) var json = JSONWriter(escapes: .markup)

    /// Writes an item and those of its sessions that were chosen.
    mutating func add(_ item: JournalItem, _ sessions: [(ordinal: Int, session: PendingSession, limit: Int)]) {
        json.array { json in
            json.add(item.ordinal)
            CutText(item.input, limit: Self.maxInput).write(to: &json)
            CutText(item.target, limit: 2048).write(to: &json)
            json.array { json in
                for entry in sessions { Self.write(entry.session, entry.ordinal, entry.limit, to: &json) }
            }
        }
    }

    /// An array of what was added, as text; begins anew.
    mutating func take() -> Data {
        defer { json.removeAll() }
        return Data([UInt8(ascii: "[")] + json.bytes + [UInt8(ascii: "]")])
    }

    /// In the order that `texts` in the script takes them apart.
    private static func write(_ session: PendingSession, _ ordinal: Int, _ limit: Int, to json: inout JSONWriter) {
        let record = session.record
        let usage = record.measure.usage
        json.array { json in
            json.add(ordinal)
            if let answer = session.answer { answer.cut(limit).write(to: &json) } else { json.null() }
            json.add(record.extracted.map { CutText.short($0, 400) })
            json.number(record.strictScore)
            json.array { json in
                if let error = record.error {
                    json.add(CutText.short(error.kind.rawValue, 80))
                    json.add(CutText.short(error.message, 2000))
                }
            }
            json.array { json in
                for count in [
                    usage.requests, usage.promptTokens, usage.cachedPromptTokens, usage.completionTokens,
                    usage.reasoningTokens,
                    usage.cancelledTokens,
                ] { json.add(count) }
            }
            json.array { json in
                for value in [record.measure.usd, record.measure.firstTokenSeconds, record.confidence] {
                    json.number(value)
                }
            }
            json.array { json in
                for draw in record.draws.prefix(maxDraws) { write(draw, to: &json) }
            }
            json.array { json in
                for candidate in record.log.candidates.prefix(maxNotes) {
                    json.array { json in
                        json.add(CutText.short(candidate.candidate, 400))
                        json.number(candidate.weight)
                        json.add(CutText.short(candidate.evidence, 400))
                    }
                }
            }
            json.array { json in
                for note in record.log.notes.prefix(maxNotes) {
                    json.array { json in for part in note.prefix(8) { json.add(CutText.short(part, maxNote)) } }
                }
            }
        }
    }

    private static func write(_ draw: SessionDraw, to json: inout JSONWriter) {
        json.array { json in
            json.add(CutText.short(draw.model, 80))
            json.add(draw.sample)
            json.add(draw.finish.rawValue)
            json.add(draw.promptTokens)
            json.add(draw.completionTokens)
            json.number(draw.seconds)
            json.number(draw.askedAt)
            json.add(draw.cancelledAt)
        }
    }
}

/// A session that waits for the end of its item, its answer cut already.
struct PendingSession {
    let row: Int
    let record: SessionRecord
    let answer: CutText?

    init(_ record: SessionRecord, row: Int) {
        self.row = row
        answer = record.answer.map { CutText($0, limit: TextBudget.maxAnswer) }
        var rest = record
        rest.answer = nil
        self.record = rest
    }

    var isRight: Bool? { record.score.map { $0 > 0.5 } }

    var gradesDiffer: Bool { record.strictScore.map { $0 != record.score } ?? false }

    func interest(itemHasFlips: Bool) -> TextBudget.Interest {
        if record.error != nil { return .error }
        if gradesDiffer { return .gradesDiffer }
        if record.finish == .length { return .cutOff }
        return itemHasFlips ? .flip : .none
    }
}
