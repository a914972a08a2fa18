import EvalhPluginKit

/// How another model rates completions, the same for best-of-n and weighted-best-of-n.
struct RatingParameters: PluginParameters {
    @Parameter("The role of the model that rates completions (grader_model, verifier, steps).") var graderRole =
        "grader"
    @Parameter("The most tokens of a rating; 1 where a token's probability is read.", range: 1...4096)
    var graderTokens = 16
    @Parameter("What the rating model is asked; {question} and {answer} are filled in.") var graderPrompt =
        Rating.prompt
    @Parameter(
        "token: the probability of the word positive against negative; number: a number from 0 to 10 (verifier, steps)."
    )
    var verifierReads = VerifierReading.token
    @Parameter("The word by which the verifier agrees, in any case.") var positive = "Yes"
    @Parameter("The word by which the verifier disagrees, in any case.") var negative = "No"
    @Parameter(
        """
        What the verifier is asked; {question}, {answer}, {positive} and {negative} are filled in. For steps {answer} \
        is the solution as far as the step that is scored, which is {step}. Left out: a prompt that suits.
        """) var verifierPrompt: String? = nil
    @Parameter("Text between steps; left out: a blank line, or a line's end where a completion has no blank line.")
    var stepDelimiter: String? = nil
    @Parameter("The most steps of a completion; the last one takes the rest.", range: 1...256) var maxSteps = 32
    @Parameter("How steps' scores become a completion's: last, min, mean or product.") var aggregate = Aggregate.last

    func validate() throws {
        if positive.isEmpty || negative.isEmpty { throw ParameterError("positive and negative must not be empty") }
        if positive.lowercased() == negative.lowercased() {
            throw ParameterError("positive and negative are the same word, \(positive)")
        }
        if stepDelimiter == "" { throw ParameterError("step_delimiter must not be empty") }
    }
}
