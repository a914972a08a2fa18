internal import Completions
internal import Foundation
internal import Journal
internal import ModelTransport
internal import Runs
internal import SuiteModel

/// Brings a suite's items into a journal, and its prompts to the engine.
enum ItemStore {
    static func cache(_ loop: CurlLoop?) -> DatasetCache {
        DatasetCache(
            folder: DatasetCache.defaultFolder(environment: Installation.environment),
            downloader: loop.map { CurlDownloader(loop: $0) })
    }

    /// Streams all items into the journal. A mistake in the data ends the command with its place; nothing was sent.
    static func fill(_ journal: Journal, from spec: DatasetSpec, _ cache: DatasetCache) throws -> DatasetDigest {
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
            throw bad(failure)
        }
    }

    static func bad(_ failure: DatasetFailure) -> CommandFailure {
        Terminal.standard.write(failure.rendered + "\n")
        return CommandFailure(.usage, "the data set cannot be used; nothing was sent")
    }

    /// Renders an item's prompt.
    static func prompts(_ suite: Suite, _ cache: DatasetCache) throws -> (JournalItem) throws -> [ChatMessage] {
        do throws(PromptFailure) {
            let renderer = try PromptRenderer(suite, cache: cache)
            return { item in
                try renderer.render(
                    DatasetItem(
                        ordinal: item.ordinal, id: item.id, input: item.input, target: item.target,
                        fieldsJSON: item.fieldsJSON))
            }
        } catch {
            Terminal.standard.write(DiagnosticRenderer(sources: error.sources).render(error.diagnostics) + "\n")
            throw CommandFailure(.usage, "the prompt cannot be rendered; nothing was sent")
        }
    }
}

/// Fetches data sets over the same transport as everything else.
struct CurlDownloader: DatasetDownloader {
    let loop: CurlLoop

    func download(_ url: String, to path: String, limit: Int) throws(DownloadFailure) {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else {
            throw DownloadFailure(message: "\(path) cannot be written")
        }
        defer { try? file.close() }
        let request = HTTPRequest(
            method: "GET", url: url, deadlines: Deadlines(connect: 15, firstByte: 60, idle: 60, total: 3600),
            maxBodyBytes: limit)
        let done = DispatchSemaphore(value: 0)
        let outcome = Outcome()
        loop.start(TransferID(UInt64.max - UInt64.random(in: 0..<1 << 20)), request) { event in
            switch event {
            case .head(let status, _): if status != 200 { outcome.set("the server answers \(status)") }
            case .data(let bytes):
                do { try file.write(contentsOf: Data(bytes)) } catch { outcome.set("\(path) cannot be written") }
            case .end: done.signal()
            case .failed(let failure):
                outcome.set(failure.message)
                done.signal()
            }
        }
        done.wait()
        if let problem = outcome.problem { throw DownloadFailure(message: "\(url): \(problem)") }
    }

    /// Sendable: written on the loop's thread before the semaphore is signalled, read after.
    private final class Outcome: @unchecked Sendable {
        private(set) var problem: String?

        func set(_ text: String) { problem = problem ?? text }
    }
}
