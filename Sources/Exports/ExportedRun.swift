internal import Completions
internal import Journal
internal import Reporting

/// A run as its exports see it: arms and levels are rows, in the order of `RunSummary.arms`.
struct ExportedRun {
    /// One arm at one level.
    struct Row {
        var index: Int
        var arm: RunDescription.Arm
        var parameters: JSONValue
        /// The level's own parameters; `null`: the arm has no levels.
        var level: JSONValue

        /// `id` or `id@level`.
        var name: String { level == .null ? arm.id : "\(arm.id)@\(level.label)" }
    }

    let description: RunDescription
    let rows: [Row]
    let started: RunTime
    private let rowOfSlot: [[Int]: Int]
    /// The models' names by their roles.
    private let models: [String: String]

    init(_ description: RunDescription) {
        self.description = description
        started = RunTime(started: description.provenance["started"], runID: description.runID)
        var rows: [Row] = []
        var slots: [[Int]: Int] = [:]
        for (index, arm) in description.arms.enumerated() {
            for level in arm.levels {
                slots[[index, level.index]] = rows.count
                rows.append(
                    Row(
                        index: rows.count, arm: arm, parameters: JSONValue(parsing: level.parametersJSON),
                        level: level.levelJSON.isEmpty ? .null : JSONValue(parsing: level.levelJSON)))
            }
        }
        self.rows = rows
        rowOfSlot = slots
        var models: [String: String] = [:]
        for (key, fingerprint) in description.provenance where key.hasPrefix("model.") {
            let fields = fingerprint.split(separator: ";")
            models[String(key.dropFirst(6))] = fields.first { $0.hasPrefix("model=") }.map { String($0.dropFirst(6)) }
        }
        self.models = models
    }

    /// `nil` for sessions of arms that the run does not know.
    func row(_ key: SessionKey) -> Row? { rowOfSlot[[key.arm, key.level]].map { rows[$0] } }

    /// The name of the model that has a role; the role where the name is not known.
    func model(role: String) -> String { models[role] ?? role }

    /// Sessions of a row in a complete run.
    var sessionsPerRow: Int { description.itemCount * description.repeats }

    /// Whether a row has all its sessions.
    func isComplete(_ row: Row, _ summary: RunSummary) -> Bool {
        summary.status != .incomplete || summary.arms[row.index].sessions >= sessionsPerRow
    }
}

/// An item with what exports make of it, made once for all its sessions.
final class ExportedItem {
    let item: JournalItem
    /// All fields, `null` if they are not JSON.
    private(set) lazy var fields = JSONValue(parsing: item.fieldsJSON)
    private(set) lazy var fieldsJSON: [UInt8] = {
        var json = JSONBytes()
        json.add(fields)
        return json.bytes
    }()
    private(set) lazy var sampleID = InspectID.safe(item.id)

    init(_ item: JournalItem) { self.item = item }
}

/// A session on its way into files.
struct ExportedSession {
    var record: SessionRecord
    var item: ExportedItem
    var row: ExportedRun.Row
}
