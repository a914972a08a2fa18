import Foundation
import Testing

/// Runs whose journals were written by earlier evalhs (`Tests/JournalTests/Fixtures`).
@Suite struct OldJournalTests {
    private func place(_ format: Int) throws -> Workplace {
        let place = try Workplace()
        let folder = place.url.appendingPathComponent("run")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: BuiltBinary.root.appendingPathComponent("Tests/JournalTests/Fixtures/format-\(format).sqlite"),
            to: folder.appendingPathComponent("journal.sqlite"))
        return place
    }

    private func sessions(_ place: Workplace) throws -> Int {
        let arms = try #require(try place.json("run/summary.json")["arms"] as? [[String: Any]])
        return arms.reduce(0) { $0 + ($1["sessions"] as? Int ?? 0) }
    }

    @Test(arguments: 1...6)
    func `a run of each format is reported, then resumed to its end`(format: Int) throws {
        let place = try place(format)
        defer { place.remove() }
        let reported = try place.evalh("report", "run")
        #expect(reported.status == 0, "\(reported.errors)")
        let before = try sessions(place)
        #expect(before == (format < 4 ? 5 : 6))
        let server = try MockServer("--tokens", "12")
        // The embedded model is where it always was; the mock server of that time is not.
        let moved = format < 4 ? ["--model", "main=\(server.url)/v1", "--accept-drift"] : []
        let resumed = try place.start(["resume", "run", "--set", "budget.tokens=100000"] + moved).result()
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try sessions(place) == 12)
        #expect(try place.json("run/summary.json")["status"] as? String == "complete")
    }
}
