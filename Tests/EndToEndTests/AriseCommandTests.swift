import Foundation
import Testing

/// ARISE of a real run, computed anew from samples.jsonl by another program.
@Suite(.serialized) struct AriseCommandTests {
    /// Mean over items of Σ Δa · (t_before / t_after)^sign(Δa), and the slope of the means.
    private static let recomputation = """
        import collections, json, sys
        cells = collections.defaultdict(lambda: collections.defaultdict(list))
        for line in open(sys.argv[1]):
            row = json.loads(line)
            if row["arm"] == "scaling" and row["error"] is None:
                cells[row["item"]][row["level"]["samples"]].append((row["score"], row["usage"]["completion_tokens"]))
        total, levels = 0, collections.defaultdict(list)
        for item in cells.values():
            points = [[sum(x) / len(x) for x in zip(*item[level])] for level in sorted(item)]
            for (a, t), (b, u) in zip(points, points[1:]):
                total += (b - a) * (t / u if b > a else u / t) if a != b else 0
            for level, point in zip(sorted(item), points): levels[level].append(point)
        means = [[sum(x) / len(x) for x in zip(*levels[level])] for level in sorted(levels)]
        print(json.dumps([total / len(cells), (means[-1][0] - means[0][0]) / (means[-1][1] - means[0][1])]))
        """

    @Test func `a run's ARISE and slope are those that another program computes from its sessions`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(50)
        try place.writeSuite(
            server, arms: "[greedy, {id: scaling, strategy: self-consistency, levels: {samples: [1, 3, 6]}}]",
            extra: """
                repeats: 2
                metrics: [accuracy, {use: arise, over: scaling}]
                gates: ["arise(scaling) >= -5", "slope(scaling) > -1"]
                """)
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        let scaling = try #require(summary["scaling"] as? [[String: Any]])
        #expect(scaling.compactMap { $0["metric"] as? String } == ["arise", "slope", "slope_pairs"])
        #expect(scaling.allSatisfy { $0["arm"] as? String == "scaling" && ($0["levels"] as? [Any])?.count == 3 })
        #expect(scaling[0]["items"] as? Int == 50)
        let value = try #require(scaling[0]["value"] as? Double)
        let (low, high) = (
            try #require(scaling[0]["ci_low"] as? Double), try #require(scaling[0]["ci_high"] as? Double)
        )
        #expect(low < value && value < high)

        try place.write(Self.recomputation, to: "recompute.py")
        let python = try RunningTool(
            URL(fileURLWithPath: "/usr/bin/env"), ["python3", "recompute.py", "reports/suite/latest/samples.jsonl"],
            folder: place.url)
        let again = try #require(JSONSerialization.jsonObject(with: Data(python.result().output.utf8)) as? [Double])
        #expect(abs(again[0] - value) < 1e-12)
        #expect(abs(again[1] - (try #require(scaling[1]["value"] as? Double))) < 1e-12)

        // The same once more from the journal.
        let report = try place.evalh("report", "reports/suite/latest", "--json")
        let printed = try #require(JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any])
        #expect(((printed["scaling"] as? [[String: Any]])?.first?["value"] as? Double) == value)
    }

    @Test func `metrics and gates that cannot be are mistakes of the suite`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(2)
        try place.writeSuite(
            server, arms: "[greedy]",
            extra: """
                metrics: [{use: arise, over: greedy}, {use: arise, with: {resamples: -1}}]
                gates: ["arize(greedy) > 0"]
                """)
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 2)
        for text in [
            "suite.yaml:9:30: error: the arm `greedy` has no levels", "resamples", "unknown metric `arize`",
            "slope_pairs",
        ] {
            #expect(result.errors.contains(text), "\(result.errors)")
        }
        #expect(try server.count("requests") == 0)
    }
}
