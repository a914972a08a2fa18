import Foundation
import Testing

/// Published figures on the recordings they were published on; read where they are, see `docs/reproductions.md`.
@Suite(.serialized) struct RecordedFiguresTests {
    private static let pools = BuiltBinary.root.deletingLastPathComponent().appendingPathComponent("shared/pools").path

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: pools), "../shared/pools is not here"),
        arguments: [("tot-game24", 6), ("verify-cot-date", 3), ("routellm-gsm8k", 6), ("gsm8k-model-solutions", 10)])
    func `published figures are met on recorded samples`(_ pool: String, _ figures: Int) throws {
        let place = try Workplace()
        defer { place.remove() }
        let tool = try RunningTool(
            BuiltBinary.root.appendingPathComponent("scripts/reproduce"),
            ["--only", pool, "--pools", Self.pools, "--evalh", BuiltBinary.evalh.path, "--out", "table.md"],
            folder: place.url)
        let result = try tool.result()
        #expect(result.status == 0, "\(result.errors)")
        let rows = try place.text("table.md").split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.filter { $0.contains("| agrees") }.count >= figures)
        #expect(rows.filter { $0.contains("does not agree") }.isEmpty)
    }
}
