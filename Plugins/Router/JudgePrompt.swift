/// What the judge is asked.
enum JudgePrompt {
    static let text = """
        A small language model is to answer this question:
        {question}

        How likely is it to fail? Reply with a number from 0 (it certainly answers correctly) to 10 (it certainly fails)
        and nothing else.
        """
}
