import Completions
import Foundation
import Testing

@testable import SuiteModel

@Suite("Diagnostics as people see them")
struct DiagnosticsGoldenTests {
    /// Compares with `NAME.txt`; `EVALH_UPDATE_GOLDEN=1` writes it anew.
    @Test("mistakes are shown as in the golden files", arguments: ["eight-mistakes", "wide", "tab", "yaml-traps"])
    func golden(name: String) throws {
        let source = try fixture("diagnostics/\(name).yaml")
        let loader = SuiteLoader(currentDirectory: "/suites") { text, arms, _ in
            guard let name = text.split(separator: "(").last?.prefix(while: { $0 != ")" }), !arms.contains(String(name))
            else { return [] }
            return [GateMistake(offset: 9, length: name.count, message: "unknown arm `\(name)`")]
        }
        let result = loader.load(
            source: SourceText(name: "\(name).yaml", bytes: source.bytes), vocabulary: { _ in testVocabulary })
        let file = fixtures.appendingPathComponent("diagnostics/\(name).txt")
        if ProcessInfo.processInfo.environment["EVALH_UPDATE_GOLDEN"] == "1" {
            try result.rendered.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(result.rendered == (try String(contentsOf: file, encoding: .utf8)))
        #expect(result.suite == nil)
    }

    @Test("eight different mistakes give at least eight located errors, sorted by place")
    func eightMistakes() throws {
        let result = SuiteLoader(currentDirectory: "/suites").load(
            source: try fixture("diagnostics/eight-mistakes.yaml"), vocabulary: { _ in testVocabulary })
        let errors = result.diagnostics.filter { $0.severity == .error && $0.line > 0 && $0.column > 0 }
        #expect(errors.count >= 8)
        #expect(Set(errors.map(\.line)).isSuperset(of: [2, 3, 7, 9, 10, 13, 14, 15, 17]))
        #expect(errors.map(\.line) == errors.map(\.line).sorted())
    }

    @Test("a secret in the wrong place is not repeated")
    func secrets() throws {
        let result = SuiteLoader(currentDirectory: "/suites").load(
            source: try fixture("diagnostics/wide.yaml"), vocabulary: { _ in testVocabulary })
        #expect(result.diagnostics.contains { $0.message.contains("api_key_env") })
        #expect(!result.rendered.contains("verysecret"))
        #expect(!result.rendered.contains("user:secret"))
    }

    @Test("control characters of a source never reach the terminal")
    func controlCharacters() {
        let source = SourceText(name: "a\u{1B}[31m.yaml", text: "key\u{7}: \u{1B}[2J\u{202E}x\tend\n")
        let text = DiagnosticRenderer(sources: [source]).render(
            Diagnostic(
                at: SourceSpan(file: source.name, line: 1, column: 7, endColumn: 8), "bad \u{1B}[0m text",
                hint: "a\u{0}b"))
        #expect(
            !text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x202E || $0.value == 0x1B })
        #expect(text.contains("\\u{1B}"))
    }

    @Test("the caret stands below its column after tabs and wide characters")
    func caretColumns() {
        let source = SourceText(name: "f", text: "\t数据 x: 1")
        let lines = DiagnosticRenderer(sources: [source])
            .render(Diagnostic(at: SourceSpan(file: "f", line: 1, column: 5, endColumn: 6), "here")).split(
                separator: "\n")
        #expect(lines[1] == "  1 |     数据 x: 1")
        // Four columns for the tab, two for each wide character, one blank.
        #expect(lines[2] == "    | " + String(repeating: " ", count: 9) + "^")
    }

    @Test("long lines are cut around the mark")
    func longLines() {
        let source = SourceText(
            name: "f", text: String(repeating: "a", count: 5000) + "X" + String(repeating: "b", count: 5000))
        let text = DiagnosticRenderer(sources: [source], width: 60)
            .render(Diagnostic(at: SourceSpan(file: "f", line: 1, column: 5001, endColumn: 5002), "here"))
        let lines = text.split(separator: "\n")
        #expect(lines[1].count < 80)
        let caret = lines[2].firstIndex(of: "^").map { lines[2].distance(from: lines[2].startIndex, to: $0) } ?? 0
        #expect(Array(lines[1])[caret] == "X")
    }

    @Test(
        "names are corrected",
        arguments: [
            ("max-tokens", "max_tokens"), ("temprature", "temperature"), ("datset", "dataset"), ("Seed", "seed"),
            ("temp", "temperature"),
            ("modles", "models"),
        ])
    func nearest(written: String, meant: String) {
        #expect(
            NearestName.find(written, in: SuiteKeys.suite.keys.map(\.name) + SuiteKeys.sampling.keys.map(\.name))
                == meant)
    }

    @Test("nothing is suggested for a name that is nothing like any other")
    func noSuggestion() {
        #expect(NearestName.find("zzz", in: ["dataset", "models"]) == nil)
        #expect(NearestName.find("", in: ["dataset"]) == nil)
    }
}
