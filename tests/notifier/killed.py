"""Notifiers that are killed: a line of JSON on stdin starts one, in a process of its own; its pid is the answer.

Each runs the product's own notifier, under a wall clock that is wrong by as many hours as the order says. What its only
channel was given is a line of the file that the order names.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from services import logs
from services.journal import connection
from services.journal.binary import die_with_parent
from services.notifier import app
from services.notifier.channels.base import Letter
from services.notifier.running.keeping import Pace
from services.notifier.settings import Settings

PACE = Pace(work=2.0, letters=2.0, lease=2.0, patience=1.0)
"""What the dead held is given to the living soon."""


@dataclass
class Written:
    """A channel that writes what it is given to the end of a file, all in one go."""

    path: str
    name: str = "log"
    per_minute: int | None = None

    async def send(self, letter: Letter) -> None:
        """A line each."""
        line = json.dumps([letter.notice_id, letter.hazard, letter.level]) + "\n"
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, line.encode())
        os.close(file)

    async def close(self) -> None:
        """Nothing is open."""


async def notify(settings: dict[str, Any], written: str) -> None:
    """Until it is killed, or something fails."""
    found = Settings.model_validate(settings)
    nc = await connection.connect(found.nats_url, name="killed")
    async with app.build(nc, found, channels={"log": Written(written)}, pace=PACE) as running:
        await running.task


def child(order: dict[str, Any], parent: int) -> None:
    """A notifier; its errors go to stderr."""
    die_with_parent(parent)()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    wrong = datetime.now(UTC) + timedelta(hours=order["hours"])  # noqa: TID251 (the clock that is set wrong)
    with time_machine.travel(wrong, tick=True):
        asyncio.run(notify(order["settings"], order["written"]))


def main() -> None:
    """Orders, until there are no more."""
    logs.configure()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                child(json.loads(line), parent)
            finally:
                os._exit(1)
        os.write(1, f"{pid}\n".encode())


if __name__ == "__main__":
    main()
