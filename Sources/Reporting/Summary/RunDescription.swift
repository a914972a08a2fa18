package import Completions

/// What a report needs to know of a run beside its sessions: kept in the journal as JSON, so that a report can be made
/// from the journal alone.
package struct RunDescription: Codable, Sendable {
    package struct Level: Codable, Hashable, Sendable {
        package var index: Int
        package var parametersJSON: String
        package var levelJSON: String

        package init(index: Int, parametersJSON: String, levelJSON: String) {
            self.index = index
            self.parametersJSON = parametersJSON
            self.levelJSON = levelJSON
        }
    }

    package struct Arm: Codable, Hashable, Sendable {
        package var id: String
        package var strategy: String
        package var model: String
        package var levels: [Level]
        /// Its strategy is shown how answers were graded.
        package var isOracle: Bool

        package init(id: String, strategy: String, model: String, levels: [Level], isOracle: Bool = false) {
            self.id = id
            self.strategy = strategy
            self.model = model
            self.levels = levels
            self.isOracle = isOracle
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(String.self, forKey: .id)
            strategy = try container.decode(String.self, forKey: .strategy)
            model = try container.decode(String.self, forKey: .model)
            levels = try container.decode([Level].self, forKey: .levels)
            // Journals from before oracles were marked do not say.
            isOracle = try container.decodeIfPresent(Bool.self, forKey: .isOracle) ?? false
        }
    }

    /// A metric plugin to compute.
    package struct MetricUse: Codable, Hashable, Sendable {
        package var id: String
        /// The suite's own name for its numbers; `nil`: none, as in runs from before names counted.
        package var name: String?
        /// The arm it is about; `nil`: all.
        package var over: String?
        package var parametersJSON: String
        /// How far it is kept from the run; `nil`: not at all.
        package var isolation: Isolation?

        package init(
            id: String, name: String? = nil, over: String?, parametersJSON: String, isolation: Isolation? = nil
        ) {
            self.id = id
            self.name = name
            self.over = over
            self.parametersJSON = parametersJSON
            self.isolation = isolation
        }
    }

    /// The grader, by whose equality answers are counted.
    package struct GraderUse: Codable, Hashable, Sendable {
        package var id: String
        package var parametersJSON: String
        /// How far it is kept from the run; `nil`: not at all.
        package var isolation: Isolation?

        package init(id: String, parametersJSON: String, isolation: Isolation? = nil) {
            self.id = id
            self.parametersJSON = parametersJSON
            self.isolation = isolation
        }
    }

    /// The models that judge answers, where the grader is one that asks them.
    package struct Judge: Codable, Hashable, Sendable {
        package var role: String
        package var second: String?
        package var template: String
        package var form: String
        package var counting: String
        package var isPairwise: Bool

        package init(
            role: String, second: String?, template: String, form: String, counting: String, isPairwise: Bool
        ) {
            self.role = role
            self.second = second
            self.template = template
            self.form = form
            self.counting = counting
            self.isPairwise = isPairwise
        }
    }

    /// An arm that the run went on without.
    package struct LeftOut: Codable, Hashable, Sendable {
        package var arm: String
        package var reason: String
        /// Its plugin's fault, and not a wish.
        package var isFault: Bool

        package init(arm: String, reason: String, isFault: Bool) {
            self.arm = arm
            self.reason = reason
            self.isFault = isFault
        }
    }

    package var suite: String
    package var runID: String
    package var datasetName: String
    package var datasetDigest: String
    package var itemCount: Int
    package var repeats: Int
    package var sessionsPlanned: Int
    package var arms: [Arm]
    package var gates: [String]
    package var provenance: [String: String]
    /// Beside the built-in ones.
    package var metrics: [MetricUse]
    /// Folders and files where the suite has plugins.
    package var plugins: [String]
    package var seed: UInt64
    /// `nil`: the run is older than this member, and equal texts are equal answers.
    package var grader: GraderUse?
    /// Fields of the items by whose values results are shown.
    package var fields: [String]
    /// Rows of the data set that ask the same.
    package var repeated: RepeatedQuestions
    /// `nil`: no model judges.
    package var judge: Judge?
    /// As of the last time that the run was gone on with.
    package var leftOut: [LeftOut] = []

    package init(
        suite: String, runID: String, datasetName: String, datasetDigest: String, itemCount: Int, repeats: Int,
        sessionsPlanned: Int,
        arms: [Arm], gates: [String], provenance: [String: String], metrics: [MetricUse] = [], plugins: [String] = [],
        seed: UInt64 = 0, grader: GraderUse? = nil, fields: [String] = [],
        repeated: RepeatedQuestions = RepeatedQuestions(), judge: Judge? = nil
    ) {
        self.suite = suite
        self.runID = runID
        self.datasetName = datasetName
        self.datasetDigest = datasetDigest
        self.itemCount = itemCount
        self.repeats = repeats
        self.sessionsPlanned = sessionsPlanned
        self.arms = arms
        self.gates = gates
        self.provenance = provenance
        self.metrics = metrics
        self.plugins = plugins
        self.seed = seed
        self.grader = grader
        self.fields = fields
        self.repeated = repeated
        self.judge = judge
    }
}

extension RunDescription {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            suite: try container.decode(String.self, forKey: .suite),
            runID: try container.decode(String.self, forKey: .runID),
            datasetName: try container.decode(String.self, forKey: .datasetName),
            datasetDigest: try container.decode(String.self, forKey: .datasetDigest),
            itemCount: try container.decode(Int.self, forKey: .itemCount),
            repeats: try container.decode(Int.self, forKey: .repeats),
            sessionsPlanned: try container.decode(Int.self, forKey: .sessionsPlanned),
            arms: try container.decode([Arm].self, forKey: .arms),
            gates: try container.decode([String].self, forKey: .gates),
            provenance: try container.decode([String: String].self, forKey: .provenance),
            // Descriptions from before metrics were computed do not name any.
            metrics: try container.decodeIfPresent([MetricUse].self, forKey: .metrics) ?? [],
            plugins: try container.decodeIfPresent([String].self, forKey: .plugins) ?? [],
            seed: try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0,
            grader: try container.decodeIfPresent(GraderUse.self, forKey: .grader),
            fields: try container.decodeIfPresent([String].self, forKey: .fields) ?? [],
            // From before repeated questions were looked for: each row counts as one.
            repeated: try container.decodeIfPresent(RepeatedQuestions.self, forKey: .repeated) ?? RepeatedQuestions(),
            judge: try container.decodeIfPresent(Judge.self, forKey: .judge))
        leftOut = try container.decodeIfPresent([LeftOut].self, forKey: .leftOut) ?? []
    }
}
