import Foundation
import Testing

@testable import Reporting

@Suite("The page's sections and curves")
struct PageSectionTests {
    @Test("a run without levels, metrics and sessions has no sections for them")
    func absent() throws {
        var summary = try ReportFixture.summary()
        let all = ReportPage.body(summary, PageContents(sessions: 10, sessionsWithText: 10))
        for id in ["scaling", "arise", "calibration", "flips", "truncation", "extraction", "sessions"] {
            #expect(all.contains("<section id=\"\(id)\"") && all.contains("href=\"#\(id)\""))
        }
        summary.scaling = []
        summary.arms = [summary.arms[1]]
        summary.arms[0].metrics["ece"] = nil
        summary.arms[0].metrics["aurc"] = nil
        summary.arms[0].level = nil
        let few = ReportPage.body(summary, PageContents())
        for id in ["scaling", "arise", "calibration", "flips"] {
            #expect(!few.contains("id=\"\(id)\"") && !few.contains("\"#\(id)\""))
        }
        #expect(few.contains("No finished sessions yet."))
    }

    @Test("a metric that refused says why and has no value; one that failed is named at the top")
    func refused() throws {
        let page = try ReportFixture.page(ReportFixture.summary())
        let row = try #require(page.firstMatch(of: /<tr>[^\n]*sigmoid[^\n]*/)).output
        #expect(row.contains("needs an item that gets &lt;i&gt;better") && row.contains(">–<") && !row.contains(">0<"))
        #expect(page.contains("<li>metric &lt;u&gt;x&lt;/u&gt;: gave no value within 10 s</li>"))
    }

    @Test("bars of a waterfall begin where the one before ended, the last is the sum")
    func waterfall() throws {
        let steps = [0.3, -0.1, 0.2].enumerated().map {
            WaterfallPlot.Step(name: "\($0.offset)", contribution: $0.element, detail: "")
        }
        let html = WaterfallPlot(title: "t", steps: steps, total: 0.4, caption: "").html
        let bars = html.matches(
            of: /<rect class="(gain|loss|sum)" x="[0-9.]+" y="([0-9.]+)" width="[0-9.]+" height="([0-9.]+)"/
        ).map {
            (style: String($0.1), top: Double($0.2) ?? .nan, height: Double($0.3) ?? .nan)
        }
        #expect(bars.map(\.style) == ["gain", "loss", "gain", "sum"])
        #expect(abs(bars[0].top - bars[1].top) < 0.2)
        #expect(abs(bars[1].top + bars[1].height - bars[2].top - bars[2].height) < 0.2)
        #expect(abs(bars[2].top - bars[3].top) < 0.2)
        #expect(abs(bars[0].height / bars[1].height - 3) < 0.05)
        #expect(WaterfallPlot(title: "t", steps: [], total: 0, caption: "").html.isEmpty)
    }

    @Test("a curve with nothing finite is not drawn, and each plot has its numbers beside it")
    func curves() {
        let empty = CurvePlot.Series(
            name: "a", colour: 0, points: [.init(x: .nan, y: 1)], curve: [(x: 1, y: .infinity)])
        #expect(CurvePlot(title: "t", xTitle: "x", yTitle: "y", series: [empty]).html.isEmpty)
        let one = CurvePlot.Series(
            name: "<b>", colour: 9, points: [.init(x: 10, y: 0.5, low: 0.4, high: 0.6), .init(x: 1000, y: 0.7)])
        let html = CurvePlot(title: "t", xTitle: "x", yTitle: "y", series: [one, empty]).html
        #expect(
            html.contains("x, logarithmic") && html.contains("<td class=\"n\">50.0%</td>") && html.contains("&lt;b&gt;")
        )
        #expect(html.ranges(of: "<tr>").count == 3 && !html.contains("nan"))
    }

    @Test("signed scales hold 0 and all values", arguments: [[0.0], [-0.2, 0.1], [5, 7], [-3], [1e-6, -1e-7]])
    func signed(values: [Double]) {
        let scale = PlotScale(signed: values, from: 100, to: 0)
        #expect(scale.low <= 0 && scale.high >= 0 && scale.low <= values.min() ?? 0 && scale.high >= values.max() ?? 0)
        #expect(scale.ticks.contains { abs($0) < 1e-12 } && scale.ticks.count >= 2 && scale.ticks.count < 12)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1\u{202F}000"), (-1_234_567, "−1\u{202F}234\u{202F}567")])
    func `thousands are apart`(value: Int, text: String) { #expect(Numbers.count(value) == text) }
}
