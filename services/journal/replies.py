"""One inbox for all answers: the last token of the reply subject says who waits.

Cheaper than a request of the client's for each event, and it takes many answers to one question.
"""

from collections.abc import Callable
from itertools import count

from nats.aio.client import Client
from nats.aio.msg import Msg

Taker = Callable[[Msg], None]


class Replies:
    """Hands each answer to the one who expects it; an answer that nobody expects any more is dropped."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc
        self._inbox = nc.new_inbox()
        self._tokens = count(1)
        self._takers: dict[str, Taker] = {}
        self._open = False

    async def expect(self, take: Taker) -> str:
        """Subject to give as reply; every answer is handed to `take` until `forget`."""
        if not self._open:
            self._open = True  # before the first await: the subscription precedes every publish on the wire
            await self._nc.subscribe(
                f"{self._inbox}.*", cb=self._hand_over, pending_msgs_limit=0, pending_bytes_limit=0
            )
        reply = f"{self._inbox}.{next(self._tokens)}"
        self._takers[reply] = take
        return reply

    def forget(self, reply: str) -> None:
        """Drop whatever else is answered there."""
        self._takers.pop(reply, None)

    async def _hand_over(self, msg: Msg) -> None:
        take = self._takers.get(msg.subject)
        if take is not None:
            take(msg)
