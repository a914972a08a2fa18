import Foundation
import Testing

@testable import Reporting

@Suite("The page and its plots")
struct ReportPageTests {
    private let summary: RunSummary

    init() throws { summary = try ReportFixture.summary() }

    @Test("hostile names and answers stay text in every report")
    func hostile() throws {
        let page = ReportFixture.page(summary)
        let tags = Set(page.matches(of: /<([a-zA-Z]+)/).map { String($0.1) })
        #expect(tags.isDisjoint(with: ["script", "style", "img", "b", "i", "u", "iframe", "object", "link"]))
        #expect(page.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"))
        #expect(
            page.contains("needs an item that gets &lt;i&gt;better&lt;/i&gt;") && page.contains("&lt;u&gt;x&lt;/u&gt;"))
        #expect(!page.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x1B })
        #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("url("))
        let markdown = MarkdownReport.render(summary)
        #expect(!markdown.contains("<img") && markdown.contains("&lt;img src=x onerror=\"alert(1)\"&gt;\\|\\*\\`"))
        let junit = JUnitReport.render(summary)
        #expect(
            !junit.contains("<img") && !junit.contains("]]>") && !junit.unicodeScalars.contains { $0.value == 0x1B })
    }

    @Test("an oracle says so wherever it is named, and other arms do not")
    func oracleMarks() throws {
        let page = ReportFixture.page(summary)
        for text in [page, MarkdownReport.render(summary), JUnitReport.render(summary)] {
            #expect(text.contains("peek (oracle)"))
            #expect(text.matches(of: /peek(?! \(oracle\))/).isEmpty)
            #expect(text.matches(of: /(greedy|sc|esc) \(oracle\)/).isEmpty)
        }
    }

    @Test("arms whose ids hold or are the word are marked once")
    func oracleNames() throws {
        var arms = Array(summary.arms.prefix(2))
        (arms[0].id, arms[0].oracle) = ("a", true)
        (arms[1].id, arms[1].oracle) = ("oracle", true)
        let names = OracleNames(arms)
        #expect(
            names.gate("accuracy(a) > accuracy(oracle@samples=1) + tokens(ab)")
                == "accuracy(a (oracle)) > accuracy(oracle (oracle)@samples=1) + tokens(ab)")
        #expect(names.title("oracle@samples=1") == "oracle (oracle)@samples=1")
        #expect(names.title("else") == "else")
    }

    @Test("there is a plot for each cost, of which one is shown, with something to read for who does not see it")
    func plots() throws {
        let page = ReportFixture.page(summary)
        #expect(page.ranges(of: "<figure id=\"plot-").count == CostAxis.allCases.count)
        #expect(page.ranges(of: "role=\"img\" aria-label=\"Plot of accuracy").count == CostAxis.allCases.count)
        #expect(page.ranges(of: "<input type=\"radio\"").count == CostAxis.allCases.count)
        #expect(page.ranges(of: " checked>").count == 1)
        for axis in CostAxis.allCases {
            #expect(PageAssets.style.contains("#axis-\(axis.rawValue):checked~#plot-\(axis.rawValue)"))
        }
        let money = try #require(FrontierPlot(summary.arms, .usd))
        #expect(money.points.count == summary.arms.count - 2)
    }

    @Test("nothing graded, one arm alone and many arms can be drawn")
    func extremes() throws {
        let broken = summary.arms.filter { $0.id == "broken" }
        #expect(FrontierSection.render(broken).contains("No graded sessions yet."))
        #expect(FrontierSection.render([]).isEmpty)
        let alone = FrontierSection.render(Array(summary.arms.prefix(1)))
        #expect(alone.contains("<svg ") && !alone.contains("nan") && !alone.contains("inf,"))
        let many = (0..<400).map { index in
            var arm = summary.arms[index % 5]
            arm.id = "arm-\(index)"
            arm.metrics["tokens"]?.value = 0
            return arm
        }
        #expect(!FrontierSection.render(many).contains("nan"))
    }
}
