"""The words that go over the wire, and what can go wrong.

JournalError
├── Conflict        also eventsourcing's IntegrityError: reload and decide again
├── UnknownOutcome  it may be stored or not: ask again with the same command
├── Unavailable     no server, no leader, no answer to a read: nothing was stored
├── TooLarge        the event or the batch will never fit
├── Refused         the server refused for another reason, which it names
│   └── ApiError       the same of its management interface, with the code
├── Gap             a reader found that messages are missing
├── Unsafe
│   ├── UnsafeStream   a stream whose settings could lose or alter messages
│   └── UnsafeServer   a server that acknowledges before the disk has it
└── EmbeddedError   the server of our own did not start (see embedded.py)
"""

from collections.abc import Sequence
from typing import Final, Literal

from services.journal.drift import Drift
from services.journal.library import IntegrityError

VERSION: Final = "Bihuan-Version"
TOPIC: Final = "Bihuan-Topic"
EXPECTED_LAST: Final = "Nats-Expected-Last-Subject-Sequence"
BATCH_ID: Final = "Nats-Batch-Id"
BATCH_SEQUENCE: Final = "Nats-Batch-Sequence"
BATCH_COMMIT: Final = "Nats-Batch-Commit"
STATUS: Final = "Status"
SEQUENCE: Final = "Nats-Sequence"
LAST_SEQUENCE: Final = "Nats-Last-Sequence"
NUM_PENDING: Final = "Nats-Num-Pending"
SUBJECT: Final = "Nats-Subject"

API: Final = "$JS.API"
MAX_BATCH: Final = 1000
"""The most messages of one atomic batch, and of one page of a batched Direct Get."""

WRONG_LAST_SEQUENCE: Final = frozenset({10071, 10164})
"""One conflict with two codes: 10164 inside a batch or while another write on that subject is under way."""
TOO_LARGE: Final = frozenset({10054, 10097, 10199})
"""Body over max_msg_size, headers over 64 KiB, more than 1,000 messages in a batch."""
NO_MESSAGE: Final = 10037
NO_STREAM: Final = 10059
NAME_IN_USE: Final = 10058
STORE_FAILED: Final = 10077
"""The store said no: a limit is reached (surely not stored), or the disk failed (who knows)."""
BATCH_ABANDONED: Final = frozenset({10176, 10210, 10211})
"""An atomic batch that the server dropped, or did not open: nothing of it is stored."""


class JournalError(Exception):
    """The journal could not do what was asked."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or type(self).__doc__)


class Conflict(JournalError, IntegrityError):
    """Another event was stored first: reload and decide again."""


class UnknownOutcome(JournalError):
    """No answer within the time-out: the event may be stored or not, ask again with the same command."""


class Unavailable(JournalError):
    """The event store does not answer; nothing was stored."""


class TooLarge(JournalError):
    """The event is larger than the store takes."""


class Refused(JournalError):
    """The server refused the request."""


class ApiError(Refused):
    """The server refused the request."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"the server refused: {description} ({code})")
        self.code = code


class Gap(JournalError):
    """Messages that were stored are missing from what the server shows."""


class Unsafe(JournalError):
    """The store could lose or alter events."""


class UnsafeStream(Unsafe):
    """The stream's settings could lose or alter messages."""

    def __init__(self, unsafe: Sequence[Drift], drifts: Sequence[Drift]) -> None:
        super().__init__("; ".join(str(drift) for drift in unsafe))
        self.drifts = list(drifts)


class UnsafeServer(Unsafe):
    """The server acknowledges events before they are on the disk."""


class EmbeddedError(JournalError):
    """The embedded server did not start."""


Verdict = Literal["conflict", "too_large", "retry_unknown", "retry", "refused"]


def verdict(code: int, err_code: int, description: str) -> Verdict:
    """What an error of the server means for the event that it answers.

    `retry`: surely not stored, may be later. `retry_unknown`: perhaps stored. `refused`: surely not, and for good.
    """
    if err_code in WRONG_LAST_SEQUENCE:
        return "conflict"
    if err_code in TOO_LARGE:
        return "too_large"
    if err_code in BATCH_ABANDONED:
        return "retry"
    if err_code == STORE_FAILED and description.startswith("maximum"):
        return "refused"
    return "retry_unknown" if code >= 500 else "refused"  # noqa: PLR2004 (as HTTP's)
