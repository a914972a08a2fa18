/// A prompt that cannot be rendered.
package struct PromptFailure: Error, Hashable, Sendable {
    /// At least one.
    package var diagnostics: [Diagnostic]
    package var sources: [SourceText]

    package init(diagnostics: [Diagnostic], sources: [SourceText] = []) {
        self.diagnostics = diagnostics
        self.sources = sources
    }
}
