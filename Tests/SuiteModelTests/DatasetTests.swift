import EvalhStatistics
import Foundation
import Testing

@testable import SuiteModel

/// A folder for one test, removed with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-suite-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws -> String { try write(name, bytes: Array(text.utf8)) }

    func write(_ name: String, bytes: [UInt8]) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}

@Suite("Data sets")
struct DatasetTests {
    let folder: TemporaryFolder
    let cache: DatasetCache

    init() throws {
        folder = try TemporaryFolder()
        cache = DatasetCache(folder: folder.path + "/cache")
    }

    private func spec(
        _ path: String, format: DatasetSpec.Format = .jsonl, list: String? = nil, id: String? = nil, limit: Int? = nil,
        shuffle: UInt64? = nil,
        sha256: String? = nil
    ) -> DatasetSpec {
        DatasetSpec(
            name: "test", location: .path(path), sha256: sha256, format: format, list: list, inputField: "question",
            targetField: "answer",
            idField: id, limit: limit, shuffle: shuffle, position: SourceSpan(file: "s.yaml", line: 2, column: 9))
    }

    private func items(_ spec: DatasetSpec, limits: DatasetLimits = DatasetLimits()) throws -> [DatasetItem] {
        var items: [DatasetItem] = []
        try DatasetReader(spec, cache: cache, limits: limits).forEach { items.append($0) }
        return items
    }

    private func failure(_ spec: DatasetSpec, limits: DatasetLimits = DatasetLimits()) -> DatasetFailure? {
        do {
            _ = try items(spec, limits: limits)
            return nil
        } catch {
            return error as? DatasetFailure
        }
    }

    private func rows(_ count: Int) -> String {
        (0..<count).map { #"{"question":"q\#($0)","answer":"\#($0)"}"# + "\n" }.joined()
    }

    @Test("the three formats give the same items for the same rows")
    func formats() throws {
        let jsonl = try items(
            spec(
                folder.write(
                    "a.jsonl",
                    "{\"answer\": \"4\", \"question\": \"2+2, "
                        + "\\\"so\\\"?\"}\n\n{\"question\":\"b\\nc\",\"answer\":\"5\"}"
                )))
        let json = try items(
            spec(
                folder.write(
                    "a.json",
                    "{\"data\": {\"rows\": [{\"question\":\"2+2, "
                        + "\\\"so\\\"?\",\"answer\":\"4\"},{\"question\":\"b\\nc\",\"answer\":\"5\"}]}}"
                ), format: .json, list: "data.rows"))
        let csv = try items(
            spec(folder.write("a.csv", "question,answer\r\n\"2+2, \"\"so\"\"?\",4\r\n\"b\nc\",5\r\n"), format: .csv))
        #expect(jsonl.map(\.id) == json.map(\.id))
        #expect(jsonl.map(\.id) == csv.map(\.id))
        #expect(jsonl.map(\.fieldsJSON) == csv.map(\.fieldsJSON))
        #expect(csv.map(\.input) == ["2+2, \"so\"?", "b\nc"])
        #expect(csv.map(\.line) == [2, 3])
        #expect(jsonl.map(\.line) == [1, 3])
        #expect(jsonl[0].fieldsJSON == #"{"answer":"4","question":"2+2, \"so\"?"}"#)
    }

    @Test("an item is known by its content, wherever it stands")
    func identity() throws {
        let a = try items(spec(folder.write("a.jsonl", rows(3))))
        let b = try items(spec(folder.write("b.jsonl", "{\"answer\" : \"2\" , \"question\":\"q2\"}\n" + rows(2))))
        #expect(Set(a.map(\.id)) == Set(b.map(\.id)))
        #expect(a[2].id == b[0].id)
        #expect(a.allSatisfy { $0.id.count == 16 && $0.id.allSatisfy(\.isHexDigit) })
        // Ids are compared between versions: they must never change.
        #expect(a[0].id == "7d9cc2cab2af4f60")
    }

    @Test("rows with the same content get numbers, labels stand before the hash")
    func duplicates() throws {
        let twice = try items(spec(folder.write("a.jsonl", rows(1) + rows(1) + rows(1))))
        #expect(twice.map(\.id) == [twice[0].id, twice[0].id + "-2", twice[0].id + "-3"])
        let labelled = try items(spec(folder.write("b.jsonl", #"{"question":"q","answer":1,"nr":"gsm 7"}"#), id: "nr"))
        #expect(labelled[0].id.hasPrefix("gsm_7:"))
        #expect(labelled[0].target == "1")
    }

    @Test("a shuffle has the same order for ever")
    func shuffleOrder() {
        #expect(SeededShuffle.order(count: 10, seed: 7) == [8, 1, 5, 9, 0, 4, 3, 2, 6, 7])
        #expect(SeededShuffle.order(count: 0, seed: 7) == [])
        var random = SplitMix64(seed: 1_234_567)
        // Reference values of the published generator for this seed.
        #expect(
            (0..<5).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ])
    }

    @Test("limit and shuffle draw the same rows from each format", arguments: [DatasetSpec.Format.jsonl, .csv, .json])
    func shuffled(format: DatasetSpec.Format) throws {
        let text: String =
            switch format {
            case .jsonl: "\u{FEFF}" + rows(10)
            case .csv: "question,answer\n" + (0..<10).map { "\"q\($0)\",\($0)\n" }.joined()
            case .json: "[" + rows(10).split(separator: "\n").joined(separator: ",") + "]"
            }
        let drawn = try items(spec(folder.write("a.\(format)", text), format: format, limit: 4, shuffle: 7))
        #expect(drawn.map(\.target) == SeededShuffle.order(count: 10, seed: 7).prefix(4).map(String.init))
        #expect(drawn.map(\.ordinal) == [0, 1, 2, 3])
    }

    @Test("the digest covers ids in order and the file's bytes, also when only some rows are read")
    func digest() throws {
        let path = try folder.write("a.jsonl", rows(1000))
        func digest(_ spec: DatasetSpec) throws -> DatasetDigest {
            let reader = try DatasetReader(spec, cache: cache)
            try reader.forEach { _ in }
            return try reader.digest()
        }
        let all = try digest(spec(path))
        let some = try digest(spec(path, limit: 5))
        let shuffled = try digest(spec(path, shuffle: 1))
        #expect(all.count == 1000 && some.count == 5)
        #expect(all.file == some.file && all.file == shuffled.file)
        #expect(all.file == (try FileBytes.sha256(of: path)))
        #expect(Set([all.items, some.items, shuffled.items]).count == 3)
    }

    @Test("mistakes in rows are located and name the nearest field")
    func mistakes() throws {
        let text =
            rows(1)
            + "{\"qestion\":\"x\",\"answer\":1}\n{\"question\":null,\"answer\":1}\n[1]\n{\"question\":\"a\" \"b\"}\n"
        let found = try #require(failure(spec(folder.write("a.jsonl", text))))
        #expect(found.diagnostics.map(\.line) == [2, 3, 4, 5])
        #expect(found.diagnostics[0].hint?.contains("did you mean `qestion`?") == true)
        #expect(found.diagnostics[1].message.contains("null"))
        #expect(found.diagnostics[3].column == 17)
        #expect(found.rendered.contains("{\"question\":\"a\" \"b\"}"))
    }

    @Test("at most twenty mistakes are shown")
    func manyMistakes() throws {
        let found = try #require(failure(spec(folder.write("a.jsonl", String(repeating: "{}\n", count: 100)))))
        #expect(found.diagnostics.count == 20)
        // Both fields are missing in each row.
        #expect(found.suppressed == 180)
        #expect(found.rendered.contains("180 more"))
    }

    @Test(
        "files that are no data sets are errors",
        arguments: [
            ("", DatasetSpec.Format.jsonl), ("\n\n", .jsonl), ("", .csv), ("question,answer\n", .csv),
            ("question,question\na,b\n", .csv),
            ("question,answer\na\n", .csv), ("question,answer\n\"a,b\n", .csv), ("question,answer\n\"a\"x,b\n", .csv),
            ("question,answer\na\"b,c\n", .csv), ("", .json), ("{}", .json), ("[1", .json), ("[]", .json),
            ("nonsense", .jsonl),
            ("[]x", .json),
            ("{\"question\":\"\\ud800\\uZZZZ\",\"answer\":1}", .jsonl),
            ("{\"question\":1,\"question\":2,\"answer\":1}", .jsonl),
        ])
    func broken(text: String, format: DatasetSpec.Format) throws {
        let found = try #require(failure(spec(folder.write("broken", text), format: format)))
        #expect(!found.diagnostics.isEmpty)
        #expect(!found.rendered.isEmpty)
    }

    @Test("invalid UTF-8 is located")
    func invalidUTF8() throws {
        let bytes =
            Array(rows(1).utf8) + Array("{\"question\":\"a".utf8) + [0xC3, 0x28] + Array("\",\"answer\":\"1\"}\n".utf8)
        let found = try #require(failure(spec(folder.write("a.jsonl", bytes: bytes))))
        #expect(found.diagnostics.map(\.line) == [2])
        #expect(found.diagnostics.map(\.column) == [15])
        let csv = try #require(
            failure(
                spec(folder.write("a.csv", bytes: Array("question,answer\nok,".utf8) + [0xFF, 0x0A]), format: .csv)))
        #expect(csv.diagnostics.map(\.line) == [2])
        #expect(csv.diagnostics.map(\.column) == [4])
    }

    @Test("a row without an end costs one error")
    func longRow() throws {
        var limits = DatasetLimits()
        limits.rowBytes = 1 << 20
        let path = try folder.write("a.jsonl", rows(1) + "\"" + String(repeating: "a", count: 3 << 20))
        let found = try #require(failure(spec(path), limits: limits))
        #expect(found.diagnostics.count == 1)
        #expect(found.diagnostics[0].line == 2)
        limits.jsonBytes = 1000
        #expect(failure(spec(path, format: .json), limits: limits)?.diagnostics.count == 1)
    }

    @Test("records are cut the same wherever the pieces of the stream end")
    func pieces() throws {
        let bytes = Array("\u{FEFF}a,b\r\n\"x\r\ny\",\"\"\"q\"\"\"\n\nlast,1".utf8)
        for size in 1...bytes.count {
            var splitter = RecordSplitter(hasQuotes: true, maximumBytes: 1000, file: "f")
            var records: [String] = []
            var lines: [Int] = []
            var start = 0
            while !splitter.isDone {
                while let record = try splitter.next() {
                    records.append(String(decoding: record.bytes, as: UTF8.self))
                    lines.append(record.line)
                    #expect(Array(bytes[record.offset..<(record.offset + record.bytes.count)]) == Array(record.bytes))
                }
                if splitter.isDone { break }
                let end = min(bytes.count, start + size)
                splitter.append(Array(bytes[start..<end]))
                start = end
            }
            #expect(records == ["a,b", "\"x\r\ny\",\"\"\"q\"\"\"", "last,1"])
            #expect(lines == [1, 2, 5])
        }
    }

    @Test("a file with another SHA-256 is refused at the suite's line")
    func wrongDigest() throws {
        let path = try folder.write("a.jsonl", rows(2))
        #expect(try items(spec(path, sha256: try FileBytes.sha256(of: path))).count == 2)
        let found = try #require(failure(spec(path, sha256: String(repeating: "0", count: 64))))
        #expect(found.diagnostics[0].file == "s.yaml" && found.diagnostics[0].line == 2)
    }

    @Test("a missing file is an error at the suite's line that names the nearest file")
    func missing() throws {
        _ = try folder.write("train.jsonl", rows(1))
        let found = try #require(failure(spec(folder.path + "/trian.jsonl")))
        #expect(found.diagnostics[0].line == 2)
        #expect(found.diagnostics[0].hint == "did you mean `train.jsonl`?")
    }

    @Test("random bytes never crash the readers", arguments: [DatasetSpec.Format.jsonl, .csv, .json])
    func fuzz(format: DatasetSpec.Format) throws {
        var random = SplitMix64(seed: 99)
        let alphabet = Array("{}[]\",:\\u0123456789truefalsnE+-. \n\r\t\u{FEFF}é".utf8) + [0xFF, 0x00]
        for _ in 0..<200 {
            let bytes = (0..<Int(random.draw(below: 200))).map { _ in
                alphabet[Int(random.draw(below: UInt64(alphabet.count)))]
            }
            let path = try folder.write("fuzz", bytes: bytes)
            #expect(failure(spec(path, format: format, shuffle: random.next() % 2 == 0 ? 1 : nil)) != nil)
        }
    }
}
