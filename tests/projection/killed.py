"""Ledgers in a process that dies: a line of JSON on stdin is an order, for which a child is forked that kills itself.

The child runs the runner of the product on the ledgers of the tests; the functions named in `POINTS` are wrapped so
that at the n-th call the process gets SIGKILL, by itself. What the parent says of it is a line on stdout.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from itertools import count
from typing import Any, Final

from runner_props import ALL, SITE, raised
from sqlalchemy import Connection

from services.journal import delivery
from services.journal.connection import connect
from services.journal.delivery import Delivery
from services.journal.events import EventStore
from services.projection import generations, lanes, positions
from services.projection.database import META, Database
from services.projection.lanes import Writer
from services.projection.runner import Runner
from services.projection.shelf import Shelf
from services.projection.volume import Volume

BATCH: Final = 40
TOGETHER: Final = 25
"""Small, so that a few hundred events are many transactions."""

SAID: Final = os.dup(1)
"""Where the answers go; logs go to stderr."""

POINTS: Final[dict[str, tuple[Any, str, str]]] = {
    "tables made": (META, "create_all", "after"),
    "opened": (Database, "open", "after"),
    "generation begun": (generations, "begin", "after"),
    "generations committed": (generations, "wanted", "after"),
    "asked": (Delivery, "_ask", "after"),
    "mid-delivery": (Delivery, "_message", "after"),
    "batch taken, next asked": (Delivery, "next", "after"),
    "pages read": (Shelf, "load", "after"),
    "before the rows": (Shelf, "save", "before"),
    "rows written": (Shelf, "save", "after"),
    "members written": (Shelf, "_save_members", "after"),
    "savepoint released": (Connection, "_release_savepoint_impl", "after"),
    "ledger entered": (Volume, "enter", "after"),
    "before the checkpoint": (lanes, "advance", "before"),
    "checkpoint written": (lanes, "advance", "after"),
    "before commit": (Connection, "_commit_impl", "before"),
    "committed": (Connection, "_commit_impl", "after"),
    "before the switch": (positions, "switch", "before"),
    "switched, not committed": (positions, "switch", "after"),
    "old tables dropped": (Shelf, "drop", "after"),
    "switch committed": (generations, "switch", "after"),
}


@dataclass(frozen=True)
class Order:
    """Where a child works, and where it dies."""

    nats: str
    stream: str
    database: str
    versions: int
    point: str
    nth: int = 1
    writing: bool = False
    """Only calls within a transaction of rows count."""
    live: bool = False
    """Only calls after every ledger caught up count; the child says `live` then."""


class Trap:
    """Counts, and strikes."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._calls = count(1)
        self.writing = False
        self.live = False

    def set(self) -> None:
        """Wrap the product's functions."""
        owner, name, when = POINTS[self._order.point]
        before, after = (self._strike, _nothing) if when == "before" else (_nothing, self._strike)
        wrap(owner, name, before, after)
        wrap(Writer, "_write", lambda: setattr(self, "writing", True), lambda: setattr(self, "writing", False))
        wrap(Runner, "_build", _nothing, self._say_live)

    def _say_live(self) -> None:
        self.live = True
        if self._order.live:
            say("live")

    def _strike(self) -> None:
        order = self._order
        if order.writing <= self.writing and order.live <= self.live and next(self._calls) == order.nth:
            os.kill(os.getpid(), signal.SIGKILL)


def _nothing() -> None:
    pass


def wrap(owner: Any, name: str, before: Callable[[], object], after: Callable[[], object]) -> None:  # noqa: ANN401
    """Do something before and after each call."""
    original = getattr(owner, name)

    @wraps(original)
    def called(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        before()
        given = original(*args, **kwargs)
        after()
        return given

    @wraps(original)
    async def awaited(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        before()
        given = await original(*args, **kwargs)
        after()
        return given

    setattr(owner, name, awaited if asyncio.iscoroutinefunction(original) else called)


async def work(order: Order) -> None:
    """Until the trap snaps."""
    delivery.BATCH, lanes.TOGETHER = BATCH, TOGETHER  # type: ignore[misc]
    trap = Trap(order)
    trap.set()
    nc = await connect(order.nats, name="killed")
    ledgers = [raised(ledger, order.versions - 1) if order.versions > 1 else ledger for ledger in ALL]
    runner = Runner(EventStore(nc, order.stream), Writer(Database(order.database), SITE), ledgers)
    await runner.prepare()
    await runner.run()


def say(word: str) -> None:
    """A line to whoever gave the order."""
    os.write(SAID, f"{word}\n".encode())


def main() -> None:
    """An order, a child, an answer: `died` of SIGKILL, or how else it ended."""
    os.dup2(2, 1)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(asyncio.wait_for(work(Order(**json.loads(line))), 20))
            except BaseException as wrong:  # noqa: BLE001 (told, and told only)
                say(f"ended by {wrong!r}")
            os._exit(1)
        _, status = os.waitpid(child, 0)
        say("died" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else f"ended {status}")


if __name__ == "__main__":
    main()
