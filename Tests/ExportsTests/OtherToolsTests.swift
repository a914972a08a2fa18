import Foundation
import Journal
import Reporting
import Testing

@testable import Exports

@Suite("Exports as the tools themselves read them")
struct OtherToolsTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("scripts/check-exports.py").path

    /// The script's exit code where the packages cannot be had.
    private static let cannotBeHad: Int32 = 77

    /// Makes a run with its reports and exports and has the script compare them.
    private func check(sessions: Int, rowsPerPass: Int) throws -> (code: Int32, output: String) {
        let folder = try ExportFixture.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let journal = try ExportFixture.journal(in: folder, sessions: sessions)
        _ = try ReportWriter.write(journal: journal, description: ExportFixture.description, to: folder)
        try RunExport.write(
            Set(ExportFormat.allCases), journal: journal, description: ExportFixture.description, to: folder,
            rowsPerPass: rowsPerPass)
        return try ExportFixture.run(["python3", Self.script, folder])
    }

    @Test(
        "Inspect and lm-eval find in a hostile run what its own reports say, complete or not",
        arguments: [(sessions: Int.max, rowsPerPass: 32), (sessions: 67, rowsPerPass: 3)])
    func agree(sessions: Int, rowsPerPass: Int) throws {
        let result = try check(sessions: sessions, rowsPerPass: rowsPerPass)
        if result.code == Self.cannotBeHad {
            try Test.cancel("Inspect and lm-eval cannot be had from PyPI: \(result.output.suffix(300))")
        }
        #expect(result.code == 0, "\(result.output.suffix(3000))")
        #expect(result.output.contains("status \(sessions == .max ? "success" : "started")"))
        #expect(result.output.contains("3 tasks agree"))
    }
}
