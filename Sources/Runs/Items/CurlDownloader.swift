internal import Foundation
internal import ModelTransport
internal import SuiteModel

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
