/// What models are asked beside the item's prompt.
enum Prompts {
    static let check = """
        Question:
        {question}

        Proposed answer:
        {answer}

        Is the proposed answer correct? Reply with {positive} or {negative} and nothing else.
        """
}
