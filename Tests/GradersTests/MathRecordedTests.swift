import Foundation
import Testing

/// Agreement with the verdicts that were recorded with real models' outputs, where the recordings are at hand.
struct MathRecordedTests {
    static let folder: URL? = {
        let folder = RecordedTexts.folder?.appendingPathComponent("math-recorded")
        return folder.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
    }()

    private struct Row: Decodable {
        var index: Int
        var answer: String
        var output: String
        var recordedRight: Bool
    }

    private struct Case: Decodable {
        var kind: String
        var grader: String
        var answer: String
        var target: String
        var want: Double
    }

    private struct Tricky: Decodable {
        var model: String
        var index: Int
        var right: Bool
    }

    /// What differs from the recorded verdict, judged by hand: model, index, our verdict, whether ours is right, why.
    private struct Difference: Hashable {
        var place: String
        var isRight: Bool

        static func listed() throws -> (differences: Set<Difference>, wrong: Int) {
            let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "Fixtures/math-differences.tsv")
            let rows = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst()
                .map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
            #expect(rows.allSatisfy { $0.count == 7 })
            return (
                Set(rows.map { Difference(place: "\($0[0]) \($0[1])", isRight: $0[2] == "right") }),
                rows.count { $0[3] != "ours" }
            )
        }
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ data: Data) throws -> T {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: data)
    }

    private func rows(_ model: String) throws -> [Row] {
        let file = try #require(Self.folder).appendingPathComponent("math500_\(model).jsonl")
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map { try Self.decode(Row.self, $0) }
    }

    @Test(.enabled(if: folder != nil, "no ../shared/pools/math-recorded here"))
    func `every verdict on recorded outputs is the recorded one, but for those that the table judges`() throws {
        let grader = try GraderUnderTest("math")
        var differences: Set<Difference> = []
        var count = 0
        for model in ["qwen14b", "gemma27b", "qwenmath7b"] {
            for row in try rows(model) {
                count += 1
                let isRight = try grader.grade(row.output, row.answer).score == 1
                if isRight != row.recordedRight {
                    differences.insert(Difference(place: "\(model) \(row.index)", isRight: isRight))
                }
            }
        }
        let (listed, wrong) = try Difference.listed()
        #expect(count == 1500)
        #expect(differences.subtracting(listed).isEmpty, "not in the table")
        #expect(listed.subtracting(differences).isEmpty, "no difference any more")
        #expect(Double(count - wrong) / Double(count) >= 0.99)
    }

    @Test(.enabled(if: folder != nil, "no ../shared/pools/math-recorded here"))
    func `every case of expressions, numbers and headings gets the score that it must get`() throws {
        let data = try Data(contentsOf: #require(Self.folder).appendingPathComponent("grader-cases.json"))
        // Reasoning is taken out before graders see a text; choices have their own grader.
        let cases = try Self.decode([Case].self, data).filter { $0.grader == "numeric" && $0.kind != "reasoning" }
        #expect(cases.count >= 12)
        for hard in cases {
            #expect(try GraderUnderTest("math").grade(hard.answer, hard.target).score == hard.want, "\(hard.answer)")
        }
    }

    @Test(.enabled(if: folder != nil, "no ../shared/pools/math-recorded here"))
    func `tricky outputs get the verdict of the hand that judged them`() throws {
        let data = try Data(contentsOf: #require(Self.folder).appendingPathComponent("tricky.json"))
        let tricky = try Self.decode([Tricky].self, data)
        #expect(tricky.count >= 38)
        let outputs = try Dictionary(
            uniqueKeysWithValues: ["qwen14b", "gemma27b", "qwenmath7b"].map { ($0, try rows($0)) })
        for output in tricky {
            let row = try #require(outputs[output.model]?[output.index])
            let grade = try GraderUnderTest("math").grade(row.output, row.answer)
            // `√5` is √5: the file calls it wrong because two other graders do not read Unicode.
            let isRight = output.right || (output.model == "gemma27b" && output.index == 85)
            #expect(grade.strictScore == (isRight ? 1 : 0), "\(output.model) \(output.index)")
        }
    }
}
