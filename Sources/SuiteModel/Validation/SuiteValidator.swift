internal import Completions

/// What `evalh validate` checks beyond the suite's text: that data, templates and grader fit together.
package struct SuiteValidator {
    /// Grades the gold target of an item as models would write it: the best score of all forms. `nil`: none.
    package typealias GoldGrader = (_ item: DatasetItem) -> Double?

    package struct Report: Sendable {
        package var diagnostics: [Diagnostic]
        package var sources: [SourceText]
        /// Items read; all of the data set unless there is a limit.
        package var items: Int

        package var hasErrors: Bool { diagnostics.hasErrors }
    }

    package var cache: DatasetCache
    /// Items that templates are tried on; the grader is tried on all.
    package var trialItems: Int

    package init(cache: DatasetCache, trialItems: Int = 3) {
        self.cache = cache
        self.trialItems = trialItems
    }

    /// Reads the whole data set, renders the prompts of the first items, grades their gold answers, and looks for
    /// examples that are test items. Sends nothing.
    package func validate(_ suite: Suite, gradeGold: GoldGrader? = nil) -> Report {
        var report = Report(diagnostics: [], sources: [], items: 0)
        let renderer = renderer(suite, &report)
        let examples = Dictionary(
            (renderer?.exampleInputs ?? []).map { (Self.normalised($0.input), $0.position) },
            uniquingKeysWith: { first, _ in first })
        var leaks: [SourceSpan: DatasetItem] = [:]
        // Sections that none of the tried items has.
        var sections: [Diagnostic]?
        var questions = QuestionFinder()
        var golds = GoldAnswers()
        do {
            let reader = try DatasetReader(suite.dataset, cache: cache)
            try reader.forEach { item in
                if item.ordinal < trialItems {
                    tryOut(item, renderer, &report)
                    let unknown = renderer?.unknownNames(for: item, sections: true) ?? []
                    sections =
                        sections?.filter { known in
                            unknown.contains { $0.line == known.line && $0.column == known.column }
                        } ?? unknown
                }
                if suite.dataset.needsTarget, let score = gradeGold?(item) { golds.add(item, score) }
                if !examples.isEmpty, let place = examples[Self.normalised(item.input)], leaks[place] == nil {
                    leaks[place] = item
                }
                if let messages = try? renderer?.render(item) { questions.add(item.ordinal, messages) }
                report.items += 1
            }
        } catch let failure as DatasetFailure {
            report.diagnostics += failure.diagnostics
            report.sources += failure.sources
            if failure.suppressed > 0 {
                let place = failure.diagnostics.first?.file ?? suite.file
                report.diagnostics.append(
                    Diagnostic(at: .file(place), "… and \(failure.suppressed) more mistakes in this file"))
            }
        } catch {
            report.diagnostics.append(Diagnostic(at: suite.dataset.position, "the data set cannot be read: \(error)"))
        }
        report.diagnostics += sections ?? []
        if let mistake = golds.diagnostic(suite.grader) { report.diagnostics.append(mistake) }
        if let warning = questions.repeated.warning {
            report.diagnostics.append(Diagnostic(.warning, at: suite.dataset.position, warning))
        }
        for (place, item) in leaks {
            report.diagnostics.append(
                Diagnostic(
                    .warning, at: place,
                    "a few-shot example is the test item \(item.id) (line \(item.line) of the data set)",
                    hint: "the model is shown the answer: use examples that are not tested"))
        }
        report.diagnostics = report.diagnostics.sorted(by: [SourceText(name: suite.file, bytes: [])])
        return report
    }

    private func renderer(_ suite: Suite, _ report: inout Report) -> PromptRenderer? {
        do throws(PromptFailure) {
            return try PromptRenderer(suite, cache: cache)
        } catch {
            report.diagnostics += error.diagnostics
            report.sources += error.sources
            return nil
        }
    }

    private func tryOut(
        _ item: DatasetItem, _ renderer: PromptRenderer?, _ report: inout Report
    ) {
        do throws(PromptFailure) {
            _ = try renderer?.render(item)
        } catch {
            report.diagnostics += error.diagnostics
        }
    }

    /// Equal for texts that differ in case and blanks only.
    private static func normalised(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
