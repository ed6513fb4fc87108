"""A notifier's delivery in a process of its own: argv are the server's url, a file, and what its channel does.

The channel `robot` appends the id of each letter to the file, and then hangs or takes it.
"""

import asyncio
import sys
from datetime import time, timedelta
from pathlib import Path

from notice_props import delivery, directory

from contracts import subjects
from services.journal.clock import ServerClock
from services.journal.connection import connect
from services.journal.events import EventStore
from services.notifier.channels.base import Letter
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.posting import Means
from services.notifier.delivering.scheduling import Hours

LEASE = timedelta(seconds=1)


class Written:
    """A channel whose letters outlive the process."""

    name = "robot"
    per_minute = None

    def __init__(self, file: Path, *, hangs: bool) -> None:
        self._file = file
        self._hangs = hangs

    async def send(self, letter: Letter) -> str:
        """The vendor has it; whether we hear of it is another matter."""
        with self._file.open("a") as file:
            file.write(f"{letter.notice_id}\n")
        if self._hangs:
            await asyncio.Event().wait()
        return "taken"

    async def close(self) -> None:
        """Nothing is open."""


async def main(url: str, file: str, does: str) -> None:
    """Until it is killed."""
    nc = await connect(url, name=does)
    clock = ServerClock(nc)
    await clock.start()
    channel = Written(Path(file), hangs=does == "hang")
    notices = Notices(EventStore(nc, subjects.NOTICES))
    people = directory("robot")
    means = Means(
        notices, {"robot": channel}, lambda: people, clock, does, lease=LEASE, patience=timedelta(milliseconds=900)
    )
    await delivery(nc, means, Hours(quiet_from=time(0), quiet_until=time(0))).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
