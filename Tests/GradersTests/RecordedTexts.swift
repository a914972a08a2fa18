import Foundation
import Testing

/// A real model's text with the answer that was expected.
struct RecordedText: Sendable {
    var text: String
    var target: String
}

/// The recorded samples of `../shared/pools`: real models' texts, in the order of their files. The folder is no part of
/// the repository; `EVALH_SHARED` names another place for it.
enum RecordedTexts {
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["EVALH_SHARED"].map { URL(fileURLWithPath: $0) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let pools = (named ?? root.deletingLastPathComponent().appendingPathComponent("shared"))
            .appendingPathComponent("pools")
        return FileManager.default.fileExists(atPath: pools.path) ? pools : nil
    }()

    /// Where a file's texts and targets are: member names joined by slashes, `*` for every entry of a list.
    struct Source: Sendable, CustomTestStringConvertible {
        var file: String
        var texts: [String]
        var target: String

        var testDescription: String { file }
    }

    static let sources = [
        Source(file: "easy-arith/pool-qwen2.5-coder-0.5b-k8-t0.8.json", texts: ["samples/*/text"], target: "gold"),
        Source(
            file: "gsm8k-qwen1.5b/pool-qwen2.5-coder-1.5b-first20-k8-t0.8.json", texts: ["samples/*/text"],
            target: "gold"),
        Source(
            file: "gsm8k-model-solutions/example_model_solutions.jsonl",
            texts: ["6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"].map {
                $0 + "/solution"
            },
            target: "ground_truth"),
        Source(
            file: "routellm-gsm8k/gsm8k_responses.csv",
            texts: ["mistralai Mixtral-8x7B-Instruct-v0.1_response", "gpt-4-1106-preview_response"], target: "prompt"),
        Source(file: "math-recorded/math500_gemma27b.jsonl", texts: ["output"], target: "answer"),
        Source(file: "math-recorded/math500_qwen14b.jsonl", texts: ["output"], target: "answer"),
        Source(file: "math-recorded/math500_qwenmath7b.jsonl", texts: ["output"], target: "answer"),
        Source(file: "math-recorded/grader-cases.json", texts: ["answer"], target: "target"),
        Source(file: "verify-cot-date/date_np.json", texts: ["model_outputs/*"], target: "final_answer"),
        Source(
            file: "tot-game24/gpt-4_0.7_naive_cot_sample_100_start900_end1000.json", texts: ["ys/*"], target: "ys/0"),
        Source(
            file: "tot-game24/gpt-4_0.7_naive_standard_sample_100_start900_end1000.json", texts: ["ys/*"],
            target: "ys/0"),
        Source(
            file: "tot-game24/gpt-4_0.7_propose1_value3_greedy5_start900_end1000.json", texts: ["ys/*"],
            target: "ys/0"),
        Source(file: "codet-humaneval/code_solution.jsonl", texts: ["samples/*"], target: "samples/0"),
        Source(file: "trajectories-aime24/Qwen3-0.6B.json", texts: ["final_answers_trace/*"], target: "gold_answer"),
        Source(file: "trajectories-aime24/Qwen3-1.7B.json", texts: ["final_answers_trace/*"], target: "gold_answer"),
        Source(file: "trajectories-aime24/Qwen3-4B.json", texts: ["final_answers_trace/*"], target: "gold_answer"),
        Source(file: "trajectories-aime24/Qwen3-8B.json", texts: ["final_answers_trace/*"], target: "gold_answer"),
    ]

    static func read(_ source: Source, in folder: URL) throws -> [RecordedText] {
        let data = try Data(contentsOf: folder.appendingPathComponent(source.file))
        let rows: [Any] =
            switch (source.file as NSString).pathExtension {
            case "csv": csv(data)
            case "jsonl":
                try data.split(separator: UInt8(ascii: "\n")).map { try JSONSerialization.jsonObject(with: $0) }
            default: try JSONSerialization.jsonObject(with: data) as? [Any] ?? []
            }
        return rows.flatMap { row in
            let target = values(source.target, in: row).first ?? ""
            return source.texts.flatMap { values($0, in: row) }.map { RecordedText(text: $0, target: target) }
        }
    }

    private static func values(_ path: String, in value: Any) -> [String] {
        let found = path.split(separator: "/").reduce([value]) { values, name in
            values.flatMap { value -> [Any] in
                if let object = value as? [String: Any] { return object[String(name)].map { [$0] } ?? [] }
                guard let list = value as? [Any] else { return [] }
                return name == "*" ? list : Int(name).map { Array(list.dropFirst($0).prefix(1)) } ?? []
            }
        }
        return found.compactMap { $0 as? String }
    }

    /// Records by their header's names (RFC 4180), in which a slash is a space.
    private static func csv(_ data: Data) -> [[String: Any]] {
        var records: [[String]] = [[]]
        var field: [UInt8] = []
        var isQuoted = false
        func end() {
            records[records.count - 1].append(String(decoding: field, as: UTF8.self))
            field = []
        }
        var index = data.startIndex
        while index < data.endIndex {
            let byte = data[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                let isDoubled = isQuoted && index < data.endIndex && data[index] == byte
                if isDoubled {
                    field.append(byte)
                    index += 1
                } else {
                    isQuoted.toggle()
                }
            case UInt8(ascii: ",") where !isQuoted: end()
            case UInt8(ascii: "\n") where !isQuoted:
                end()
                records.append([])
            default: field.append(byte)
            }
        }
        if !field.isEmpty || records.last?.isEmpty == false { end() }
        let names = records.removeFirst().map { $0.replacingOccurrences(of: "/", with: " ") }
        return records.filter { $0.count == names.count }.map { Dictionary(zip(names, $0)) { first, _ in first } }
    }
}
