import EvalhPluginKit

/// What rating models are asked.
enum Prompts {
    /// The verifier's prompt if the parameters have none.
    static func verification(_ selection: Selection, _ reading: VerifierReading) -> String {
        switch (selection, reading) {
        case (.steps, .token):
            beginning + "Is the last step correct? Reply with {positive} or {negative} and nothing else."
        case (.steps, .number):
            beginning
                + "How likely is the last step to be correct? Reply with a number from 0 (certainly wrong) to 10 "
                + "(certainly right) and nothing else."
        case (_, .token):
            solution + "Is the proposed solution correct? Reply with {positive} or {negative} and nothing else."
        case (_, .number): Rating.prompt
        }
    }

    private static let solution = "Question:\n{question}\n\nProposed solution:\n{answer}\n\n"
    private static let beginning =
        "Question:\n{question}\n\nProposed solution so far:\n{answer}\n\nLast step:\n{step}\n\n"
}
