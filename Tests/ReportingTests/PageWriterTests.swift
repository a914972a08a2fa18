import Completions
import Foundation
import JSON
import Journal
import Testing

@testable import Reporting

@Suite("The page's data")
struct PageWriterTests {
    private func withPage<T>(_ fixture: PageFixture, _ body: (String) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = try fixture.write(folder)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["report.html"])
        return try body(String(contentsOfFile: path, encoding: .utf8))
    }

    @Test("only its own script may run, and no text ends an element early")
    func policy() throws {
        try withPage(PageFixture(items: 30)) { page in
            let scripts = page.ranges(of: "<script>").count
            #expect(scripts == 1)
            let hasPolicy = page.contains(
                "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
            #expect(hasPolicy)
            let (opened, closed) = (page.ranges(of: "<script").count, page.ranges(of: "</script>").count)
            #expect(opened == closed)
            let own = page.replacing("http://www.w3.org/2000/svg", with: "")
            let addresses = ["http:", "https:", "url(", "@import"].filter { own.contains($0) }
            #expect(addresses.isEmpty)
            for forbidden in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "</script",
                "<!--",
            ] {
                #expect(!PageAssets.script.contains(forbidden))
            }
        }
    }

    @Test("a run's reports are written from its journal, the page with every session of its arms")
    func fromJournal() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = PageFixture(items: 3)
        let journal = try Journal(creating: folder.appendingPathComponent("journal.sqlite").path)
        var ordinals = (0..<fixture.items).makeIterator()
        try journal.storeItems { ordinals.next().map(fixture.item) }
        var batch = JournalBatch()
        for item in 0..<fixture.items {
            batch.sessions += PageFixture.rowNames.indices.map { fixture.record(item, $0) }
            // Of an arm that the description does not have.
            var stranger = fixture.record(item, 0)
            stranger.key.arm = 99
            batch.sessions.append(stranger)
        }
        try journal.write(batch)
        let summary = try ReportWriter.write(journal: journal, description: fixture.description, to: folder.path)
        #expect(summary.arms.map(\.sessions) == Array(repeating: 3, count: 8))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix("journal") }
        #expect(files.sorted() == ["junit.xml", "report.html", "samples.jsonl", "summary.json", "summary.md"])
        let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
        let index = try #require(page.firstMatch(of: /data-chunk="index" data-from="0" data-to="(\d+)"/)).1
        #expect(index == "23")
    }

    @Test("a long answer costs the page some kilobytes")
    func bounded() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let fixture = PageFixture(items: 8)
        let path = folder.appendingPathComponent("report.html").path
        var builder = SummaryBuilder(fixture.description)
        let page = try PageWriter(path, fixture.description, sessions: 8)
        // Text that does not pack.
        var random = SystemRandomNumberGenerator()
        for item in 0..<8 {
            var record = fixture.record(item, 0)
            record.answer = String(
                decoding: (0..<(1 << 17)).map { _ in UInt8.random(in: 48...110, using: &random) }, as: UTF8.self)
            builder.add(record)
            try page.add(record, fixture.item(item))
        }
        try page.finish(builder.finish(paid: PaidTotals()))
        let size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        #expect(size < 8 * 3 * TextBudget.maxAnswer + 200_000)
    }

    @Test("texts are cut between characters and say how much is missing", arguments: [0, 1, 2, 3, 7, 64, 1000])
    func cutTexts(limit: Int) {
        let text = String(repeating: "aä€😀\u{0301}", count: 40)
        let cut = CutText(text, limit: limit)
        #expect(cut.head.utf8.count + cut.tail.utf8.count <= max(limit, 0) || cut.omitted == 0)
        #expect(cut.head.utf8.count + cut.omitted + cut.tail.utf8.count == text.utf8.count)
        #expect(text.utf8.starts(with: cut.head.utf8) && text.utf8.reversed().starts(with: cut.tail.utf8.reversed()))
        let again = CutText(text, limit: 300).cut(limit)
        #expect(again.head.utf8.count + again.omitted + again.tail.utf8.count == text.utf8.count)
        #expect(
            again.head.utf8.count + again.tail.utf8.count <= 300
                && text.utf8.reversed().starts(with: again.tail.utf8.reversed()))
    }

    @Test("JSON written by hand is what a parser reads, whatever the text")
    func json() throws {
        let texts = ["", "a\"b\\c\n\t\u{0}\u{1F}\u{7F}", "</script><!--", "\u{2028}\u{FFFF}\u{10FFFF}é", "\r\n"]
        var json = JSONWriter(escapes: .markup)
        json.array { json in
            for text in texts { json.add(text) }
            json.null()
            json.array { _ in }
            for value in [1.5, -0.25, 3, .nan, .infinity, 1e300] { json.number(value) }
            json.null()
        }
        #expect(!String(decoding: json.bytes, as: UTF8.self).contains("<"))
        let read = try JSONDecoder().decode(JSONValue.self, from: Data(json.bytes))
        let numbers: [JSONValue] = [.double(1.5), .double(-0.25), .double(3), .null, .null, .double(1e300), .null]
        #expect(read == .array(texts.map { .string($0) } + [.null, .array([])] + numbers))
    }

    @Test("a column knows a bounded number of words")
    func codes() {
        var table = CodeTable()
        let codes = (0..<1000).map { table.code("word \($0)") }
        #expect(table.words.count == CodeTable.maxWords + 1 && table.words.last == "other")
        #expect(codes[3] == table.code("word 3") && table.words[Int(codes[3])] == "word 3")
        #expect(codes[600] == codes[999] && table.words[Int(codes[999])] == "other")
    }

    @Test(
        "a small run's texts are all kept, a large one's within the room, the telling ones first",
        arguments: [100, 20_000, 400_000])
    func budget(sessions: Int) {
        let room = 1 << 20
        var budget = TextBudget(sessions: sessions, room: room)
        var kept: [TextBudget.Interest: Int] = [:]
        var spent = 0
        for session in 0..<sessions {
            budget.earn(sessions: 1)
            let interest: TextBudget.Interest = session % 100 == 0 ? .error : session % 10 == 0 ? .flip : .none
            guard let limit = budget.limit(interest) else { continue }
            let bytes = min(limit, 900)
            budget.spend(bytes: bytes)
            budget.learn(bytes: bytes, compressed: bytes * 2 / 5)
            spent += bytes * 2 / 5
            kept[interest, default: 0] += 1
        }
        #expect(spent <= room * 5 / 4)
        if sessions == 100 {
            #expect(kept.values.reduce(0, +) == 100)
        } else if sessions == 400_000 {
            let share = { (interest: TextBudget.Interest, all: Int) in Double(kept[interest] ?? 0) / Double(all) }
            #expect(share(.error, sessions / 100) > 4 * share(.flip, sessions * 9 / 100))
            #expect(spent > room / 2)
        }
    }
}
