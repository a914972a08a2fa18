/// What models are asked beside the item's prompt.
enum Prompts {
    static let rating = """
        Question:
        {question}

        Proposed answer:
        {answer}

        How likely is the proposed answer to be correct? Reply with a number from 0 (certainly wrong) to 10 (certainly
        right) and nothing else.
        """
    static let check = """
        Question:
        {question}

        Proposed answer:
        {answer}

        Is the proposed answer correct? Reply with {positive} or {negative} and nothing else.
        """
}
