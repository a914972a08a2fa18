package import Completions
package import Engine
internal import Foundation
internal import HostGraders
internal import Measurement
package import PluginHost
package import SuiteModel
internal import Synchronization

/// A suite that was read and found good, with the plugins it may use.
package struct OpenedSuite {
    package let suite: Suite
    package let plugins: SuitePlugins
    package let grader: any AnswerGrader
    /// What diagnostics about it point into; the suite's own text first.
    package let sources: [SourceText]

    package var catalog: PluginCatalog { plugins.catalog }

    /// The grader, where it is evalh's own.
    var hostGrader: (any HostGrader)? { grader as? any HostGrader }

    /// Fields of items that strategies must not see.
    var hiddenFields: [String] {
        suite.dataset.hiddenFields + (hostGrader?.hiddenFields ?? []) + [suite.judge?.labels].compactMap(\.self)
    }

    /// Looks whether answers can be graded here: before anything is paid.
    package func checkGrader() throws {
        do { try hostGrader?.check() } catch {
            throw CommandFailure(
                .usage, "the grader `\(suite.grader.use)` cannot work on this machine: \(error)\nnothing was run")
        }
    }

    /// The grader keeps in the run's folder what it found, where it can.
    package func keepVerdicts(in folder: RunFolder) { hostGrader?.keep(in: folder.path) }

    /// The suite's text as it was read.
    var text: String { String(decoding: sources.first?.bytes ?? [], as: UTF8.self) }

    /// How the model of an arm shows its thinking.
    package func reasoning(ofArm arm: Int) -> ReasoningFormat {
        guard suite.arms.indices.contains(arm) else { return .auto }
        return suite.models.first { $0.role == suite.arms[arm].role }?.reasoning ?? .auto
    }

    /// Reads a suite, once. Its mistakes are told all together and end the command with exit code 2.
    /// - Parameter isLocked: whether its plugins must be those of the `evalh.lock` beside it, if there is one.
    package static func open(
        _ path: String, _ overrides: SuiteOverrides, _ host: RunHost, isLocked: Bool = true
    ) throws -> OpenedSuite {
        try open(host, isLocked: isLocked) { loader, vocabulary in
            loader.load(path: path, overrides: overrides, environment: host.environment, vocabulary: vocabulary)
        }
    }

    /// A suite whose text is at hand: a run's own copy.
    /// - Parameter directory: that its relative paths start from; `nil`: its file's.
    static func open(_ source: SourceText, directory: String?, _ overrides: SuiteOverrides, _ host: RunHost) throws
        -> OpenedSuite
    {
        try open(host) { loader, vocabulary in
            loader.load(
                source: source, directory: directory, overrides: overrides, environment: host.environment,
                vocabulary: vocabulary)
        }
    }

    private static func open(
        _ host: RunHost, isLocked: Bool = false,
        _ load: (SuiteLoader, @escaping SuiteLoader.VocabularyProvider) -> SuiteLoader.Result
    ) throws -> OpenedSuite {
        let loader = SuiteLoader(searchFolders: host.shareFolders) { text, arms, metrics in
            Gate.mistakes(in: text, arms: arms, metrics: metrics).map {
                GateMistake(offset: $0.offset, length: $0.length, message: $0.message, hint: $0.hint)
            }
        }
        let found = FoundPlugins()
        let result = load(loader) { plugins in
            let catalog = found.catalog(plugins, host)
            return HostVocabulary(catalog: catalog, locations: host.locations(plugins: plugins))
        }
        guard let suite = result.suite else {
            host.say(.located(result.rendered))
            let count = result.diagnostics.count { $0.severity == .error }
            throw CommandFailure(.usage, "\(count) mistake\(count == 1 ? "" : "s") in the suite; nothing was sent")
        }
        if !result.diagnostics.isEmpty { host.say(.located(result.rendered)) }
        let catalog = found.catalog(suite.plugins, host)
        // What the suite uses is there: what cannot be used beside it stops nothing.
        for problem in catalog.problems where problem.severity == .error {
            host.say(.warning("\(problem.error)"))
        }
        // Before any code of theirs runs.
        if isLocked { try PluginLock.check(suite, catalog, host, result.sources) }
        let plugins = SuitePlugins(catalog, asked: suite.isolation, host)
        if suite.grader.isolation != nil, let info = catalog.info(.grader, suite.grader.use), plugins.isHosts(info) {
            let mistake = Diagnostic(
                at: suite.grader.position,
                "`\(suite.grader.use)` is a part of evalh and no plugin: nothing isolates it",
                hint: "leave out `isolation`")
            host.say(.located(DiagnosticRenderer(sources: result.sources).render([mistake])))
            throw CommandFailure(.usage, "1 mistake in the suite; nothing was sent")
        }
        do {
            let grader = try SuiteGrader.open(suite, plugins, environment: host.environment)
            return OpenedSuite(suite: suite, plugins: plugins, grader: grader, sources: result.sources)
        } catch let fault as PluginFault where fault.isBreakdown {
            throw CommandFailure(
                .pluginFault, "grader \(suite.grader.use): \(fault.message)\nnothing was sent; mend it and try again")
        } catch let error where error is PluginFault || error is GraderMistake {
            let message = (error as? PluginFault)?.message ?? "\(error)"
            let mistake = Diagnostic(
                at: suite.grader.position, "`\(suite.grader.use)` refuses its parameters: \(message)",
                hint: "`evalh plugin info \(suite.grader.use)` shows what they mean")
            host.say(.located(DiagnosticRenderer(sources: result.sources).render([mistake])))
            throw CommandFailure(.usage, "1 mistake in the suite; nothing was sent")
        } catch {
            throw CommandFailure(.usage, "grader \(suite.grader.use): \(error)")
        }
    }
}

/// The catalog that a suite was checked against, looked for once.
private final class FoundPlugins: Sendable {
    private let found = Mutex<(plugins: [String], catalog: PluginCatalog)?>(nil)

    func catalog(_ plugins: [String], _ host: RunHost) -> PluginCatalog {
        found.withLock { found in
            if let found, found.plugins == plugins { return found.catalog }
            let catalog = host.catalog(plugins: plugins)
            found = (plugins, catalog)
            return catalog
        }
    }
}
