import Foundation
import Testing

struct HardCase: Decodable, Sendable, CustomTestStringConvertible {
    var text: String
    var target: String
    var score: Double
    var strict: Double
    var stage: String?
    var note: String

    var testDescription: String { "\(text.prefix(40)) ⇔ \(target.prefix(20)) \(note)" }

    static let all: [HardCase] = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/numeric.jsonl")
        guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(HardCase.self, from: Data($0.utf8)) }
    }()
}
