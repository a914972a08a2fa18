internal import Files
internal import Foundation
internal import Reporting

/// Writes lm-eval's results and samples, as 0.4.13 does: an arm at a level is a task, its lenient and strict grades are
/// two filters.
final class LMEvalExport: RowExport {
    /// What stays of a task when its samples are written.
    struct Task {
        var name: String
        var documents: Int
        var hash: String
    }

    private let run: ExportedRun
    private let makeFolder: (String) throws -> String
    private let names: [String]
    private var open: [Int: LMEvalSamples] = [:]
    private var tasks: [Int: Task] = [:]

    /// - Parameter makeFolder: gives a model's folder by its name.
    init(_ run: ExportedRun, makeFolder: @escaping (String) throws -> String) {
        self.run = run
        self.makeFolder = makeFolder
        names = Self.taskNames(run)
    }

    func begin(_ rows: Range<Int>) throws {
        for row in rows {
            let folder = try makeFolder(Self.sanitized(model: run.rows[row].arm.model))
            let path = "\(folder)/samples_\(names[row])_\(run.started.fileName).jsonl"
            open[row] = try LMEvalSamples(path, repeats: run.description.repeats)
        }
    }

    func add(_ session: ExportedSession) throws { try open[session.row.index]?.add(session) }

    func end(_ summary: RunSummary) throws -> [String] {
        defer { open.removeAll() }
        return try open.sorted { $0.key < $1.key }.map { row, samples in
            let hash = try samples.finish()
            tasks[row] = Task(name: names[row], documents: samples.documents, hash: hash)
            return samples.path
        }
    }

    /// Writes one results file a model.
    func finish(_ summary: RunSummary) throws -> [String] {
        var seen: Set<String> = []
        return try run.rows.map(\.arm.model).filter { seen.insert(Self.sanitized(model: $0)).inserted }.map { model in
            let rows = run.rows.filter { Self.sanitized(model: $0.arm.model) == Self.sanitized(model: model) }
            let results = LMEvalResults(
                run: run, model: model, rows: rows.compactMap { row in tasks[row.index].map { (row, $0) } },
                summary: summary)
            let path = "\(try makeFolder(Self.sanitized(model: model)))/results_\(run.started.fileName).json"
            let file = try WholeFile(path)
            try file.write(results.json)
            try file.finish()
            return path
        }
    }

    /// A model's folder, by lm-eval's rule: each run of `"<>:/|\?*[]` becomes `__`. Beyond that rule, a name cannot
    /// name the folder above, and is not too long for a file system.
    static func sanitized(model: String) -> String {
        var name = ""
        var isInRun = false
        for scalar in model.unicodeScalars {
            let isBad = "\"<>:/|\\?*[]".unicodeScalars.contains(scalar) || scalar.value < 32
            if !isBad { name.unicodeScalars.append(scalar) } else if !isInRun { name += "__" }
            isInRun = isBad
        }
        if name.utf8.count > 200 { name = FileName.safe(name) + "-" + FileName.digest(model) }
        return ["", ".", ".."].contains(name) ? "__" + name : name
    }

    /// `<suite>_<arm>[_<level>]`, each only once.
    private static func taskNames(_ run: ExportedRun) -> [String] {
        var used: Set<String> = []
        return run.rows.map { row in
            let parts = [run.description.suite, row.arm.id] + (row.hasLevel ? [row.levelValue.label] : [])
            var name = parts.map(FileName.safe).joined(separator: "_")
            if !used.insert(name).inserted {
                name += "-\(row.index)"
                used.insert(name)
            }
            return name
        }
    }
}
