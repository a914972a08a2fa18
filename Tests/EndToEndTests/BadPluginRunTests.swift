import Foundation
import Testing

/// What becomes of a run with a bad plugin in it: never a good end, never a lost journal.
@Suite(.enabled(if: BadPlugin.compiler != nil, "no C compiler"))
struct BadPluginRunTests {
    struct Bad: CustomTestStringConvertible {
        var file: String
        /// The exit code, and a part of what is said.
        var status: Int32
        var says: String
        var extra = ""
        var testDescription: String { file }
    }

    static let strategies = [
        Bad(file: "07-hang-step", status: 7, says: "org.example.bad"),
        Bad(file: "15-seq", status: 7, says: "seq must increase"),
        Bad(file: "19-never-finishes", status: 7, says: "waits for nothing"),
        // Not loaded, so that the suite names what there is not.
        Bad(file: "23-struct-size", status: 2, says: "org.example.bad"),
        Bad(file: "31-abi-major", status: 2, says: "org.example.bad"),
        Bad(
            file: "34-refused-budget", status: 7, says: "gave no reason",
            extra: "budget: {session: {tokens: 20}}"),
    ]

    @Test(arguments: strategies) func `a bad strategy costs its own sessions and ends the run with 7`(bad: Bad) throws {
        let (place, server) = (try Workplace(), try MockServer())
        defer { place.remove() }
        try place.writeItems(3)
        try BadPlugin.compile(
            BadPlugin.folder.appendingPathComponent(bad.file + ".c"), into: "bad.so", of: place)
        try place.writeSuite(
            server, arms: "[greedy, {id: bad, strategy: org.example.bad}]", extra: "plugins: [bad.so]\n\(bad.extra)")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == bad.status, "\(result.errors)")
        let report = (try? place.text("reports/suite/latest/samples.jsonl")) ?? ""
        #expect((result.errors + report).contains(bad.says), "\(result.errors)\(report)")
    }
}
