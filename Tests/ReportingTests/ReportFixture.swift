import Foundation

@testable import Reporting

enum ReportFixture {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static let hostile = "<img src=x onerror=\"alert(1)\">|*`]]>&"

    /// A small run with levels, an oracle, an arm without a price, one that failed throughout and one with a hostile
    /// name.
    static func summary() throws -> RunSummary {
        try JSONDecoder().decode(RunSummary.self, from: Data(contentsOf: folder.appendingPathComponent("summary.json")))
    }

    /// The page without its sessions and script.
    static func page(_ summary: RunSummary) -> String {
        ReportPage.body(summary, PageContents(sessions: 2400, sessionsWithText: 900))
    }
}
