internal import Engine
internal import Foundation
internal import Measurement
internal import PluginHost
internal import Runs
internal import SuiteModel

/// A suite that was read and found good, with the plugins it may use.
struct OpenedSuite {
    let suite: Suite
    let catalog: PluginCatalog
    let grader: any AnswerGrader
    /// What diagnostics about it point into.
    let sources: [SourceText]

    /// Reads a suite; all its mistakes are printed and end the command with exit code 2.
    static func open(_ path: String, _ overrides: SuiteOverrides, watchdog: StepWatchdog? = nil) throws -> OpenedSuite {
        try open(watchdog) { loader, vocabulary in
            loader.load(path: path, overrides: overrides, environment: Installation.environment, vocabulary: vocabulary)
        }
    }

    /// A suite whose text is at hand: a run's own copy.
    static func open(source: SourceText, _ overrides: SuiteOverrides, watchdog: StepWatchdog? = nil) throws
        -> OpenedSuite
    {
        try open(watchdog) { loader, vocabulary in
            loader.load(
                source: source, overrides: overrides, environment: Installation.environment, vocabulary: vocabulary)
        }
    }

    private static func open(
        _ watchdog: StepWatchdog?, _ load: (SuiteLoader, @escaping SuiteLoader.VocabularyProvider) -> SuiteLoader.Result
    ) throws -> OpenedSuite {
        let result = load(SuiteReading.loader) { HostCatalog.vocabulary(plugins: $0, watchdog: watchdog) }
        guard let suite = result.suite else {
            Terminal.standard.write(result.rendered + "\n")
            let count = result.diagnostics.count { $0.severity == .error }
            throw CommandFailure(.usage, "\(count) mistake\(count == 1 ? "" : "s") in the suite; nothing was sent")
        }
        if !result.diagnostics.isEmpty { Terminal.standard.write(result.rendered + "\n") }
        let catalog = HostCatalog.catalog(plugins: suite.plugins, watchdog: watchdog)
        let problems = catalog.problems
        for problem in problems where problem.severity == .error { Terminal.standard.error("\(problem.error)") }
        if problems.contains(where: { $0.severity == .error }) {
            throw CommandFailure(.pluginFault, "plugins cannot be used as they are")
        }
        do {
            let grader = try catalog.grader(suite.grader.use, parametersJSON: suite.grader.parametersJSON)
            return OpenedSuite(suite: suite, catalog: catalog, grader: grader, sources: result.sources)
        } catch let fault as PluginFault {
            let mistake = Diagnostic(
                at: suite.grader.position, "`\(suite.grader.use)` refuses its parameters: \(fault.message)",
                hint: "`evalh plugin info \(suite.grader.use)` shows what they mean")
            Terminal.standard.write(DiagnosticRenderer(sources: result.sources).render([mistake]) + "\n")
            throw CommandFailure(.usage, "1 mistake in the suite; nothing was sent")
        } catch {
            throw CommandFailure(.usage, "grader \(suite.grader.use): \(error)")
        }
    }
}

/// How suites are read by every command.
enum SuiteReading {
    static var loader: SuiteLoader {
        SuiteLoader(searchFolders: Installation.current.shareFolders) { text, arms, metrics in
            Gate.mistakes(in: text, arms: arms, metrics: metrics).map {
                GateMistake(offset: $0.offset, length: $0.length, message: $0.message, hint: $0.hint)
            }
        }
    }
}

/// The plugins that can be had, looked for once a set of folders.
enum HostCatalog {
    static func locations(plugins: [String]) -> [PluginLocation] {
        PluginLocation.standard(
            environment: Installation.environment, suitePlugins: plugins,
            suiteFolder: FileManager.default.currentDirectoryPath,
            binary: Installation.current.binary)
    }

    static func catalog(plugins: [String], watchdog: StepWatchdog?) -> PluginCatalog {
        PluginCatalog(
            locations: locations(plugins: plugins),
            cacheFile: PluginCatalog.defaultCacheFile(environment: Installation.environment),
            watchdog: watchdog)
    }

    static func vocabulary(plugins: [String], watchdog: StepWatchdog?) -> any SuiteVocabulary {
        HostVocabulary(catalog: catalog(plugins: plugins, watchdog: watchdog), locations: locations(plugins: plugins))
    }
}
