"""Carries a source's rows to the service."""

from collections.abc import Callable, Sequence

from nats.aio.client import Client
from pydantic import ValidationError

from contracts import subjects
from contracts.replies import REPLY, Refused, Replies, Reply
from services.cli.connection import ask
from services.cli.importing.judging import RowJudge, as_said
from services.cli.importing.sending import Lost, Sending, Tally
from services.cli.importing.sources import Item, Source
from services.journal.events import EventStore

PATIENCE = 15.0
"""Seconds for the answer to a batch; the service gives up on its store sooner."""


async def send(nc: Client, source: Source, moved: Callable[[int], None]) -> Tally:
    """What became of every row."""
    store = EventStore(nc)

    async def asked(batch: Sequence[Item]) -> Sequence[Reply]:
        return await _ask(nc, batch)

    judge = as_said if source.ordered else RowJudge(store)
    return await Sending(asked, judge, await store.last_of_stream(), moved).run(source)


async def _ask(nc: Client, batch: Sequence[Item]) -> Sequence[Reply]:
    steps = (item.now for item in batch)
    commands = b", ".join(b'{"command": "%b", "body": %b}' % (step.imperative.encode(), step.body) for step in steps)
    body = b'{"commands": [%b]}' % commands
    if len(body) > nc.max_payload:
        size = Refused(
            code="too_large", reason=f"这一行有 {len(body)} 字节，超过服务器上限 {nc.max_payload}：too large"
        )
        return [size] * len(batch)
    if not nc.is_connected:
        raise Lost
    try:
        answer = await ask(nc, subjects.BATCH, body, PATIENCE)
    except TimeoutError as lost:
        raise Lost from lost
    if answer is None:
        raise Lost
    try:
        return Replies.model_validate_json(answer).replies
    except ValidationError:
        return [REPLY.validate_json(answer)] * len(batch)
