internal import PluginHost
internal import SuiteModel

/// What suites may name here: the catalog's plugins and graders, and the built-in metric.
struct HostVocabulary: SuiteVocabulary {
    let catalog: PluginCatalog
    let locations: [PluginLocation]

    var strategyIDs: [String] { catalog.vocabulary.entries(of: .strategy).map(\.id) }
    var graderIDs: [String] { catalog.vocabulary.entries(of: .grader).map(\.id) }
    var metricIDs: [String] { ["accuracy"] + catalog.vocabulary.entries(of: .metric).map(\.id) }
    var searchedPaths: [String] { locations.map(\.path) }
    var unavailableProviders: [ModelSpec.Provider: String] { [:] }

    func strategy(_ id: String) -> SuiteModel.PluginVocabulary? { entry(.strategy, id) }

    func problem(ofStrategy id: String, parametersJSON: String) -> String? {
        // What cannot be opened is told where it is used.
        (try? catalog.strategy(id))?.problem(parametersJSON: parametersJSON)
    }

    func grader(_ id: String) -> SuiteModel.PluginVocabulary? { entry(.grader, id) }

    func metric(_ id: String) -> SuiteModel.PluginVocabulary? {
        id == "accuracy" ? SuiteModel.PluginVocabulary(id: id) : entry(.metric, id)
    }

    var allocatorIDs: [String] { catalog.vocabulary.entries(of: .allocator).map(\.id) }
    func allocator(_ id: String) -> SuiteModel.PluginVocabulary? { entry(.allocator, id) }

    var serviceIDs: [String] { catalog.vocabulary.entries(of: .service).map(\.id) }
    func service(_ id: String) -> SuiteModel.PluginVocabulary? { entry(.service, id) }

    private func entry(_ kind: PluginKind, _ id: String) -> SuiteModel.PluginVocabulary? {
        catalog.vocabulary.entry(kind, id).map {
            SuiteModel.PluginVocabulary(
                id: $0.id, parametersSchema: $0.parametersSchema ?? "", outputs: $0.outputs,
                needsLevels: $0.needs.contains(.levels), readsTarget: !$0.needs.contains(.noTarget))
        }
    }
}
