"""What a channel is: it takes a letter and delivers it, or says why not.

NotDelivered is all that a channel raises. Whether to try again, and when, is for whoever holds the notice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

Clock = Callable[[], datetime]
"""Aware UTC; the event store's, so that a signature holds on a machine whose own clock is wrong."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

LATER: Final = 300.0
"""Seconds before a channel that somebody must mend is tried again: who tries too often is locked out."""

REASON: Final = 180
"""Characters of a reason: it is kept in the notice's life."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice as one channel sends it to one person; what it holds is shown to him and kept nowhere."""

    notice_id: str
    """The same at each attempt: who gets it twice can tell."""
    title: str
    text: str
    to: str | None = field(default=None, repr=False)
    """An e-mail address; in a group the mobile number or user id to call him by."""
    link: str | None = field(default=None, repr=False)
    """Signed: whoever opens it has seen the notice."""
    draft: str | None = None
    """The document as drafted, for its signer."""
    hazard: str | None = None
    level: int | None = None


class NotDelivered(Exception):
    """Not taken, or nobody knows whether it was: then it goes again under the same notice id."""

    def __init__(self, reason: str, *, final: bool = False, wait: float | None = None, unusable: bool = False) -> None:
        """No address and no secret stands in `reason`; it is one line, and says what to do.

        `final`: this letter will never be taken here. `wait`: seconds before which another attempt is of no use.
        `unusable`: the channel takes no letter at all until somebody mends it.
        """
        line = " ".join(reason.split())
        self.reason = line if len(line) <= REASON else line[: REASON - 1] + "…"
        self.final = final
        self.wait = wait
        self.unusable = unusable
        super().__init__(self.reason)


class Channel(Protocol):
    """通知渠道."""

    @property
    def name(self) -> str:
        """As the channels file and the directory call it."""

    @property
    def per_minute(self) -> int | None:
        """Letters that it may be given in a minute; None: as many as there are."""

    async def send(self, letter: Letter) -> str | None:
        """The vendor's id of what it took, if it gives one. Raises NotDelivered, and nothing else."""

    async def close(self) -> None:
        """Let go of its connections."""
