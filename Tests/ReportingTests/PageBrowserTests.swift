import Foundation
import Testing

@testable import Reporting

/// The browser, where there is one; without it these tests are skipped, and say so.
enum PageBrowser {
    static let program = ["chromium", "chromium-browser", "google-chrome"].lazy.compactMap(find).first

    static let isThere = program != nil && find("python3") != nil

    private static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// - Returns: what the driver found wrong; empty: nothing.
    static func run(_ scenario: String, page: String, expected: [String: Any]) throws -> String {
        let driver = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Browser/page_driver.py")
        let facts = URL(fileURLWithPath: page).deletingLastPathComponent().appendingPathComponent("\(scenario).json")
        try JSONSerialization.data(withJSONObject: expected).write(to: facts)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", driver.path, program ?? "", page, scenario, facts.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? text : text + "exit status \(process.terminationStatus)"
    }
}

@Suite(
    "The page in a browser", .serialized, .enabled(if: PageBrowser.isThere, "needs chromium and python3 on the PATH"))
struct PageBrowserTests {
    private static let items = 120

    /// `EVALH_KEEP_PAGES` names a folder to leave the pages in, for looking at them.
    private func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
        if let kept = ProcessInfo.processInfo.environment["EVALH_KEEP_PAGES"] {
            return try body(URL(fileURLWithPath: kept))
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    @Test(
        "works",
        arguments: [
            "opens", "tables", "filters", "searches", "session", "flips", "axis", "theme", "hostile", "accessibility",
            "unscripted",
        ])
    func works(scenario: String) throws {
        try withFolder { folder in
            let fixture = PageFixture(items: Self.items)
            let page = try fixture.write(folder)
            #expect(try PageBrowser.run(scenario, page: page, expected: expected(fixture)) == "")
        }
    }

    @Test("a hundred thousand sessions open, and the file stays below 20 MB", .timeLimit(.minutes(5)))
    func large() throws {
        try withFolder { folder in
            let fixture = PageFixture(items: 12_500)
            let page = try fixture.write(folder)
            let size = try #require(FileManager.default.attributesOfItem(atPath: page)[.size] as? Int)
            #expect(size < 20_000_000)
            let contents = try String(contentsOfFile: page, encoding: .utf8).contains("The page has room for the texts")
            #expect(
                try PageBrowser.run("large", page: page, expected: ["sessions": 100_000, "sampled": contents]) == "")
        }
    }

    /// What the driver compares the page with, from the fixture and not from the page's own data.
    private func expected(_ fixture: PageFixture) -> [String: Any] {
        let rows = Array(PageFixture.rowNames.indices)
        let records = (0..<fixture.items).flatMap { item in rows.map { fixture.record(item, $0) } }
        let tokens = records.map(\.measure.usage.completionTokens)
        func flips(_ a: Int, _ b: Int) -> [String: Any] {
            func only(_ first: Int, _ second: Int) -> [String] {
                (0..<fixture.items).filter { item in
                    !fixture.hasFailed(item, first) && !fixture.hasFailed(item, second) && fixture.isRight(item, first)
                        && !fixture.isRight(item, second)
                }.map { fixture.item($0).id.replacing("\u{202E}", with: "\\u{202e}") }
            }
            return [
                "a": PageFixture.rowNames[a], "b": PageFixture.rowNames[b], "aOnly": only(a, b), "bOnly": only(b, a),
            ]
        }
        let shown = fixture.record(7, PageFixture.fourSamples).draws
        return [
            "sessions": records.count, "sessionsPerItem": rows.count, "minTokens": tokens.min() ?? 0,
            "maxTokens": tokens.max() ?? 0,
            "results": [
                "right": records.count { ($0.score ?? 0) > 0.5 },
                "wrong": records.count { $0.score.map { $0 <= 0.5 } ?? false },
                "failed": records.count { $0.error != nil }, "cut off": records.count { $0.finish == .length },
                "strict and lenient grades differ": records.count { $0.strictScore != $0.score },
            ],
            "row": PageFixture.rowNames[PageFixture.fourSamples],
            "rightOfRow": (0..<fixture.items).count { fixture.isRight($0, PageFixture.fourSamples) },
            "id": "item-00033", "timelineItem": "item-00007", "draws": shown.count,
            "bars": [
                "stop": shown.count { $0.finish == .stop }, "length": shown.count { $0.finish == .length },
                "cancelled": shown.count { $0.finish == .cancelled },
            ],
            "flips": [flips(2, 2), flips(0, 6), flips(5, 0)],
            "hostile": [
                [
                    "item": "item-00000", "row": ReportFixture.hostile,
                    "shown": ["</script><script>window.owned=1", "<!-- <img src=x onerror"],
                ],
                [
                    "item": "item-00001", "row": ReportFixture.hostile,
                    "shown": ["\\u{202e}gnp.exe\\u{202c}", "\\u{1b}[31m", "</style>"],
                ],
                ["item": "item-00002", "row": ReportFixture.hostile, "shown": ["bytes are left out here"]],
                [
                    "item": "item-00003", "row": ReportFixture.hostile,
                    "shown": ["${1+1} {{7*7}} \\u003cscript> &lt;b&gt;"],
                ],
                ["item": "item-00004", "row": "sc samples=4", "shown": ["<b>1</b>"]],
            ],
        ]
    }
}
