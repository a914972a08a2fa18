internal import Completions
internal import Foundation
internal import Measurement

extension Baseline {
    /// Reads and checks a baseline.
    /// - Throws: `BaselineError` with the place of the first mistake.
    package static func read(_ path: String) throws(BaselineError) -> ComparedRun {
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard attributes?[.type] as? FileAttributeType == .typeRegular, let size = attributes?[.size] as? Int else {
            throw BaselineError(path: path, place: "", message: "this is no file, or it may not be read")
        }
        guard size <= Limits.bytes, let data = FileManager.default.contents(atPath: file) else {
            throw BaselineError(
                path: path, place: "", message: "\(size) bytes are more than the \(Limits.bytes) that are read")
        }
        return try decode(data, path: path)
    }

    static func decode(_ data: Data, path: String) throws(BaselineError) -> ComparedRun {
        do {
            let file = try JSONDecoder().decode(BaselineFile.self, from: data)
            return try file.run(path)
        } catch let error as BaselineError {
            throw error
        } catch let error as DecodingError {
            throw BaselineError(path: path, place: error.place, message: error.message)
        } catch {
            throw BaselineError(path: path, place: "", message: "\(error)")
        }
    }
}

/// The file as it is written.
private struct BaselineFile: Decodable {
    /// An id and a cell a row.
    struct Item: Decodable {
        var id: String
        var cells: [BaselineCell?] = []

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            id = try container.decode(String.self)
            while !container.isAtEnd { cells.append(try container.decodeIfPresent(BaselineCell.self)) }
        }
    }

    var suite: String
    var runID: String
    var created: String
    var dataset: RunSummary.Dataset
    var provenance: [String: String]
    var rows: [BaselineRow]
    /// What cells hold after their counts.
    var numbers: [SessionNumber]
    var items: [Item]

    enum CodingKeys: String, CodingKey {
        case schema, suite, created, dataset, provenance, rows, cell, items
        case runID = "run_id"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // First what says whether the rest can be understood.
        let schema = try container.decode(String.self, forKey: .schema)
        guard schema == Baseline.schemaID else {
            throw DecodingError.dataCorruptedError(
                forKey: .schema, in: container,
                debugDescription: "the format is \(SafeText.short(schema, 40)); this evalh reads \(Baseline.schemaID)")
        }
        let keys = try container.decode([String].self, forKey: .cell)
        numbers = keys.dropFirst(Baseline.countKeys.count).compactMap(SessionNumber.init)
        guard keys == Baseline.countKeys + numbers.map(\.rawValue), Set(numbers).count == numbers.count else {
            let known = (Baseline.countKeys + SessionNumber.allCases.map(\.rawValue)).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: .cell, in: container, debugDescription: "cells hold some of \(known), in this order")
        }
        suite = try container.decode(String.self, forKey: .suite)
        runID = try container.decode(String.self, forKey: .runID)
        created = try container.decode(String.self, forKey: .created)
        dataset = try container.decode(RunSummary.Dataset.self, forKey: .dataset)
        provenance = try container.decode([String: String].self, forKey: .provenance)
        rows = try container.decode([BaselineRow].self, forKey: .rows)
        items = try container.decode([Item].self, forKey: .items)
    }

    /// The run, if all of it makes sense together.
    func run(_ path: String) throws(BaselineError) -> ComparedRun {
        func refuse(_ place: String, _ message: String) -> BaselineError {
            BaselineError(path: path, place: place, message: message)
        }
        typealias Limits = Baseline.Limits
        guard rows.count <= Limits.rows, !rows.isEmpty else {
            throw refuse("rows", "1 to \(Limits.rows) are read, not \(rows.count)")
        }
        guard items.count <= Limits.items else {
            throw refuse("items", "at most \(Limits.items) are read, not \(items.count)")
        }
        guard provenance.count <= Limits.provenance else {
            throw refuse("provenance", "at most \(Limits.provenance) entries are read")
        }
        let texts =
            [suite, runID, created, dataset.name, dataset.sha256] + provenance.flatMap { [$0.key, $0.value] }
            + rows.flatMap { [$0.arm, $0.level, $0.strategy, $0.model] }
        guard texts.allSatisfy({ $0.utf8.count <= Limits.text }) else {
            throw refuse("", "a text is longer than \(Limits.text) bytes")
        }
        var names: Set<String> = []
        for (index, row) in rows.enumerated() {
            let name = row.row([]).name
            guard names.insert(name).inserted else {
                throw refuse("rows[\(index)]", "the row \(SafeText.short(name, 80)) is there twice")
            }
        }
        try check(items, refuse)
        var columns: [ItemRow] = []
        for (index, row) in rows.enumerated() {
            var cells: [ItemCell?] = []
            for (place, item) in items.enumerated() {
                do throws(BaselineCell.Mistake) {
                    cells.append(try item.cells[index]?.cell(numbers))
                } catch {
                    throw refuse("items[\(place)][\(index + 1)]", error.message)
                }
            }
            columns.append(row.row(cells))
        }
        return ComparedRun(
            suite: suite, runID: runID, created: created, dataset: dataset, provenance: provenance,
            table: ItemTable(ids: items.map(\.id), rows: columns))
    }

    private func check(_ items: [Item], _ refuse: (String, String) -> BaselineError) throws(BaselineError) {
        typealias Limits = Baseline.Limits
        for (index, item) in items.enumerated() {
            let place = "items[\(index)]"
            guard !item.id.isEmpty, item.id.utf8.count <= Limits.text else {
                throw refuse(place, "an id has 1 to \(Limits.text) bytes")
            }
            if index > 0, !items[index - 1].id.utf8.lexicographicallyPrecedes(item.id.utf8) {
                throw refuse(place, "items are in the order of their ids, each once")
            }
            guard item.cells.count == rows.count else {
                throw refuse(place, "\(item.cells.count) cells for \(rows.count) rows")
            }
        }
    }
}

/// A cell as it is written: its counts, then numbers that only the file's head names.
private struct BaselineCell: Decodable {
    struct Mistake: Error {
        var message: String
    }

    private let sessions: Int
    private let scoreSum: Double
    private var costs: [Double?] = []

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        sessions = try container.decode(Int.self)
        guard (1...1_000_000).contains(sessions) else {
            throw Self.mistake("sessions are 1 to 1 000 000, not \(sessions)", container)
        }
        scoreSum = try container.decode(Double.self)
        guard (0...Double(sessions)).contains(scoreSum) else {
            throw Self.mistake("a sum of \(sessions) scores is within 0 and \(sessions), not \(scoreSum)", container)
        }
        while !container.isAtEnd, costs.count < SessionNumber.allCases.count {
            let value = try container.decodeIfPresent(Double.self)
            if let value, !(0...1e30).contains(value) {
                throw Self.mistake("a cost is 0 or more, not \(value)", container)
            }
            costs.append(value)
        }
        if !container.isAtEnd { throw Self.mistake("a cell has too many numbers", container) }
    }

    func cell(_ numbers: [SessionNumber]) throws(Mistake) -> ItemCell {
        guard costs.count == numbers.count else {
            throw Mistake(message: "a cell has \(Baseline.countKeys.count + numbers.count) numbers")
        }
        var means = SessionMeans()
        for (number, value) in zip(numbers, costs) {
            guard value != nil || number.mayBeUnknown else { throw Mistake(message: "a number is missing") }
            means[number] = value
        }
        return ItemCell(sessions: sessions, scoreSum: scoreSum, means: means)
    }

    private static func mistake(_ message: String, _ container: any UnkeyedDecodingContainer) -> DecodingError {
        .dataCorrupted(.init(codingPath: container.codingPath, debugDescription: message))
    }
}

extension DecodingError {
    private var context: Context? {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context
        @unknown default: nil
        }
    }

    /// Such as `items[12][3]`.
    fileprivate var place: String {
        (context?.codingPath ?? []).reduce("") { path, key in
            if let index = key.intValue { return path + "[\(index)]" }
            return path + (path.isEmpty ? "" : ".") + SafeText.short(key.stringValue, 80)
        }
    }

    fileprivate var message: String {
        if case .keyNotFound(let key, _) = self { return "the key \(key.stringValue) is missing" }
        return context?.debugDescription ?? "not a baseline"
    }
}
