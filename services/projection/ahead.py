"""Read far ahead in a process of its own: what reading costs runs beside what entering costs, not before it.

Worth its start from some ten thousand events on. The child connects as its parent does, and writes frames to its
standard output: four bytes of length, then `marshal` of (sequence, subject, version, topic, body) for each event.
It blocks while nobody reads, and ends when its parent has.
"""

import asyncio
import json
import marshal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import structlog
from nats.aio.client import Client

from services.journal import wire
from services.journal.connection import connect
from services.journal.events import EventStore
from services.journal.library import Notification

log = structlog.get_logger(__name__)

LENGTH: Final = 4
FAR: Final = 20_000
"""Events, from which on a second process is worth its start."""
FAILED: Final = 3
"""Exit code: what went wrong stands on the standard error; the parent reads by itself then."""


@dataclass(frozen=True, slots=True)
class Source:
    """Which stream, and how to get at it."""

    url: str
    credentials: str | None = None
    stream: str = "EVENTS"


class FarReader(EventStore):
    """An event store that reads what is far behind in a second process; what that one cannot do it does itself."""

    def __init__(self, nc: Client, stream: str = "EVENTS") -> None:
        super().__init__(nc, stream)
        self._nc = nc
        self._stream = stream

    async def follow(
        self, *, after: int = 0, subjects: Sequence[str] = (), until: int | None = None
    ) -> AsyncGenerator[list[Notification], None]:
        """As EventStore's."""
        if until is not None and not subjects and until - after > FAR:
            try:
                async for batch in follow(source(self._nc, self._stream), after=after, until=until):
                    after = batch[-1].id
                    yield batch
            except (wire.Unavailable, OSError) as wrong:
                log.warning("stream.read_here", reason=str(wrong))
        async for batch in super().follow(after=after, subjects=subjects, until=until):
            yield batch


def source(nc: Client, stream: str) -> Source:
    """As that connection is connected."""
    if nc.connected_url is None:
        raise wire.Unavailable("the connection to NATS is interrupted")
    credentials = nc.options.get("user_credentials")
    return Source(nc.connected_url.geturl(), str(credentials) if credentials else None, stream)


async def follow(place: Source, *, after: int, until: int) -> AsyncGenerator[list[Notification], None]:
    """As EventStore.follow. Raises Gap, and Unavailable where the child could not go on: what was given stays true."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__), stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=2**24
    )
    try:
        await _tell(child, {**asdict(place), "after": after, "until": until})
        async for frame in _frames(child):
            yield [
                Notification(originator_id=subject, originator_version=version, topic=topic, state=body, id=sequence)
                for sequence, subject, version, topic, body in marshal.loads(frame)  # noqa: S302 (our own child wrote it)
            ]
        await _ended(child)
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()


async def _tell(child: Process, asked: dict[str, object]) -> None:
    if child.stdin is None:
        raise RuntimeError("the child has no standard input")
    child.stdin.write(json.dumps(asked).encode())
    with suppress(BrokenPipeError, ConnectionResetError):
        await child.stdin.drain()
    child.stdin.close()


async def _frames(child: Process) -> AsyncGenerator[bytes, None]:
    if child.stdout is None:
        raise RuntimeError("the child has no standard output")
    with suppress(asyncio.IncompleteReadError):
        while True:
            length = int.from_bytes(await child.stdout.readexactly(LENGTH))
            yield await child.stdout.readexactly(length)


async def _ended(child: Process) -> None:
    _, said = await child.communicate()
    if child.returncode:
        *_, last = said.decode(errors="replace").strip().splitlines() or [f"exit code {child.returncode}"]
        kind, _, reason = last.partition(": ")
        raise wire.Gap(reason) if kind == wire.Gap.__name__ else wire.Unavailable(last)


async def _read(asked: dict[str, object]) -> None:
    after, until = int(str(asked["after"])), int(str(asked["until"]))
    credentials = asked["credentials"]
    nc = await connect(str(asked["url"]), name="ahead", credentials=Path(str(credentials)) if credentials else None)
    try:
        async for batch in EventStore(nc, str(asked["stream"])).follow(after=after, until=until):
            told = [
                (one.id, str(one.originator_id), one.originator_version, one.topic, bytes(one.state)) for one in batch
            ]
            await asyncio.to_thread(_write, marshal.dumps(told))
    finally:
        await nc.close()


def _write(frame: bytes) -> None:
    out = sys.stdout.buffer
    out.write(len(frame).to_bytes(LENGTH))
    out.write(frame)
    out.flush()


def main() -> int:
    """0: everything was given; 3: something is wrong, and said."""
    from services import logs  # noqa: PLC0415 (the parent, which imports this module too, has set up its own)
    from services.tuning import collect_seldom, loop_factory  # noqa: PLC0415

    logs.configure(50)
    collect_seldom()
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_read(json.load(sys.stdin)))
    except (wire.JournalError, OSError) as wrong:
        sys.stderr.write(f"{type(wrong).__name__}: {wrong}\n")
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
