import Foundation
import Testing

@testable import SuiteModel

@Suite("Data set cache")
struct DatasetCacheTests {
    private final class FakeDownloader: DatasetDownloader {
        let text: String
        let calls: String

        init(text: String, calls: String) {
            self.text = text
            self.calls = calls
        }

        func download(_ url: String, to path: String, limit: Int) throws(DownloadFailure) {
            guard text.utf8.count <= limit else { throw DownloadFailure(message: "more than \(limit) bytes") }
            let count = (try? String(contentsOfFile: calls, encoding: .utf8)) ?? ""
            try? (count + "x").write(toFile: calls, atomically: true, encoding: .utf8)
            guard (try? text.write(toFile: path, atomically: false, encoding: .utf8)) != nil else {
                throw DownloadFailure(message: "write")
            }
        }
    }

    private let row = #"{"input":"q","target":"a"}"# + "\n"
    private let folder: TemporaryFolder
    private let spec: DatasetSpec

    init() throws {
        folder = try TemporaryFolder()
        let file = try folder.write("row", row)
        spec = DatasetSpec(
            name: "d", location: .url("https://example.org/d.jsonl"), sha256: try FileBytes.sha256(of: file),
            format: .jsonl,
            position: SourceSpan(file: "s.yaml", line: 3, column: 1))
    }

    private var calls: Int { ((try? String(contentsOfFile: folder.path + "/calls", encoding: .utf8)) ?? "").count }

    private func cache(_ text: String?) -> DatasetCache {
        DatasetCache(
            folder: folder.path + "/cache",
            downloader: text.map { FakeDownloader(text: $0, calls: folder.path + "/calls") })
    }

    @Test("a file is fetched once and then read offline")
    func once() throws {
        #expect(try DatasetReader(spec, cache: cache(row)).next()?.target == "a")
        #expect(try DatasetReader(spec, cache: cache(row)).next()?.target == "a")
        #expect(calls == 1)
        #expect(try DatasetReader(spec, cache: cache(nil)).next()?.target == "a")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache") == [spec.sha256])
    }

    @Test("what is not the file named is not kept")
    func wrong() throws {
        #expect(throws: DatasetFailure.self) { try DatasetReader(spec, cache: cache("other")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache") == [])
        #expect(throws: DatasetFailure.self) { try DatasetReader(spec, cache: cache(nil)) }
    }

    @Test("a file of the cache that was changed is fetched again")
    func changed() throws {
        _ = try DatasetReader(spec, cache: cache(row))
        try "changed".write(toFile: "\(folder.path)/cache/\(spec.sha256 ?? "")", atomically: true, encoding: .utf8)
        #expect(try DatasetReader(spec, cache: cache(row)).next()?.target == "a")
        #expect(calls == 2)
    }

    @Test("a download is bounded")
    func bounded() throws {
        var limits = DatasetLimits()
        limits.downloadBytes = 3
        #expect(throws: DatasetFailure.self) { try DatasetReader(spec, cache: cache(row), limits: limits) }
    }

    @Test("the cache follows XDG")
    func folderNames() {
        #expect(DatasetCache.defaultFolder(environment: ["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/evalh/datasets")
        #expect(DatasetCache.defaultFolder(environment: ["HOME": "/h"]) == "/h/.cache/evalh/datasets")
    }
}
