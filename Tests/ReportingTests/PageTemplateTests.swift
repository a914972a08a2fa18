import Foundation
import Testing

@testable import Reporting

/// The page's HTML escapes whatever it is given, in texts and in attributes.
@Suite struct PageTemplateTests {
    @Test func `templates escape texts and attributes, and show what cannot be seen`() {
        let table = HTMLTable(
            caption: "a\"b", heads: ["<i>", "n"], rows: [[.text("x & 'y'"), .number("\u{202E}1")]]
        ).html
        #expect(table.contains("aria-label=\"a&quot;b\"") && table.contains("&lt;i&gt;"))
        #expect(table.contains("x &amp; &#39;y&#39;") && table.contains("\u{FFFD}1"))
    }

    /// A mark that combines with the character before it makes one grapheme of both; escaping looks at each.
    @Test(arguments: ["<", ">", "&", "\"", "'"])
    func `a combining mark hides no character`(character: String) {
        let text = PageTemplate.note("a" + character + "\u{0301}b")
        #expect(!text.contains("a" + character + "\u{0301}b"))
        let escaped = ["<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;", "'": "&#39;"]
        #expect(text.unicodeScalars.starts(with: "<p class=\"note\">a\(escaped[character] ?? "")".unicodeScalars))
    }

    @Test func `only what templates and plots made stands unescaped`() throws {
        let made: Set = [
            "policy", "style", "body", "data", "header", "content", "markup", "table", "svg", "waterfall", "steps",
            "negative", "trajectories", ".",
        ]
        for template in PageAssets.templates {
            let names = template.text.matches(of: /\{\{\{([^}]+)\}\}\}/).map { String($0.1) }
            #expect(made.isSuperset(of: names), "\(template.name)")
            #expect(!template.text.contains("{{&"), "\(template.name)")
        }
    }

    @Test func `the style has each axis and the plots' colours`() {
        for (place, colour) in FrontierPlot.colours.enumerated() {
            #expect(PageAssets.style.contains("--s\(place): light-dark(\(colour),"))
        }
    }
}
