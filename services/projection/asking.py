"""What a question about a ledger may get wrong."""


class QuestionError(ValueError):
    """What was asked cannot be answered; the sentence says what can."""
