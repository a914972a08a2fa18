import Completions
import Engine
import Foundation
import PluginHost

/// The shipped strategies as the host opens them, with parameters that take each through its ways of asking.
enum ShippedStrategies {
    static let catalog: PluginCatalog = {
        let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folders = [
            runner, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
            root.appendingPathComponent(".build/debug"),
        ]
        let files = folders.map { $0.appendingPathComponent("libEvalhPlugins.so").path }
        let file = files.first { FileManager.default.fileExists(atPath: $0) } ?? "libEvalhPlugins.so"
        return PluginCatalog(locations: [PluginLocation(path: file, origin: .environment)])
    }()

    static let all = catalog.plugins.filter { $0.kind == .strategy }

    /// Those not named here are driven with their defaults.
    private static let ways: [String: [String]] = [
        "adaptive-consistency": [#"{"max_samples":6}"#, #"{"rule":"majority","max_samples":5,"batch":2}"#],
        "adaptive-inference-compute": [
            #"{"max_samples":3}"#, #"{"mode":"prune","max_samples":4,"check_tokens":1}"#,
        ],
        "adaptive-temperature": [#"{"samples":3}"#, #"{"samples":4,"agree":3}"#],
        "a2fm-router": ["{}", #"{"mode":"agentic","max_steps":3}"#],
        "atts": ["{}", #"{"chains":3,"calibration":[1.1,2],"calibration_mode":"marginal"}"#],
        "best-of-n": [
            #"{"n":3}"#, #"{"n":3,"by":"logprob"}"#, #"{"n":3,"by":"grader_model"}"#, #"{"n":3,"by":"verifier"}"#,
            #"{"n":2,"by":"steps"}"#, #"{"n":2,"by":"steps","verifier_reads":"number"}"#,
        ],
        "budget-forcing": ["{}", #"{"extensions":2,"end_of_thinking":"</think>"}"#],
        "cascade": [
            #"{"samples":3}"#, #"{"rule":"vote","samples":2}"#, #"{"by":"probability"}"#, #"{"by":"rating"}"#,
            #"{"rule":"verify","samples":2,"second_instruction":"Work it out as a program."}"#,
            #"{"by":"self_verification","checks":2}"#,
        ],
        "ce-collm": ["{}", #"{"theta":2}"#],
        "confidence-vote": [#"{"samples":3}"#, #"{"samples":2,"weight":"uniform"}"#],
        "deepconf": [
            #"{"traces":4,"window":2}"#, #"{"mode":"online","traces":4,"warm_up":2,"window":1}"#,
        ],
        "deer": [#"{"min_gap":1}"#],
        "dsc": [#"{"max_samples":9}"#, #"{"difficulty":"probe","max_samples":12}"#],
        "dynasor": [#"{"probes":3,"every_tokens":1,"max_probes":3}"#],
        "entropy-adaptive": [#"{"max_tokens":8,"chunk_tokens":4}"#],
        "esc": [#"{"window":3,"max_samples":7}"#],
        "q-exit": [#"{"lambda":"agreement","q":0.99,"max_samples":4}"#],
        "router": ["{}", #"{"by":"weak_confidence","probes":3}"#],
        "runaway-guard": ["{}", #"{"min_tokens":0,"min_bytes":4,"repeats":2}"#],
        "self-consistency": [#"{"samples":4}"#, #"{"samples":1}"#],
        "speculative": ["{}", #"{"verify":"score","candidates":1}"#],
        "weighted-best-of-n": [#"{"n":3,"by":"verifier"}"#],
        "zip-rc": [#"{"every_tokens":1}"#, #"{"every_tokens":1,"self_evaluation":true,"max_decisions":3}"#],
    ]

    struct Way: CustomStringConvertible, Sendable {
        var id: String
        var parameters: String
        var description: String { "\(id) \(parameters)" }
        /// What the model says that rates or verifies.
        var rating: String {
            parameters.contains(#""by":"verifier"}"#) || parameters.contains(#""by":"steps"}"#) ? "Yes" : "8"
        }
    }

    /// Those that ask models. Strategies over other arms look at what is there, and `given` asks nobody.
    static let asking = all.filter { !$0.needs.contains(.peers) && $0.id != "given" }.flatMap { info in
        (ways[info.id] ?? ["{}"]).map { Way(id: info.id, parameters: $0) }
    }
}
