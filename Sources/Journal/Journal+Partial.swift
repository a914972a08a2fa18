package import Completions
internal import GRDB

extension Journal {
    /// What was received of a completion that was cancelled midway, the longest of several; `nil`: nothing was.
    package func partialCompletion(_ key: RequestKey, _ sample: SampleIndex) throws(JournalError) -> Completion? {
        try access { db -> Completion? in
            guard let request = try requestID(key, db) else { return nil }
            return try PreparedStatement(
                CompletionColumn.select
                    + " WHERE request = ? AND repeat = ? AND sample = ? AND is_partial > 0"
                    + " ORDER BY completion_tokens DESC LIMIT 1", db
            ).first([request, sample.repeatIndex, sample.index], Completion.init(row:))
        }
    }
}
