"""Commands in, replies out, over NATS request/reply: no rule, and never silence.

Every failure is a typed reply: FastStream answers nothing where a handler raises, and the asker would wait in vain.
"""

import asyncio
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import structlog
from faststream.nats import NatsBroker, NatsMessage
from nats.aio.client import Client
from nats.errors import Error

from contracts import subjects
from contracts.commands import Command
from contracts.reading import Invalid, read_batch, read_command
from contracts.replies import Accepted, Refused, Replies, Reply
from services.hazard import answers
from services.hazard.hazards import Hazards

log = structlog.get_logger(__name__)

JSON: Final = {"content-type": "application/json"}
BATCH: Final = subjects.BATCH.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Asked:
    """A message as it came: the last token of its subject, its bytes, and where its asker waits."""

    imperative: str
    body: bytes
    reply: str = ""


class Handlers:
    """Answers at most `limit` messages at a time; one more is told `busy` at once."""

    def __init__(self, hazards: Hazards, *, limit: int = 512) -> None:
        self._hazards = hazards
        self._limit = limit
        self._in_hand: set[asyncio.Task[None]] = set()
        self.answered = 0
        """Messages that were given an answer, whatever it said."""

    async def answer(self, asked: Asked) -> bytes:
        """The reply in JSON; a Replies for a batch that could be read. Raises nothing."""
        try:
            return _json(await (self._batch(asked.body) if asked.imperative == BATCH else self._one(asked)))
        except Exception:
            log.exception("command.failed", command=asked.imperative)
            return _json(answers.fault(None))

    def subscribe(self, broker: NatsBroker, nc: Client) -> None:
        """One wildcard, one queue group: the command is in the subject.

        Tasks and replies are ours: the framework's workers and responses took as long as the rest of a command.
        """

        async def take(asked: Asked) -> None:
            if len(self._in_hand) >= self._limit:
                await self._send(nc, asked, _json(answers.busy(self._limit)))
                return
            task = asyncio.create_task(respond(asked))
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)

        async def respond(asked: Asked) -> None:
            await self._send(nc, asked, await self.answer(asked))

        serve = broker.subscriber(
            f"{subjects.COMMANDS}.*",
            queue=subjects.QUEUE_GROUP,
            no_reply=True,
            decoder=_lean,
            title="commands",
            description="Commands of the hazard service, by their imperative.",
        )
        serve(take)

    async def _send(self, nc: Client, asked: Asked, answer: bytes) -> None:
        try:
            if asked.reply:
                await nc.publish(asked.reply, answer, headers=JSON)
        except Error as error:
            log.warning("reply.lost", command=asked.imperative, error=str(error) or type(error).__name__)
        finally:
            self.answered += 1

    async def _one(self, asked: Asked) -> Reply:
        began = perf_counter()
        try:
            command = read_command(asked.imperative, asked.body)
        except Invalid as wrong:
            return _unread(asked.imperative, wrong)
        return _logged(command, await self._hazards.handle(command), perf_counter() - began)

    async def _batch(self, body: bytes) -> Replies | Refused:
        """One that cannot be read gets its own refusal, and stops no other."""
        began = perf_counter()
        try:
            items = read_batch(body)
        except Invalid as wrong:
            return _unread(BATCH, wrong)
        readable = [item for item in items if not isinstance(item, Invalid)]
        decided = iter(zip(readable, await self._hazards.batch(readable), strict=True))
        took = perf_counter() - began
        return Replies.model_construct(
            replies=tuple(
                _unread(BATCH, item) if isinstance(item, Invalid) else _logged(*next(decided), took) for item in items
            )
        )


async def _lean(message: NatsMessage) -> Asked:
    """Bytes and subject, nothing else: each parameter that the framework injects costs a thread hop."""
    raw = message.raw_message
    return Asked(raw.subject.rpartition(".")[2], raw.data, raw.reply)


def _logged(command: Command, reply: Reply, seconds: float) -> Reply:
    """The canonical line of a command. Ids only: no name, no text, no place."""
    said = {"hazard": reply.hazard_id, "version": reply.version} if isinstance(reply, Accepted) else {}
    if isinstance(reply, Refused):
        said = {"code": reply.code}
    log.info(
        "command.answered",
        status=reply.status,
        command=command.imperative,
        command_id=command.command_id,
        actor=command.actor.id,
        **said,
        ms=round(seconds * 1000, 1),
    )
    return reply


def _unread(imperative: str, wrong: Invalid) -> Refused:
    log.info("command.answered", status="refused", command=imperative[:64], code=wrong.code, field=wrong.field)
    return Refused(code=wrong.code, reason=wrong.reason, field=wrong.field)


def _json(reply: Reply | Replies) -> bytes:
    return reply.__pydantic_serializer__.to_json(reply)
