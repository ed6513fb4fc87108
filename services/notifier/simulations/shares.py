"""A simulation's work divided among processes: each reads the stream by itself and keeps its own share of the hazards.

Worth their start from some ten thousand events on. A child that fails says so, and the whole simulation fails: half of
the hazards would be no answer.
"""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from nats.aio.client import Client

from services.journal import wire
from services.journal.connection import connect
from services.journal.events import EventStore
from services.notifier.simulations.simulating import Share
from services.notifier.simulations.simulation import Counted, Plan, Result

FAR: Final = 20_000
"""Events, from which on further processes are worth their start."""
MOST: Final = 4
STEP: Final = 5_000
"""Events between two words of progress."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Source:
    """Which stream, up to where, and how to get at it."""

    url: str
    credentials: str | None
    stream: str
    until: int


async def simulate(nc: Client, plan: Plan, progress: Progress = lambda _: None, *, stream: str = "EVENTS") -> Result:
    """Everything that is stored now. Raises Gap, Unavailable."""
    store = EventStore(nc, stream)
    last = await store.last_of_stream()
    if last < FAR:
        return await _here(store, plan, last, progress)
    if nc.connected_url is None:
        raise wire.Unavailable("the connection to NATS is interrupted")
    credentials = nc.options.get("user_credentials")
    source = Source(nc.connected_url.geturl(), str(credentials) if credentials else None, stream, last)
    with _children(source, plan, min(MOST, len(os.sched_getaffinity(0)))) as pipes:
        return await asyncio.to_thread(_together, pipes, plan, progress)  # cancelled, it ends with the children


async def _here(store: EventStore, plan: Plan, last: int, progress: Progress) -> Result:
    share = Share(plan)
    async for batch in store.follow(until=last):
        share.take(batch)
        progress(batch[-1].id)
    return share.second(share.first())


def _together(pipes: Sequence[Connection], plan: Plan, progress: Progress) -> Result:
    counted = Counted([], [], [])
    for pipe in pipes:
        counted.add(_answer(pipe, progress))
    for pipe in pipes:
        pipe.send(counted)
    result = Result()
    for pipe in pipes:
        result.add(_answer(pipe, progress), plan.most)
    return result


@contextmanager
def _children(source: Source, plan: Plan, count: int) -> Iterator[list[Connection]]:
    """Gone after the block, whatever they are at."""
    context = multiprocessing.get_context("spawn")
    pipes: list[Connection] = []
    with ExitStack() as stack:
        for number in range(count):
            mine, theirs = context.Pipe()
            child = context.Process(target=_work, args=(theirs, source, plan, number, count), daemon=True)
            child.start()
            stack.callback(mine.close)
            stack.callback(child.join)
            stack.callback(child.terminate)
            theirs.close()
            pipes.append(mine)
        yield pipes


def _answer(pipe: Connection, progress: Progress) -> Any:  # noqa: ANN401 (what the child sends)
    while True:
        try:
            found = pipe.recv()
        except EOFError:
            raise wire.Unavailable("a process of the simulation ended early") from None
        if isinstance(found, int):
            progress(found)
        elif isinstance(found, str):
            raise wire.Unavailable(found)
        else:
            return found


def _work(pipe: Connection, source: Source, plan: Plan, number: int, of: int) -> None:
    from services import logs  # noqa: PLC0415 (the parent, which imports this module too, has set up its own)

    logs.configure(logging.ERROR)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to hear
    gc.disable()  # a process of a minute: what it leaves behind is freed by reference count, or with it
    share = Share(plan, number, of)
    try:
        asyncio.run(_read(share, source, pipe if number == 0 else None))
        pipe.send(share.first())
        pipe.send(share.second(pipe.recv()))
    except (wire.JournalError, OSError) as wrong:
        pipe.send(str(wrong))
    except EOFError:
        return  # the parent is gone
    except Exception as fault:
        pipe.send(f"a process of the simulation failed: {type(fault).__name__}: {fault}")
        raise


async def _read(share: Share, source: Source, told: Connection | None) -> None:
    credentials = Path(source.credentials) if source.credentials else None
    nc = await connect(source.url, name="simulation", credentials=credentials)
    said = 0
    try:
        async for batch in EventStore(nc, source.stream).follow(until=source.until):
            share.take(batch)
            if told is not None and batch[-1].id >= said + STEP:
                said = batch[-1].id
                told.send(said)
        if told is not None:
            told.send(source.until)
    finally:
        await nc.close()
