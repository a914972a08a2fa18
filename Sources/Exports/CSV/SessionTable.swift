internal import Completions
internal import Files
internal import JSON
internal import Journal

/// `sessions.csv`: one record a session, by item, arm, level and repeat.
final class SessionTable {
    static let header =
        [
            "item", "arm", "level", "repeat", "score", "score_strict", "extraction_stage", "extracted", "finish",
            "stop_reason", "confidence",
        ] + SessionField.counted.map { "\($0.name)" } + ["error_kind", "error_message"]
        + SessionField.modelled.map { "\($0.name)" } + ["service_calls", "numbers"]

    private let path: String
    private let file: WholeFile

    init(_ path: String) throws {
        self.path = path
        file = try WholeFile(path)
        var line = CSVLine()
        for name in Self.header { line.add(name) }
        try file.write(line.end())
    }

    func add(_ session: ExportedSession) throws {
        let record = session.record
        var line = CSVLine()
        line.add(session.item.item.id)
        line.add(session.row.arm.id)
        line.add(session.row.levelValue.label)
        line.add(record.key.repeatIndex)
        line.add(record.score)
        line.add(record.strictScore)
        line.add(record.error == nil ? record.stage : nil)
        line.add(record.extracted)
        line.add(record.finish.rawValue)
        line.add(record.stopReason)
        line.add(record.confidence)
        for field in SessionField.counted { line.add(field.value(record.measure)) }
        line.add(record.error?.kind.rawValue)
        line.add(record.error?.message)
        for field in SessionField.modelled { line.add(field.value(record.measure)) }
        line.add(record.measure.serviceCalls > 0 ? Double(record.measure.serviceCalls) : nil)
        line.add(numbers(record.measure.numbers))
        try file.write(line.end())
    }

    /// What the session's strategy measured, as a JSON object.
    private func numbers(_ numbers: [String: Double]) -> String? {
        guard !numbers.isEmpty else { return nil }
        return JSONValue.object(numbers.sorted { $0.key < $1.key }.map { .init($0.key, .double($0.value)) }).text
    }

    func finish() throws -> String {
        try file.finish()
        return path
    }
}
