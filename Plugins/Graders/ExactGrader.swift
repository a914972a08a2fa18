import EvalhPluginKit
import Foundation

struct ExactParameters: PluginParameters {
    @Parameter("Upper and lower case are the same.") var ignoreCase = false
    @Parameter("Runs of white space count as one space.") var normaliseSpace = true
}

/// The whole answer equals the target.
struct ExactGrader: ComparingGrader {
    static let descriptor = Descriptor(
        id: "exact", version: "1.0.0", title: "The whole answer equals the target",
        description: """
            Both texts are brought to Unicode's normal form NFKC, so that ligatures, full-width forms and composed
            letters count as what they stand for. White space at both ends does not count, and runs of it are one space
            unless `normalise_space` is false. An empty answer is no answer.
            """,
        source: "evalh")

    private let parameters: ExactParameters

    init(parameters: ExactParameters) { self.parameters = parameters }

    func find(_ text: String) -> FoundAnswer? {
        let value = canonical(TextLimit.end(of: text))
        return value.isEmpty ? nil : FoundAnswer(value, stage: "whole")
    }

    func isRight(_ answer: String, target: String) -> Bool { answer == canonical(target) }

    private func canonical(_ text: String) -> String {
        // ASCII is in normal form as it is, and most texts are ASCII.
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        var result = isPlain ? text : text.precomposedStringWithCompatibilityMapping
        if parameters.normaliseSpace {
            let words =
                isPlain
                ? result.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map { Substring($0) }
                : result.split(whereSeparator: \.isWhitespace)
            result = words.joined(separator: " ")
        }
        return parameters.ignoreCase ? result.lowercased() : result
    }
}
