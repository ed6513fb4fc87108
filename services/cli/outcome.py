"""How a command ends: an exit code that scripts can read, and a sentence that says what to do."""

from enum import IntEnum, StrEnum


class Exit(IntEnum):
    """The process's exit codes."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NO_SERVER = 3
    UNKNOWN = 4


class Status(StrEnum):
    """The same in JSON, beside the words of contracts/replies.py."""

    REFUSED = "refused"
    USAGE = "usage"
    NO_SERVER = "no_server"
    UNKNOWN = "unknown"


EXITS = {
    Status.REFUSED: Exit.REFUSED,
    Status.USAGE: Exit.USAGE,
    Status.NO_SERVER: Exit.NO_SERVER,
    Status.UNKNOWN: Exit.UNKNOWN,
}


class Stop(Exception):
    """The command ends here; the sentence is for the person at the terminal."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason

    @property
    def code(self) -> Exit:
        """The exit code."""
        return EXITS[self.status]
