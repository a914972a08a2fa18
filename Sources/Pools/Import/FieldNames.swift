/// Which fields of a recording hold what. Names that are not given are looked for among those that are usual.
package struct FieldNames: Hashable, Sendable {
    package var id: [String] = ["id", "idx", "task_id", "example_idx", "question_id", "uid"]
    package var input: [String] = ["question", "prompt", "input", "problem", "q", "query", "x", "text"]
    package var target: [String] = [
        "target", "gold", "answer", "ground_truth", "final_answer", "label", "reference", "solution",
    ]
    /// The list of samples of a question.
    package var samples: [String] = [
        "samples", "completions", "outputs", "responses", "generations", "model_outputs", "ys", "predictions", "resps",
    ]
    /// Parsed answers beside the samples, one a sample.
    package var answers: [String] = ["pred_answers", "parsed_answers", "answers", "extracted"]
    /// Whether each sample is right, one a sample.
    package var scores: [String] = ["per_sample_correct", "is_correct", "correct", "scores", "infos", "accs"]
    /// Within a sample.
    package var text: [String] = ["text", "completion", "output", "response", "solution", "content", "generation"]
    /// Thinking recorded apart from the text.
    package var reasoning: [String] = ["reasoning_content", "reasoning"]
    package var answer: [String] = ["ans", "answer", "final_answer", "parsed_answer", "pred", "prediction"]
    package var score: [String] = ["is_correct", "correct", "score", "r", "reward"]
    package var tokens: [String] = ["tok", "completion_tokens", "tokens", "n_tokens", "num_tokens", "output_tokens"]
    package var promptTokens: [String] = ["prompt_tokens", "input_tokens"]
    package var finish: [String] = ["fin", "finish_reason", "finish", "stop_reason"]
    package var seconds: [String] = ["seconds", "latency", "latency_s", "duration", "time"]
    package var firstTokenSeconds: [String] = ["first_token_seconds", "ttft", "ttft_s"]

    /// Parsed answers that mean that none was found.
    package var noAnswer: [String] = []

    package init() {}
}
