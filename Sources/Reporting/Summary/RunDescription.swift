/// What a report needs to know of a run beside its sessions: kept in the journal as JSON, so that a report can be made from the
/// journal alone.
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

    package init(
        suite: String, runID: String, datasetName: String, datasetDigest: String, itemCount: Int, repeats: Int, sessionsPlanned: Int,
        arms: [Arm], gates: [String], provenance: [String: String]
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
    }
}
