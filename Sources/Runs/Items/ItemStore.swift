internal import Completions
internal import Journal
package import SuiteModel

/// Brings a suite's items into a journal, and its prompts to the engine.
package enum ItemStore {
    /// Streams all items into the journal. A mistake in the data ends the command with its place; nothing was sent.
    static func fill(_ journal: Journal, from spec: DatasetSpec, _ cache: DatasetCache, _ host: RunHost) throws
        -> DatasetDigest
    {
        do {
            let reader = try DatasetReader(spec, cache: cache)
            try journal.storeItems {
                try reader.next().map {
                    JournalItem(
                        ordinal: $0.ordinal, id: $0.id, input: $0.input, target: $0.target, fieldsJSON: $0.fieldsJSON)
                }
            }
            return try reader.digest()
        } catch let failure as DatasetFailure {
            throw bad(failure, host)
        }
    }

    /// Which items ask the same as others. One whose prompt cannot be rendered is an error of its sessions.
    static func repeatedQuestions(_ journal: Journal, _ prompts: (JournalItem) throws -> [ChatMessage]) throws
        -> RepeatedQuestions
    {
        var finder = QuestionFinder()
        try journal.forEachItem { item in
            guard let messages = try? prompts(item) else { return }
            finder.add(item.ordinal, messages)
        }
        return finder.repeated
    }

    package static func bad(_ failure: DatasetFailure, _ host: RunHost) -> CommandFailure {
        host.say(.located(failure.rendered))
        return CommandFailure(.usage, "the data set cannot be used; nothing was sent")
    }

    package static func bad(_ failure: PromptFailure, _ host: RunHost) -> CommandFailure {
        host.say(.located(DiagnosticRenderer(sources: failure.sources).render(failure.diagnostics)))
        return CommandFailure(.usage, "the prompt cannot be rendered; nothing was sent")
    }

    /// Renders an item's prompt.
    static func prompts(_ suite: Suite, _ cache: DatasetCache, _ host: RunHost) throws -> (JournalItem) throws ->
        [ChatMessage]
    {
        do throws(PromptFailure) {
            let renderer = try PromptRenderer(suite, cache: cache)
            return { item in
                try renderer.render(
                    DatasetItem(
                        ordinal: item.ordinal, id: item.id, input: item.input, target: item.target,
                        fieldsJSON: item.fieldsJSON))
            }
        } catch {
            throw bad(error, host)
        }
    }
}
