import Foundation
import Testing

@testable import ReferenceModel

/// The model that ships with the build.
enum Shipped {
    static let model: ReferenceModel = {
        do {
            return try ReferenceModel(path: ReferenceModel.installedPath ?? "missing")
        } catch {
            fatalError("\(error)")
        }
    }()
}

@Suite struct TrainingAgreementTests {
    struct Case: Decodable {
        var text: String
        var tokens: [Int]
        var rows: [Int]
        var logits: [[Double]]
    }

    static func cases() throws -> [Case] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/vectors.json")
        return try JSONDecoder().decode([Case].self, from: Data(contentsOf: path))
    }

    @Test func textBecomesTheTokensOfTheTraining() throws {
        for one in try Self.cases() {
            let tokens = [Vocabulary.user] + Shipped.model.vocabulary.encode(one.text) + [Vocabulary.assistant]
            #expect(tokens == one.tokens)
            #expect(Shipped.model.vocabulary.decode(tokens) == one.text)
        }
    }

    @Test func logitsOfEveryLayerAgreeWithTheTraining() throws {
        for one in try Self.cases() {
            let all = Shipped.model.allLogits(one.tokens)
            for (layer, expected) in one.logits.enumerated() {
                let logits = all[layer][one.tokens.count - 1]
                let worst = zip(one.rows, expected).map { abs(Double(logits[$0]) - $1) }.max() ?? .infinity
                #expect(worst < 1e-3, "layer \(layer + 1): off by \(worst)")
            }
        }
    }
}
