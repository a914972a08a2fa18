internal import PluginHost
internal import SuiteModel

/// What suites may name here: the catalog's plugins and graders, and the built-in metric.
struct HostVocabulary: SuiteVocabulary {
    let catalog: PluginCatalog
    let locations: [PluginLocation]

    var strategyIDs: [String] { catalog.vocabulary.ids(of: .strategy) }
    var graderIDs: [String] { catalog.vocabulary.ids(of: .grader) }
    var metricIDs: [String] { [MetricSpec.builtIn] + catalog.vocabulary.ids(of: .metric) }
    var searchedPaths: [String] { locations.map(\.path) }
    var unavailableProviders: [ModelSpec.Provider: String] { [:] }

    func strategy(_ id: String) -> SuiteModel.PluginVocabulary? { entry(.strategy, id) }

    func problem(ofStrategy id: String, parametersJSON: String) -> String? {
        // What cannot be opened is told where it is used.
        (try? catalog.strategy(id))?.problem(parametersJSON: parametersJSON)
    }

    func grader(_ id: String) -> SuiteModel.PluginVocabulary? { entry(.grader, id) }

    func metric(_ id: String) -> SuiteModel.PluginVocabulary? {
        id == MetricSpec.builtIn ? SuiteModel.PluginVocabulary(id: id) : entry(.metric, id)
    }

    var allocatorIDs: [String] { catalog.vocabulary.ids(of: .allocator) }
    func allocator(_ id: String) -> SuiteModel.PluginVocabulary? { entry(.allocator, id) }

    var serviceIDs: [String] { catalog.vocabulary.ids(of: .service) }
    func service(_ id: String) -> SuiteModel.PluginVocabulary? { entry(.service, id) }

    func complaint(_ kind: String, _ name: String) -> String? {
        PluginKind(rawValue: kind).flatMap { catalog.complaint($0, name) }
    }

    var unopened: [String] { catalog.unopened }

    private func entry(_ kind: PluginKind, _ name: String) -> SuiteModel.PluginVocabulary? {
        catalog.info(kind, name).map {
            SuiteModel.PluginVocabulary(
                id: $0.id, parametersSchema: $0.parametersSchema ?? "", outputs: $0.outputs,
                needsLevels: $0.needs.contains(.levels), readsTarget: !$0.needs.contains(.noTarget))
        }
    }
}
