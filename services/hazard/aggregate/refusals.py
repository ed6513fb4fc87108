"""Why a command is refused. Codes are stable; the clause is for the person who asked, in the words on the screen.

Refusal
├── NotPermitted   role, power, area, separation: another person or body must do it
├── WrongStage     stage: not now
├── RuleBroken     a rule of the loop: what is missing, what stands in the way
└── Unclear        the history cannot be judged by this program: newer_schema, damaged_history
"""


class Refusal(Exception):
    """The command is refused; the history is untouched."""

    code = "refused"

    def __init__(self, reason: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code or self.code
        self.field = field


class NotPermitted(Refusal):
    """Another person or body must do it."""

    code = "role"


class WrongStage(Refusal):
    """Not at this stage."""

    code = "stage"


class RuleBroken(Refusal):
    """A rule of the loop stands in the way."""

    code = "rule"


class Unclear(Refusal):
    """The history holds what this program cannot judge."""

    code = "newer_schema"
