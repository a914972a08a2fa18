internal import EvalhStatistics
internal import JSON
internal import Journal

/// Results by the values of a field of the items, added up while the sessions pass by. Memory is bounded, however many
/// values a field has.
struct FieldTally {
    /// Values that a summary lists: those of the most items.
    static let mostListed = 200
    /// Characters of a value that are kept.
    private static let longestValue = 80
    /// Values times rows that are told apart.
    private static let mostCells = 50_000

    private struct Group {
        var items = 0
        var rows: [ScoreTally]
    }

    let field: String
    private let rows: Int
    /// By value; `nil`: items without the field.
    private var groups: [String?: Group] = [:]
    /// Items of values that came when there was no more room.
    private var unlisted = 0
    private var current: (item: Int, value: String?, isKept: Bool)?

    init(_ field: String, rows: Int) {
        self.field = field
        self.rows = rows
    }

    /// - Parameter fields: the item's, parsed; called once an item.
    mutating func add(_ record: SessionRecord, weight: Double?, _ place: ItemPlace, row: Int, fields: () -> JSONValue) {
        if current?.item != place.item { begin(place.item, fields()) }
        guard let current, current.isKept else { return }
        // In place: a copy of the group for each session would cost as much as the rows.
        groups[current.value]?.rows[row].add(record, weight: weight, place)
    }

    private mutating func begin(_ item: Int, _ fields: JSONValue) {
        let value = Self.value(field, in: fields)
        let isKept = groups[value] != nil || groups.count < max(1, min(1000, Self.mostCells / max(1, rows)))
        current = (item, value, isKept)
        if isKept {
            groups[value, default: Group(rows: Array(repeating: ScoreTally(), count: rows))].items += 1
        } else {
            unlisted += 1
        }
    }

    /// A field's value as text, on one line; `nil`: the item has none. Fields are named as data sets name theirs.
    static func value(_ field: String, in fields: JSONValue) -> String? {
        guard let found = fields.value(at: field), found != .null else { return nil }
        let text = found.elements?.map(\.plainText).joined(separator: ", ") ?? found.plainText
        let line = text.prefix(4 * longestValue).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return SafeText.short(line, longestValue)
    }

    /// - Parameter names: of rows.
    func summary(_ names: [String]) -> RunSummary.FieldResults {
        let ordered = groups.keys.sorted { Self.order($0) < Self.order($1) }
        let places = ordered.indices.sorted { a, b in
            let items = (groups[ordered[a]]?.items ?? 0, groups[ordered[b]]?.items ?? 0)
            return (items.1, a) < (items.0, b)
        }.prefix(Self.mostListed).sorted()
        var others = unlisted + groups.values.reduce(0) { $0 + $1.items }
        let values = places.compactMap { place -> RunSummary.FieldResults.Value? in
            guard let group = groups[ordered[place]] else { return nil }
            others -= group.items
            return RunSummary.FieldResults.Value(
                value: ordered[place], items: group.items,
                arms: group.rows.indices.filter { group.rows[$0].items > 0 }.map {
                    .init(arm: names[$0], tally: group.rows[$0])
                })
        }
        return RunSummary.FieldResults(field: field, values: values, unlisted: others)
    }

    /// Numbers by size, then texts, then what has no value.
    private static func order(_ value: String?) -> (Int, Double, String) {
        guard let value else { return (2, 0, "") }
        if let number = Double(value), number.isFinite { return (0, number, value) }
        return (1, 0, value)
    }
}

/// Where a session belongs when means are taken.
struct ItemPlace {
    /// Ordinal of its row of the data.
    var item: Int
    /// Ordinal of the row that asks its question first.
    var question: Int
    /// Whether several rows ask it.
    var isShared: Bool
}

extension ClusteredMean {
    mutating func add(_ value: Double, _ place: ItemPlace) {
        if place.isShared {
            add(value, cluster: place.question, row: place.item)
        } else {
            add(value, cluster: place.item)
        }
    }
}

/// Accuracy both ways: over the sessions that answered, and with failed ones as wrong.
struct ScoreTally {
    private(set) var items = 0
    private(set) var errors = 0
    private(set) var answered = ClusteredMean()
    private var all = ClusteredMean()
    /// Items were chosen with unequal chances.
    private(set) var isWeighted = false
    private var lastItem: Int?

    /// - Parameter weight: how much its item counts in means; `nil`: not at all.
    mutating func add(_ record: SessionRecord, weight: Double?, _ place: ItemPlace) {
        if lastItem != place.item { items += 1 }
        lastItem = place.item
        let score: Double?
        if record.error == nil {
            score = record.score
        } else {
            errors += 1
            score = nil
        }
        guard let weight, score != nil || record.error != nil else { return }
        if weight != 1 { isWeighted = true }
        if let score { answered.add(weight * score, place) }
        all.add(weight * (score ?? 0), place)
    }

    var accuracy: Estimate? { proportion(answered) }
    var accuracyOfAll: Estimate? { proportion(all) }

    /// A weighted mean may leave [0, 1] a little, as unbiased estimates do: its interval is Student's.
    func proportion(_ mean: ClusteredMean) -> Estimate? { isWeighted ? mean.mean() : mean.proportion() }
}
