internal import Journal
internal import Reporting
internal import Runs

/// Reaching the models of a run whose record is there already.
enum RunStart {
    /// A provider that fails now leaves reports that say so, for CI, and a run that `evalh resume` goes on with.
    static func open(
        _ folder: RunFolder, _ journal: Journal, _ description: RunDescription, _ reach: () throws -> OpenedEndpoints
    ) throws -> OpenedEndpoints {
        do {
            return try reach()
        } catch let failure as CommandFailure where failure.code == .providerFailure {
            _ = try RunReport.write(journal, description, to: folder)
            try journal.close()
            throw CommandFailure(
                .providerFailure,
                "\(failure.message)\nnothing is lost; go on when it is back: evalh resume \(folder.shown)")
        }
    }
}
