import CEvalhPlugin
import EvalhPluginKit
import EvalhPluginTesting
import Testing

private struct Exact: ExtractingGrader {
    struct Parameters: PluginParameters {
        @Parameter("Trim white space.") var trim = true
    }

    static let descriptor = Descriptor(
        id: "test.exact", version: "1.2.3", title: "Exact", description: "D", source: "S")
    let parameters: Parameters

    init(parameters: Parameters) throws { self.parameters = parameters }

    func grade(_ input: GradeInput) throws -> Grade {
        guard input.target != "broken" else { throw ParameterError("no target") }
        let answer = try extract(input.answer)?.answer ?? ""
        let isRight = answer == input.target && input.finish == .stop
        return Grade(isRight ? 1 : 0, strict: 0, extracted: answer, stage: "whole", explanation: input.fieldsJSON)
    }

    func extract(_ text: String) throws -> Extraction? {
        text.isEmpty
            ? nil : Extraction(answer: parameters.trim ? String(text.drop { $0 == " " }) : text, stage: "whole")
    }
}

private struct MeanScore: Metric {
    static let descriptor = Descriptor(id: "test.mean", version: "1.0.0", title: "Mean")
    private var sum = 0.0
    private var count = 0
    private let seed: UInt64

    init(parameters: NoParameters, seed: UInt64) { self.seed = seed }

    mutating func add(_ row: SessionRow) throws {
        guard let score = row.score else { return }
        sum += score
        count += 1
    }

    mutating func result() throws -> [MetricValue] {
        [MetricValue("mean", arm: "a", value: sum / Double(count), n: count, method: "seed \(seed)")]
    }
}

/// Collects what a plugin puts into a sink.
private final class Collected {
    var texts: [String] = []
    var values: [(name: String, value: Double, n: Int64, method: String, levelIndex: Int64, lowIsAbsent: Bool)] = []
}

private func text(_ text: evalh_str) -> String {
    String(decoding: UnsafeRawBufferPointer(start: text.ptr, count: Int(text.len)), as: UTF8.self)
}

private func withText<Result>(_ string: String, _ body: (evalh_str) -> Result) -> Result {
    var string = string
    return string.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { body(evalh_str(ptr: $0.baseAddress, len: UInt64($0.count))) }
    }
}

@Suite struct LibraryTests {
    private static let library = Library(
        name: "test", version: "0.1.0", requires: ["evalh.stream/1"],
        plugins: [.strategy(Everything.self), .grader(Exact.self), .metric(MeanScore.self)])

    @Test func `the table says what the library offers, the same every time`() throws {
        let table = try #require(Self.library.table(for: nil))
        #expect(Self.library.table(for: nil) == table)
        let raw = table.load(as: evalh_library.self)
        #expect(raw.struct_size == 104 || raw.struct_size == UInt32(MemoryLayout<evalh_library>.size))
        #expect(raw.abi_minor_required == 0)
        #expect(raw.features_required_count == 1)
        #expect(raw.features_required.map { text($0.pointee) } == "evalh.stream/1")
        let library = try ScriptedLibrary(table: table)
        #expect(library.plugins.map(\.kind) == ["evalh.strategy/1", "evalh.grader/1", "evalh.metric/1"])
        #expect(try library.plugin("test.exact").descriptor == Exact.descriptor)
        #expect(try library.plugin("test.exact").schema == Exact.Parameters.schema)
        #expect(throws: ScriptedError.self) { try library.plugin("other") }
    }

    @Test func `a grader grades, finds answers and refuses wrong parameters through its table`() throws {
        let plugin = try ScriptedLibrary(table: Self.library.table(for: nil)).plugin("test.exact")
        let grader = try #require(plugin.table?.load(as: evalh_grader.self))
        let collected = Collected()
        var sink = evalh_text_sink()
        sink.struct_size = UInt32(MemoryLayout<evalh_text_sink>.size)
        sink.context = Unmanaged.passUnretained(collected).toOpaque()
        sink.set = { sink, string in
            guard let context = sink?.pointee.context else { return }
            Unmanaged<Collected>.fromOpaque(context).takeUnretainedValue().texts.append(text(string))
        }
        #expect(withText(#"{"trim":1}"#) { grader.create?($0, &sink) } == nil)
        #expect(collected.texts == ["the parameter trim must be true or false, not a whole number"])
        let instance = try #require(withText(#"{"trim":true}"#) { grader.create?($0, &sink) })
        collected.texts = []
        func grade(_ answer: String, _ target: String) -> (Int32?, Double, Double) {
            withText(answer) { answer in
                withText(target) { target in
                    withText("{}") { fields in
                        withUnsafePointer(to: &sink) { sink in
                            var input = evalh_grade_input()
                            input.struct_size = UInt32(MemoryLayout<evalh_grade_input>.size)
                            (input.answer, input.target, input.fields_json) = (answer, target, fields)
                            var out = evalh_grade_output()
                            out.struct_size = UInt32(MemoryLayout<evalh_grade_output>.size)
                            (out.extracted, out.stage, out.explanation) = (sink, sink, sink)
                            return (grader.grade?(instance, &input, &out), out.score, out.strict_score)
                        }
                    }
                }
            }
        }
        #expect(grade("  42", "42") == (EVALH_OK, 1, 0))
        #expect(collected.texts == ["42", "whole", "{}"])
        collected.texts = []
        #expect(grade("42", "broken").0 == EVALH_FAILED)
        #expect(collected.texts == ["no target"])
        collected.texts = []
        #expect(withText(" x") { grader.extract?(instance, $0, &sink, &sink) } == EVALH_OK)
        #expect(withText("") { grader.extract?(instance, $0, &sink, &sink) } == EVALH_FAILED)
        #expect(collected.texts == ["x", "whole"])
        grader.destroy?(instance)
    }

    @Test func `a metric sums rows and gives numbers through its table`() throws {
        let plugin = try ScriptedLibrary(table: Self.library.table(for: nil)).plugin("test.mean")
        let metric = try #require(plugin.table?.load(as: evalh_metric.self))
        let instance = try #require(metric.create?(evalh_str(ptr: nil, len: 0), 9, nil))
        for (score, isError) in [(1.0, UInt32(0)), (0.0, 0), (.nan, 1), (0.5, 0)] {
            var row = evalh_session_row()
            row.struct_size = UInt32(MemoryLayout<evalh_session_row>.size)
            row.score = score
            row.is_error = isError
            row.level_index = -1
            #expect(metric.add?(instance, &row, nil) == EVALH_OK)
        }
        let collected = Collected()
        var sink = evalh_metric_sink()
        sink.struct_size = UInt32(MemoryLayout<evalh_metric_sink>.size)
        sink.context = Unmanaged.passUnretained(collected).toOpaque()
        sink.push = { sink, value in
            guard let context = sink?.pointee.context, let value = value?.pointee else { return }
            Unmanaged<Collected>.fromOpaque(context).takeUnretainedValue().values.append(
                (text(value.name), value.value, value.n, text(value.method), value.level_index, value.ci_low.isNaN))
        }
        #expect(metric.result?(instance, &sink, nil) == EVALH_OK)
        let value = try #require(collected.values.first)
        #expect(value == ("mean", 0.5, 3, "seed 9", -1, true))
        metric.destroy?(instance)
    }

    @Test func `an unfit host gets no instance`() throws {
        let plugin = try ScriptedLibrary(table: Self.library.table(for: nil)).plugin("Everything")
        let strategy = try #require(plugin.table?.load(as: evalh_strategy.self))
        #expect(strategy.create?(nil, nil) == nil)
        var host = evalh_host()
        host.struct_size = 8
        #expect(strategy.create?(&host, nil) == nil)
        #expect(strategy.step?(nil, nil, 0, nil) == EVALH_FAILED)
        strategy.destroy?(nil)
    }

    @Test func `tokens keep their alternatives`() throws {
        struct Reader: TestStrategy {
            static func run(_ item: Item, _ session: Session) async throws -> Answer {
                let choice = try await session.complete(sampling: Sampling(topLogprobs: 2))
                let alternatives = choice.tokens.map { $0.alternatives.map(\.text).joined(separator: "|") }
                return Answer(
                    choice.tokens.map(\.text).joined(separator: " "), reason: alternatives.joined(separator: ";"))
            }
        }
        let tokens = [
            Token("a", logprob: -1, alternatives: [.init("a", logprob: -1), .init("b", logprob: -2)]),
            Token("c", logprob: -3),
            Token("d", logprob: -4, alternatives: [.init("e", logprob: -5)]),
        ]
        let outcome = try ScriptedSession(Reader.self).run { _, _ in .completion("acd", tokens: tokens) }
        #expect(outcome == .finished(Answer("a c d", reason: "a|b;;e")))
        #expect(abs((tokens.meanLogprob ?? 0) + 8.0 / 3) < 1e-12)
        #expect([Token]().meanLogprob == nil)
        #expect([Token("x", logprob: .nan)].meanLogprob == nil)
        #expect(abs((Token("x", probability: 0.25).probability) - 0.25) < 1e-12)
    }
}
