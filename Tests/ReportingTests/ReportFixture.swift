import Foundation

@testable import Reporting

enum ReportFixture {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static let hostile = "<img src=x onerror=\"alert(1)\">|*`]]>&"

    /// A small run with levels, an oracle, an arm without a price, one that failed throughout and one with a hostile name.
    static func summary() throws -> RunSummary {
        try JSONDecoder().decode(RunSummary.self, from: Data(contentsOf: folder.appendingPathComponent("summary.json")))
    }

    static let hostileAnswer = "</pre><script>alert('answer')</script>\u{202E}\u{1B}[31m"

    static func page(_ summary: RunSummary) -> String {
        HTMLReport.render(
            summary,
            examples: [
                .init(
                    item: "i1", arm: hostile, why: "wrong: read as <b>4</b>", input: "<style>*{display:none}</style>",
                    target: "\"><script>",
                    answer: hostileAnswer)
            ])
    }
}
