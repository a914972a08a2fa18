/// A prompt that asks for a verdict on an answer to a toy task: the server says whether the last `#### N` of the prompt
/// is the right number, and errs on one question in eight. Which ones depends on the model's name, so that two judges
/// differ.
struct JudgeTask {
    private let isRight: Bool

    /// `nil`: the prompt asks for no verdict.
    init?(text: [UInt8], model: [UInt8]) {
        let prompt = String(decoding: text, as: UTF8.self)
        guard prompt.contains("VERDICT: CORRECT"), let mark = prompt.ranges(of: "#### ").last else { return nil }
        let number = Int(prompt[mark.upperBound...].prefix { $0.isNumber || $0 == "-" })
        let isNumberRight = number == ToyTask(text: text).rightAnswer
        isRight = StableHash.of(StableHash.of(text), StableHash.of(model)) % 8 == 0 ? !isNumberRight : isNumberRight
    }

    var answer: [UInt8] {
        Array("The numbers \(isRight ? "agree" : "differ").\nVERDICT: \(isRight ? "CORRECT" : "INCORRECT")".utf8)
    }
}
