import Foundation
import Testing

/// `evalh plugin replay`: a new build of a plugin on an old run.
@Suite(.enabled(if: BadPlugin.compiler != nil, "no C compiler"), .serialized)
struct PluginReplayTests {
    /// A strategy that asks `count` times and gives the last answer.
    private func build(_ count: Int, as name: String, in place: Workplace) throws {
        try place.write("#include \"bad.h\"\nSTRATEGY(create, step, destroy, estimate)\n", to: "vote.c")
        try BadPlugin.compile(
            place.url.appendingPathComponent("vote.c"), ["-DASKS=\(count)"], into: name, of: place)
    }

    private func run(_ place: Workplace, _ server: MockServer) throws {
        try place.writeItems(6)
        try build(3, as: "vote.so", in: place)
        try place.writeSuite(
            server, arms: "[greedy, {id: last, strategy: org.example.bad}]", extra: "plugins: [vote.so]")
        let result = try place.evalh("run", "suite.yaml")
        try #require(result.status == 0, "\(result.errors)")
    }

    @Test func `the same build decides the same, and the exit code says so`() throws {
        let (place, server) = (try Workplace(), try MockServer())
        defer { place.remove() }
        try run(place, server)
        let result = try place.evalh("plugin", "replay", "reports/suite/latest", "vote.so")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output == "6 sessions played again: 0 changed (0 answers, 0 scores), tokens ±0\n")
    }

    @Test func `shipped strategies that stop early, stream and cancel decide the same on their own run`() throws {
        let (place, server) = (try Workplace(), try MockServer())
        defer { place.remove() }
        try place.writeItems(12)
        try place.writeSuite(
            server,
            arms: """

                  - {id: sc, strategy: self-consistency, with: {samples: 5}}
                  - {id: ac, strategy: adaptive-consistency, with: {max_samples: 8}}
                  - {id: esc, strategy: esc, with: {window: 2, max_samples: 6}}
                  - {id: guard, strategy: runaway-guard}
                  - {id: dynasor, strategy: dynasor, with: {every_tokens: 8}}
                  - {id: bandit, strategy: bandit}
                """)
        let live = try place.evalh("run", "suite.yaml")
        try #require(live.status == 0, "\(live.errors)")
        let paid = try server.count("completions_paid")
        let library = BuiltBinary.folder.appendingPathComponent("libEvalhPlugins.so").path
        let result = try place.evalh("plugin", "replay", "reports/suite/latest", library)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("72 sessions played again: 0 changed"))
        #expect(try server.count("completions_paid") == paid)
    }

    @Test func `a build that asks less is told by its first other decision and the tokens it saves`() throws {
        let (place, server) = (try Workplace(), try MockServer())
        defer { place.remove() }
        try run(place, server)
        try build(2, as: "fewer.so", in: place)
        let result = try place.evalh("plugin", "replay", "reports/suite/latest", "fewer.so", "--limit", "4")
        #expect(result.status == 1, "\(result.errors)")
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 5, "\(result.output)\(result.errors)")
        #expect(lines[0].hasPrefix("item 0, last, repeat 0: decision 3 was: asks main for sample 2 of request "))
        #expect(lines[0].contains("; now: ends (done) with "))
        #expect(lines[0].contains("; tokens −"))
        #expect(lines[4].hasPrefix("4 sessions played again: 4 changed ("))
    }

    @Test func `a build that asks for more than was recorded says so`() throws {
        let (place, server) = (try Workplace(), try MockServer())
        defer { place.remove() }
        try run(place, server)
        try build(4, as: "more.so", in: place)
        let result = try place.evalh("plugin", "replay", "reports/suite/latest", "more.so", "--json")
        #expect(result.status == 1, "\(result.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(report["evalh_plugin_replay"] as? Int == 1)
        #expect(report["sessions"] as? Int == 6 && report["not_recorded"] as? Int == 6)
        let changes = try #require(report["changes"] as? [[String: Any]])
        #expect(changes.count == 6)
        #expect((changes[0]["new"] as? String)?.contains("sample 3 of a request that the run has not recorded") == true)
        #expect(changes[0]["recorded"] as? Bool == false)
    }

    @Test func `a grader's new build is told by the grades it changes`() throws {
        let (place, server) = (try Workplace(), try MockServer())
        defer { place.remove() }
        try place.write(
            """
            #include "grader.h"
            static int32_t half(void *grader, const evalh_grade_input *input, evalh_grade_output *out) {
                int32_t result = grade(grader, input, out);
                out->score = SCORE;
                return result;
            }
            GRADER(half, extract, NULL)
            """, to: "grader.c")
        let source = place.url.appendingPathComponent("grader.c")
        try BadPlugin.compile(source, ["-DSCORE=1"], into: "grader.so", of: place)
        try BadPlugin.compile(source, ["-DSCORE=0.5"], into: "half.so", of: place)
        try place.writeItems(3)
        try place.writeSuite(server, arms: "[greedy]", extra: "plugins: [grader.so]")
        let text = try place.text("suite.yaml").replacing("{use: numeric}", with: "{use: org.example.bad}")
        try place.write(text, to: "suite.yaml")
        let live = try place.evalh("run", "suite.yaml")
        try #require(live.status == 0, "\(live.errors)")
        #expect(try place.evalh("plugin", "replay", "reports/suite/latest", "grader.so").status == 0)
        let result = try place.evalh("plugin", "replay", "reports/suite/latest", "half.so")
        #expect(result.status == 1, "\(result.errors)")
        #expect(result.output.contains("item 2, greedy, repeat 0: was: is graded 1.0"))
        #expect(result.output.contains("; score 1 → 0.5"))
        #expect(result.output.contains("3 changed (0 answers, 3 scores), tokens ±0"))
    }

    @Test func `what cannot be played is told before anything is`() throws {
        let (place, server) = (try Workplace(), try MockServer())
        defer { place.remove() }
        try run(place, server)
        try place.write("#include \"grader.h\"\nGRADER(grade, extract, NULL)\n", to: "other.c")
        try BadPlugin.compile(place.url.appendingPathComponent("other.c"), into: "other.so", of: place)
        let other = try place.evalh("plugin", "replay", "reports/suite/latest", "other.so")
        #expect(other.status == 2)
        #expect(other.errors.contains("offers nothing that the run's arms use"))
        let arm = try place.evalh("plugin", "replay", "reports/suite/latest", "vote.so", "--arm", "first")
        #expect(arm.status == 2)
        #expect(arm.errors.contains("the run has no arm first; it has: greedy, last"))
        #expect(try place.evalh("plugin", "replay", "reports/suite/latest", "none.so").status == 2)
        #expect(try place.evalh("plugin", "replay", "nowhere", "vote.so").status == 2)
    }
}
