/// A prompt that cannot be rendered.
package struct PromptFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one.
    package var diagnostics: [Diagnostic]
    package var sources: [SourceText]

    package init(diagnostics: [Diagnostic], sources: [SourceText] = []) {
        self.diagnostics = diagnostics
        self.sources = sources
    }

    /// One line a mistake: place, what, and what to do.
    package var description: String {
        diagnostics.map { mistake in
            "\(mistake.file):\(mistake.line):\(mistake.column): \(mistake.message)"
                + (mistake.hint.map { "; \($0)" } ?? "")
        }.joined(separator: "\n")
    }
}
