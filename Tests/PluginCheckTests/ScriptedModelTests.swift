import Completions
import Testing

@testable import PluginCheck

struct ScriptedModelTests {
    private let question = [ChatMessage(role: .user, content: "What is 40 + 2?")]

    @Test func `the same question gets the same answer, another index another`() {
        let model = ScriptedModel(seed: 4)
        let sampling = SamplingParameters(topLogprobs: 3)
        let first = model.completion(to: question, prefix: "", sampling, index: 0)
        #expect(first == model.completion(to: question, prefix: "", sampling, index: 0))
        #expect(first != model.completion(to: question, prefix: "", sampling, index: 1))
        #expect(first.tokens.map(\.token).joined() == first.text)
        #expect(first.tokens.allSatisfy { $0.alternatives.count == 3 && $0.logprob <= 0 })
    }

    @Test func `votes see agreement and disagreement`() {
        func answers(_ style: ScriptedModel.Style) -> [String: Int] {
            let model = ScriptedModel(seed: 9, style: style)
            let texts = (0..<100).map {
                model.completion(to: question, prefix: "", SamplingParameters(), index: $0).text
            }
            return Dictionary(texts.map { (String($0.split(separator: " ").last ?? ""), 1) }) { $0 + $1 }
        }
        #expect(answers(.agreeing) == ["42": 100])
        #expect(answers(.disagreeing).count == 100)
        let ordinary = answers(.ordinary)
        #expect((40...80).contains(ordinary["42"] ?? 0) && ordinary.count == 5)
    }

    @Test func `limits and stop texts cut an answer`() {
        let model = ScriptedModel(seed: 4)
        let cut = model.completion(to: question, prefix: "", SamplingParameters(maxTokens: 5), index: 0)
        #expect(cut.finish == .length && cut.usage.completionTokens == 5)
        let stopped = model.completion(to: question, prefix: "", SamplingParameters(stop: ["\n\n"]), index: 0)
        #expect(stopped.finish == .stop && !stopped.text.contains("\n\n"))
    }

    @Test func `a script's answers cost nothing where log-probabilities are not told`() {
        var model = ScriptedModel(seed: 4)
        model.hasLogprobs = false
        #expect(model.completion(to: question, prefix: "", SamplingParameters(topLogprobs: 5), index: 0).tokens.isEmpty)
    }
}
