internal import Completions
internal import Files
internal import Foundation
internal import JSON
internal import PluginHost
package import Reporting
package import SuiteModel

/// `suite.lock.json`: what a run was made with, without secrets.
enum LockFile {
    /// Writes it unless it is there: a run that is resumed was made with what it began with.
    /// - Parameter items: how many there are.
    static func write(
        _ opened: OpenedSuite, _ record: RunRecord, _ description: RunDescription, items: Int, to folder: RunFolder
    ) throws {
        let path = folder.path + "/suite.lock.json"
        guard !FileManager.default.fileExists(atPath: path) else { return }
        struct Lock: Encodable {
            enum CodingKeys: String, CodingKey {
                case schema, tool, suite, dataset, plugins, isolation, models
                case suiteFile = "suite_file"
            }

            var schema = "evalh.lock/1"
            var tool: String
            var suite: JSONValue
            var suiteFile: String
            var dataset: [String: String]
            var plugins: [PluginInfo]
            /// By use; `nil`: all plugins run in evalh's own process.
            var isolation: [String: String]?
            var models: [String: String]
        }
        let suite = opened.suite
        let plugins = PluginUse.all(in: suite).compactMap { opened.catalog.info($0.kind, $0.name) }
            .map { (try? opened.catalog.hashed($0)) ?? $0 }
        let lock = Lock(
            tool: "evalh \(record.tool)", suite: JSONValue(parsingOrNull: opened.suite.resolvedJSON()),
            suiteFile: record.suiteFile,
            dataset: [
                "items_sha256": description.provenance["dataset_items_sha256"] ?? "",
                "file_sha256": description.datasetDigest, "count": String(items),
            ],
            plugins: plugins, isolation: opened.isolation.isEmpty ? nil : opened.isolation,
            models: record.fingerprints)
        let text = try JSONValue(encoding: lock).sorted.indentedText(colon: " : ")
        try WholeFile.write(text.utf8, to: path)
    }
}

extension OpenedSuite {
    /// How far each use of a plugin is kept from the run, where it is at all.
    var isolation: [String: String] {
        var uses: [String: Isolation] = [:]
        for arm in suite.arms { uses["arm \(arm.id)"] = plugins.isolation(.strategy, arm.strategy, arm.isolation) }
        uses["grader"] = plugins.isolation(.grader, suite.grader.use, suite.grader.isolation)
        for metric in suite.metrics {
            uses["metric \(metric.label ?? metric.use)"] = plugins.isolation(.metric, metric.use, metric.isolation)
        }
        if let allocator = suite.allocator {
            uses["allocator"] = plugins.isolation(.allocator, allocator.use, allocator.isolation)
        }
        return uses.filter { $0.value != .inProcess }.mapValues(\.rawValue)
    }

    /// Version of each plugin that decides results.
    package var pluginVersions: [String: String] {
        var versions: [String: String] = [:]
        for arm in suite.arms { versions[arm.strategy] = catalog.info(.strategy, arm.strategy)?.version }
        if let info = catalog.info(.grader, suite.grader.use) { versions[suite.grader.use] = info.version }
        for use in suite.services.compactMap(\.use) { versions[use] = catalog.info(.service, use)?.version }
        if let use = suite.allocator?.use { versions[use] = catalog.info(.allocator, use)?.version }
        return versions
    }

    /// SHA-256 of the files of those plugins that evalh does not bring along.
    var pluginHashes: [String: String] {
        var hashes: [String: String] = [:]
        for use in PluginUse.all(in: suite) where use.kind != .metric {
            guard let info = catalog.info(use.kind, use.name), !catalog.isShipped(info) else { continue }
            hashes[use.name] = (try? catalog.hashed(info))?.sha256
        }
        return hashes
    }
}

extension RunDescription {
    init(
        _ opened: OpenedSuite, _ folder: RunFolder, _ digest: DatasetDigest, shard: (index: Int, count: Int),
        tool: String
    ) {
        let suite = opened.suite
        let items = max(0, (digest.count - shard.index + shard.count - 1) / shard.count)
        let arms = suite.arms.map { arm in
            RunDescription.Arm(
                id: arm.id, strategy: arm.strategy, model: suite.model(arm.role)?.model ?? arm.role,
                levels: arm.levels.isEmpty
                    ? [.init(index: -1, parametersJSON: arm.parametersJSON, levelJSON: "")]
                    : arm.levels.map {
                        .init(index: $0.index, parametersJSON: $0.parametersJSON, levelJSON: $0.levelJSON)
                    },
                isOracle: opened.catalog.info(.strategy, arm.strategy)?.needs.contains(.oracle) == true)
        }
        var provenance = [
            "tool": tool, "started": Date().ISO8601Format(), "seed": String(suite.seed),
            "dataset_items_sha256": digest.items,
        ]
        if let unit = suite.costUnit { provenance["cost_unit"] = unit }
        for (use, isolation) in opened.isolation { provenance["isolation.\(use)"] = isolation }
        for (id, version) in opened.pluginVersions { provenance["plugin.\(id)"] = version }
        if shard.count > 1 { provenance["shard"] = "\(shard.index + 1)/\(shard.count)" }
        self.init(
            suite: suite.name, runID: folder.runID, datasetName: suite.dataset.name, datasetDigest: digest.file,
            itemCount: items,
            repeats: suite.repeats, sessionsPlanned: items * suite.repeats * arms.reduce(0) { $0 + $1.levels.count },
            arms: arms,
            gates: suite.gates.map(\.text), provenance: provenance,
            metrics: suite.metrics.filter { $0.use != MetricSpec.builtIn }.map {
                let isolation = opened.plugins.isolation(.metric, $0.use, $0.isolation)
                return .init(
                    id: $0.use, name: $0.label, over: $0.over, parametersJSON: $0.parametersJSON,
                    isolation: isolation == .inProcess ? nil : isolation)
            },
            plugins: suite.plugins, seed: suite.seed,
            grader: nil, fields: suite.reportFields)
        take(suite)
        let isolation = opened.plugins.isolation(
            .grader, grader?.id ?? "", suite.judge == nil ? suite.grader.isolation : nil)
        if isolation != .inProcess { grader?.isolation = isolation }
    }

    /// Notes by whom answers are graded.
    package mutating func take(_ suite: Suite) {
        provenance["grader"] = suite.grader.use
        grader = .init(id: suite.grader.use, parametersJSON: suite.grader.parametersJSON)
        judge = nil
        guard let spec = suite.judge else { return }
        // Answers are the same if those say so who find them.
        grader = spec.answers.map { .init(id: $0, parametersJSON: "{}") }
        judge = .init(spec)
    }
}

extension RunDescription.Judge {
    fileprivate init(_ spec: JudgeSpec) {
        let template =
            switch spec.template {
            case .correctness: "correctness"
            case .pairwise: "pairwise"
            case .own: "own template"
            }
        self.init(
            role: spec.role, second: spec.second, template: template, form: spec.form.rawValue,
            counting: spec.noVerdict.rawValue, isPairwise: spec.isPairwise)
    }
}
