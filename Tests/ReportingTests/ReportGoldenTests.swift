import Foundation
import Testing

@testable import Reporting

@Suite("Reports as people see them")
struct ReportGoldenTests {
    /// Compares with `Fixtures/NAME`; `EVALH_UPDATE_GOLDEN=1` writes it anew.
    private func compare(_ text: String, with name: String) throws {
        let file = ReportFixture.folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["EVALH_UPDATE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test func `summary.md is the golden file`() throws {
        try compare(MarkdownReport.render(ReportFixture.summary()), with: "summary.md")
    }

    @Test func `junit.xml is the golden file`() throws {
        try compare(JUnitReport.render(ReportFixture.summary()), with: "junit.xml")
    }

    @Test func `the page without its sessions and script is the golden file`() throws {
        try compare(ReportFixture.page(ReportFixture.summary()) + "\n", with: "report-body.html")
    }

    @Test(arguments: CostAxis.allCases)
    func `the plots are the golden files`(axis: CostAxis) throws {
        let plot = try #require(FrontierPlot(ReportFixture.summary().arms, axis))
        // In a page the namespace goes without saying; a file of its own needs it.
        let file =
            plot.svg.replacing("<svg ", with: "<svg xmlns=\"http://www.w3.org/2000/svg\" ", maxReplacements: 1) + "\n"
        try compare(file, with: "frontier-\(axis.rawValue).svg")
    }
}
