internal import Foundation

/// A mistake in a gate's text.
package struct GateMistake: Hashable, Sendable {
    /// Unicode scalars from the start of the gate.
    package var offset: Int
    package var length: Int
    package var message: String
    package var hint: String?

    package init(offset: Int, length: Int = 1, message: String, hint: String? = nil) {
        self.offset = offset
        self.length = length
        self.message = message
        self.hint = hint
    }
}

/// Reads, overrides, checks and completes a suite. Opens no plugin and no connection, and reads no data set.
package struct SuiteLoader: Sendable {
    package struct Result: Sendable {
        /// `nil` where there is an error.
        package var suite: Suite?
        /// All mistakes, sorted by place.
        package var diagnostics: [Diagnostic]
        /// What the diagnostics point into.
        package var sources: [SourceText]

        /// The diagnostics as text for people.
        package var rendered: String { DiagnosticRenderer(sources: sources).render(diagnostics) }
    }

    /// Says what a suite may name, once its `plugins:` (absolute paths) are known.
    package typealias VocabularyProvider = @Sendable (_ plugins: [String]) -> any SuiteVocabulary
    /// Checks a gate's text, given the ids of the suite's arms and the names of the values that its metrics may give.
    package typealias GateChecker = @Sendable (_ gate: String, _ arms: [String], _ metrics: [String]) -> [GateMistake]

    /// Folders that a relative path is looked for in, if it is not in the current one.
    package var searchFolders: [String]
    /// Absolute; relative paths of the command line start there.
    package var currentDirectory: String
    package var checkGate: GateChecker

    package init(
        searchFolders: [String] = [], currentDirectory: String = FileManager.default.currentDirectoryPath,
        checkGate: @escaping GateChecker = { _, _, _ in [] }
    ) {
        self.searchFolders = searchFolders
        self.currentDirectory = currentDirectory
        self.checkGate = checkGate
    }

    /// Loads the suite at `path`. What is set later wins: the suite, `EVALH_MODEL_<ROLE>` of the environment, the
    /// command line.
    package func load(
        path: String, overrides: SuiteOverrides = SuiteOverrides(), environment: [String: String] = [:],
        vocabulary: @escaping VocabularyProvider
    ) -> Result {
        let found = SuiteFinder.find(path, searchFolders: searchFolders)
        guard let file = found.path else {
            var hint = "looked at:\n" + found.looked.joined(separator: "\n")
            if let nearest = SuiteFinder.nearest(to: path) { hint = "did you mean `\(nearest)`?\n" + hint }
            return Result(diagnostics: [Diagnostic(at: .file(path), "no such suite", hint: hint)], sources: [])
        }
        let limit = YAMLReader.Limits().bytes
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            defer { try? handle.close() }
            let data = try handle.read(upToCount: limit + 1) ?? Data()
            return load(
                source: SourceText(name: file, bytes: Array(data)),
                directory: SuiteFinder.isPipe(file) ? currentDirectory : nil, overrides: overrides,
                environment: environment, vocabulary: vocabulary)
        } catch {
            let reason = (error as NSError).localizedDescription
            return Result(diagnostics: [Diagnostic(at: .file(file), "cannot be read: \(reason)")], sources: [])
        }
    }

    /// Loads a suite whose text is at hand; `source.name` is its path.
    /// - Parameter directory: that relative paths start from, absolute; `nil`: the one that the path is in.
    package func load(
        source: SourceText, directory: String? = nil, overrides: SuiteOverrides = SuiteOverrides(),
        environment: [String: String] = [:],
        vocabulary: @escaping VocabularyProvider
    ) -> Result {
        let read = YAMLReader.read(source)
        guard let written = read.node else {
            return Result(
                diagnostics: Self.shown(read.diagnostics.sorted(by: [source]), file: source.name), sources: [source])
        }
        var overlay = SuiteOverlay(root: written)
        overlay.apply(environment: environment)
        overlay.apply(overrides)
        let absolute = source.name.hasPrefix("/") ? source.name : "\(currentDirectory)/\(source.name)"
        let directory = directory ?? PathResolver.standardized(absolute + "/..")
        let sources = [source] + overlay.sources
        var checker = SchemaChecker()
        checker.object(overlay.root, SuiteKeys.suite, name: "")
        var decoder = SuiteDecoder(
            root: overlay.root, sources: sources, paths: PathResolver(directory: directory, home: environment["HOME"]),
            checkGate: checkGate, vocabulary: vocabulary)
        var suite = decoder.suite(file: source.name)
        overlay.select(in: &suite)
        let diagnostics = (read.diagnostics + overlay.diagnostics + checker.diagnostics + decoder.diagnostics).sorted(
            by: sources)
        return Result(
            suite: diagnostics.hasErrors ? nil : suite, diagnostics: Self.shown(diagnostics, file: source.name),
            sources: sources)
    }

    /// Most mistakes shown: who made more wants the first ones.
    static let shownMistakes = 100

    private static func shown(_ diagnostics: [Diagnostic], file: String) -> [Diagnostic] {
        guard diagnostics.count > shownMistakes else { return diagnostics }
        let rest = diagnostics.dropFirst(shownMistakes)
        let severity: Diagnostic.Severity = rest.hasErrors ? .error : .warning
        return diagnostics.prefix(shownMistakes) + [
            Diagnostic(severity, at: .file(file), "… and \(rest.count) more mistakes")
        ]
    }

    /// As above, with a vocabulary that does not depend on the suite's plugins.
    package func load(
        path: String, overrides: SuiteOverrides = SuiteOverrides(), environment: [String: String] = [:],
        vocabulary: any SuiteVocabulary
    ) -> Result {
        load(path: path, overrides: overrides, environment: environment, vocabulary: { _ in vocabulary })
    }
}
