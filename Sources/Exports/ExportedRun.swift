internal import Completions
internal import JSON
internal import Journal
internal import Reporting

/// A run as its exports see it: arms and levels are rows, in the order of `RunSummary.arms`.
struct ExportedRun {
    let description: RunDescription
    private let places: RunRows
    var rows: [RunRow] { places.all }
    let started: RunTime
    /// The models' names by their roles.
    private let models: [String: String]

    init(_ description: RunDescription) {
        self.description = description
        started = RunTime(started: description.provenance["started"], runID: description.runID)
        places = RunRows(description)
        var models: [String: String] = [:]
        for (key, fingerprint) in description.provenance where key.hasPrefix("model.") {
            let fields = fingerprint.split(separator: ";")
            models[String(key.dropFirst(6))] = fields.first { $0.hasPrefix("model=") }.map { String($0.dropFirst(6)) }
        }
        self.models = models
    }

    /// `nil` for sessions of arms that the run does not know.
    func row(_ key: SessionKey) -> RunRow? { places[key] }

    /// The name of the model that has a role; the role where the name is not known.
    func model(role: String) -> String { models[role] ?? role }

    /// Sessions of a row in a complete run.
    var sessionsPerRow: Int { description.itemCount * description.repeats }

    /// Whether a row has all its sessions.
    func isComplete(_ row: RunRow, _ summary: RunSummary) -> Bool {
        summary.status != .incomplete || summary.arms[row.index].sessions >= sessionsPerRow
    }
}

/// An item with what exports make of it, made once for all its sessions.
final class ExportedItem {
    let item: JournalItem
    /// All fields, `null` if they are not JSON.
    private(set) lazy var fields = JSONValue(parsingOrNull: item.fieldsJSON)
    private(set) lazy var fieldsJSON: [UInt8] = {
        var json = JSONWriter()
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
    var row: RunRow
}
