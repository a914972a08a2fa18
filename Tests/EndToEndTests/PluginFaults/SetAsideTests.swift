import Foundation
import Testing

/// A plugin that crashes again and again is set aside, and a run that lacks something never reads as passed.
@Suite(.enabled(if: Mischief.isPossible, "no C compiler")) struct SetAsideTests {
    @Test func `the third crash of a strategy sets its arm aside, until its library is another`() throws {
        let mischief = try Mischief(["strategy"], extra: "gates: [\"errors(greedy) == 0\"]")
        defer { mischief.remove() }
        #expect(try mischief.evalh("run", "suite.yaml", deed: "step:crash").status == 7)
        for time in 1...2 {
            let again = try mischief.evalh("resume", "reports/suite/latest", deed: "step:crash")
            #expect(again.status == 7)
            #expect(again.errors.contains("(\(time) of 3 times until it is set aside)"), "\(again.errors)")
        }
        let aside = try mischief.evalh("resume", "reports/suite/latest", deed: "step:crash")
        #expect(aside.status == 7, "\(aside.errors)")
        #expect(aside.errors.contains("going on without arm bad: set aside: it took evalh with it 3 times"))
        #expect(aside.errors.contains("pass errors(greedy) == 0"), "\(aside.errors)")
        let arms = try #require(
            try mischief.place.json("reports/suite/latest/summary.json")["arms"] as? [[String: Any]])
        #expect(arms.map { $0["sessions"] as? Int } == [4, 0])
        #expect((arms.last?["left_out"] as? [String: Any])?["fault"] as? Bool == true)
        #expect(try mischief.place.text("reports/suite/latest/summary.md").contains("**incomplete** bad is incomplete"))
        #expect(try mischief.place.text("reports/suite/latest/junit.xml").contains("bad is incomplete, 4 sessions"))
        #expect(try mischief.place.text("reports/suite/latest/report.html").contains("Arms that were left out"))

        // A library that was built anew has a clean slate.
        let library = mischief.place.url.appendingPathComponent("libmischief.so")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: library.path)
        let mended = try mischief.evalh("resume", "reports/suite/latest")
        #expect(mended.status == 0, "\(mended.errors)")
        #expect(mended.errors.contains("its library has changed since"), "\(mended.errors)")
    }

    @Test func `a grader is not set aside, the run is refused and says how to try all the same`() throws {
        let mischief = try Mischief(["strategy", "grader"])
        defer { mischief.remove() }
        #expect(try mischief.evalh("run", "suite.yaml", deed: "extract:crash").status == 7)
        for _ in 1...2 {
            #expect(try mischief.evalh("resume", "reports/suite/latest", deed: "extract:crash").status == 7)
        }
        let refused = try mischief.evalh("resume", "reports/suite/latest")
        #expect(refused.status == 7 && refused.errors.contains("the grader mischief.grader 1.0.0 is set aside"))
        let path = try #require(refused.errors.split(separator: "remove ").last).trimmingCharacters(in: .newlines)
        try FileManager.default.removeItem(atPath: path)
        #expect(try mischief.evalh("resume", "reports/suite/latest").status == 0)
    }

    @Test func `a report goes without a metric that crashed three times, and is no success`() throws {
        let mischief = try Mischief(["metric"])
        defer { mischief.remove() }
        #expect(try mischief.evalh("run", "suite.yaml", deed: "result:crash").status == 7)
        for _ in 1...2 {
            #expect(try mischief.evalh("report", "reports/suite/latest", deed: "result:crash").status == 7)
        }
        let resumed = try mischief.evalh("resume", "reports/suite/latest", deed: "result:crash")
        #expect(resumed.status == 7, "\(resumed.errors)")
        let summary = try mischief.place.json("reports/suite/latest/summary.json")
        #expect(summary["status"] as? String == "complete")
        #expect((summary["problems"] as? [String])?.first?.contains("metric mischief.metric: ") == true)
    }

    @Test func `--without names arms of the run, and leaves one at least`() throws {
        let mischief = try Mischief(["strategy"])
        defer { mischief.remove() }
        #expect(try mischief.evalh("run", "suite.yaml", deed: "step:crash").status == 7)
        let unknown = try mischief.evalh("resume", "reports/suite/latest", "--without", "worse")
        #expect(unknown.status == 2 && unknown.errors.contains("there is no arm 'worse'; the run has: greedy, bad"))
        let all = try mischief.evalh("resume", "reports/suite/latest", "--without", "bad", "--without", "greedy")
        #expect(all.status == 2 && all.errors.contains("no arm is left to go on with"), "\(all.errors)")
    }

    @Test func `a gate on an arm that was left out before its first session does not pass`() throws {
        let mischief = try Mischief(["strategy"], extra: "gates: [\"errors(bad) == 0\", \"usd(bad) <= 1\"]")
        defer { mischief.remove() }
        #expect(try mischief.evalh("run", "suite.yaml", deed: "step:crash").status == 7)
        let result = try mischief.evalh("resume", "reports/suite/latest", "--without", "bad")
        #expect(result.status == 3, "\(result.errors)")
        #expect(result.errors.contains("errors(bad) has no value yet"), "\(result.errors)")
    }

    @Test func `an allocator goes on without an arm: it is shown its sessions as failed`() throws {
        let mischief = try Mischief(["strategy", "allocator"])
        defer { mischief.remove() }
        #expect(try mischief.evalh("run", "suite.yaml", deed: "step:crash").status == 7)
        let result = try mischief.evalh("resume", "reports/suite/latest", "--without", "bad")
        #expect(result.status == 4, "\(result.errors)")
        let summary = try mischief.place.json("reports/suite/latest/summary.json")
        #expect((summary["arms"] as? [[String: Any]])?.map { $0["sessions"] as? Int } == [4, 0])
        #expect(try mischief.evalh("resume", "reports/suite/latest").status == 0)
    }

    @Test func `an allocator that wants nothing is a fault, and no gate passes on nothing`() throws {
        let mischief = try Mischief(["allocator"], extra: "gates: [\"errors(greedy) == 0\"]")
        defer { mischief.remove() }
        let result = try mischief.evalh("run", "suite.yaml", deed: "next:nothing")
        #expect(result.status == 7, "\(result.errors)")
        #expect(result.errors.contains("mischief.allocator: wants no session at all, because: all of it"))
        #expect(!result.errors.contains("pass errors(greedy)"), "\(result.errors)")
    }
}
