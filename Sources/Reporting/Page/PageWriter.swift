internal import Completions
internal import Files
internal import Foundation
internal import JSON
package import Journal

/// Writes `report.html` while the sessions pass by: their chunks as they fill, the rest when the summary is known. It
/// holds one item's sessions and one chunk of each kind.
package final class PageWriter {
    private let path: String
    private let spool: ChunkSpool
    private let rows: RunRows
    private let previewLength: Int
    private let isLive: Bool
    private var columns = SessionColumns()
    private var texts = SessionTexts()
    private var names = JSONWriter(escapes: .markup)
    private var budget: TextBudget
    private var finishes = CodeTable()
    private var stops = CodeTable()
    private var stages = CodeTable()
    private var item: JournalItem?
    private var pending: [PendingSession] = []
    private var sessions = 0
    private var sessionsWithText = 0
    private var firstText: Int?
    private var lastText = 0
    private var firstName: Int?
    private var lastName = 0
    private var indexFrom = 0

    /// - Parameters:
    ///   - sessions: how many will be added; an estimate will do.
    ///   - isLive: the page is served, and asks its server how the run goes.
    package init(_ path: String, _ description: RunDescription, sessions: Int, isLive: Bool = false) throws {
        self.path = path
        self.isLive = isLive
        spool = try ChunkSpool(besides: path)
        budget = TextBudget(sessions: sessions)
        previewLength = description.itemCount <= 20_000 ? 120 : 48
        rows = RunRows(description)
    }

    /// Sessions must come item by item, as the journal gives them. Those of arms that the description lacks are passed
    /// over.
    package func add(_ record: SessionRecord, _ item: JournalItem) throws {
        guard let row = rows[record.key] else { return }
        if let current = self.item, current.ordinal != item.ordinal { try endItem() }
        if self.item == nil { self.item = item }
        pending.append(PendingSession(record, row: row.index))
    }

    /// Writes the page.
    /// - Parameter summary: of the same sessions, its arms in the order of the description's arms and levels.
    package func finish(_ summary: RunSummary) throws {
        try endItem()
        try writeIndex()
        try writeTexts()
        try writeNames()
        let contents = PageContents(
            sessions: sessions, sessionsWithText: sessionsWithText, finishes: finishes.words, stops: stops.words,
            stages: stages.words)
        let page = try WholeFile(path)
        try page.write(ReportPage.beginning(summary, contents, isLive: isLive))
        try spool.move(to: page)
        try page.write(ReportPage.end)
        try page.finish()
    }

    private func endItem() throws {
        guard let item else { return }
        budget.earn(sessions: pending.count)
        let results = Set(pending.compactMap(\.isRight))
        var chosen: [(ordinal: Int, session: PendingSession, limit: Int)] = []
        for (place, session) in pending.enumerated() {
            let limit = budget.limit(session.interest(itemHasFlips: results.count > 1))
            if let limit { chosen.append((sessions + place, session, limit)) }
            columns.append(entry(session, item, hasText: limit != nil))
            if columns.count == SessionColumns.chunk { try writeIndex(upTo: sessions + place) }
        }
        if !chosen.isEmpty {
            let before = texts.json.bytes.count
            texts.add(item, chosen)
            budget.spend(bytes: texts.json.bytes.count - before)
            firstText = firstText ?? chosen[0].ordinal
            lastText = chosen[chosen.count - 1].ordinal
            sessionsWithText += chosen.count
            if texts.json.bytes.count >= SessionTexts.chunk { try writeTexts() }
        }
        sessions += pending.count
        addName(item)
        if names.bytes.count >= SessionTexts.chunk { try writeNames() }
        pending.removeAll(keepingCapacity: true)
        self.item = nil
    }

    private func entry(_ session: PendingSession, _ item: JournalItem, hasText: Bool) -> SessionColumns.Entry {
        let record = session.record
        var flags: SessionColumns.Flags = hasText ? .hasText : []
        if record.error != nil { flags.insert(.error) }
        if session.gradesDiffer { flags.insert(.gradesDiffer) }
        if record.finish == .length { flags.insert(.cutOff) }
        return SessionColumns.Entry(
            item: item.ordinal, row: session.row, repeatIndex: record.key.repeatIndex,
            tokens: record.measure.usage.completionTokens, seconds: record.measure.criticalPathSeconds,
            score: record.score ?? .nan, samples: record.measure.samples,
            finish: finishes.code(record.finish.rawValue),
            stop: stops.code(record.error?.kind.rawValue ?? record.stopReason),
            stage: stages.code(record.error == nil ? record.stage : "error"), flags: flags)
    }

    private func addName(_ item: JournalItem) {
        names.array { json in
            json.add(item.ordinal)
            json.add(CutText.short(item.id, 120))
            json.add(CutText(item.input, limit: 2 * previewLength).head)
        }
        firstName = firstName ?? item.ordinal
        lastName = item.ordinal
    }

    private func writeIndex(upTo last: Int? = nil) throws {
        guard columns.count > 0 else { return }
        let to = last ?? sessions - 1
        _ = try spool.add(columns.take(), kind: "index", indexFrom...to)
        indexFrom = to + 1
    }

    private func writeTexts() throws {
        guard let from = firstText else { return }
        let data = texts.take()
        budget.learn(bytes: data.count, compressed: try spool.add(data, kind: "texts", from...lastText))
        firstText = nil
    }

    private func writeNames() throws {
        guard let from = firstName else { return }
        let data = Data([UInt8(ascii: "[")] + names.bytes + [UInt8(ascii: "]")])
        names.removeAll()
        _ = try spool.add(data, kind: "names", from...lastName)
        firstName = nil
    }
}

/// What the page has of the sessions, beside their chunks.
struct PageContents {
    var sessions = 0
    var sessionsWithText = 0
    var finishes: [String] = []
    var stops: [String] = []
    var stages: [String] = []
}
