"""The framework's ceiling: a stock FastStream handler with a lean decoder that decodes a command and appends it."""

import asyncio
import sys
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from faststream.nats import NatsBroker, NatsMessage

from contracts import subjects
from contracts.commands import FindHazard
from services import logs
from services.journal.events import EventStore
from services.tuning import collect_seldom, loop_factory


async def _body(message: NatsMessage) -> bytes:
    return message.raw_message.data


async def run(url: str) -> None:
    """Until it is killed."""
    broker = NatsBroker(url, logger=None)
    nc = await broker.connect()
    store = EventStore(nc)

    async def handle(body: bytes) -> bytes:
        command = FindHazard.model_validate_json(body)
        event = StoredEvent(f"events.bare.{uuid4()}", 1, command.imperative, body)
        return b'{"sequence":%d}' % await store.append(event, after=0)

    subscriber = broker.subscriber(f"{subjects.COMMANDS}.*", queue="bare", max_workers=64, decoder=_body)
    subscriber(handle)
    await broker.start()
    await nc.flush()
    await nc.flush()
    print("service.started", file=sys.stderr, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    logs.configure()
    collect_seldom()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run(sys.argv[1]))
