"""Commands in, replies out, over NATS request/reply: no rule, and never silence.

Every failure is a typed reply: FastStream answers nothing where a handler raises, and the asker would wait in vain.
"""

from dataclasses import dataclass
from time import perf_counter
from typing import Final

import structlog
from faststream.nats import NatsBroker, NatsMessage, NatsResponse

from contracts import subjects
from contracts.commands import Command
from contracts.reading import Invalid, read_batch, read_command
from contracts.replies import Accepted, Refused, Replies, Reply
from services.hazard import answers
from services.hazard.hazards import Hazards

log = structlog.get_logger(__name__)

JSON: Final = {"content-type": "application/json"}
BATCH: Final = subjects.BATCH.rpartition(".")[2]
SPARE: Final = 32
"""Workers beyond the limit, so that somebody is always free to say `busy`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message as it came: the last token of its subject, and its bytes."""

    imperative: str
    body: bytes


class Handlers:
    """Answers at most `limit` messages at a time; one more is told `busy` at once."""

    def __init__(self, hazards: Hazards, *, limit: int = 512) -> None:
        self._hazards = hazards
        self._limit = limit
        self._in_hand = 0
        self.answered = 0
        """Messages that were given an answer, whatever it said."""

    async def answer(self, asked: Asked) -> bytes:
        """The reply in JSON; a Replies for a batch that could be read. Raises nothing."""
        if self._in_hand >= self._limit:
            return _json(answers.busy(self._limit))
        self._in_hand += 1
        try:
            return _json(await (self._batch(asked.body) if asked.imperative == BATCH else self._one(asked)))
        except Exception:
            log.exception("command.failed", command=asked.imperative)
            return _json(answers.fault(None))
        finally:
            self._in_hand -= 1

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

    async def _respond(self, asked: Asked) -> NatsResponse:
        response = NatsResponse(await self.answer(asked), headers=JSON)
        self.answered += 1
        return response

    def subscribe(self, broker: NatsBroker) -> None:
        """One wildcard, one queue group: the command is in the subject."""
        serve = broker.subscriber(
            f"{subjects.COMMANDS}.*",
            queue=subjects.QUEUE_GROUP,
            max_workers=self._limit + SPARE,
            decoder=_lean,
            title="commands",
            description="Commands of the hazard service, by their imperative.",
        )
        serve(self._respond)


async def _lean(message: NatsMessage) -> Asked:
    """Bytes and subject, nothing else: each parameter that the framework injects costs a thread hop."""
    raw = message.raw_message
    return Asked(raw.subject.rpartition(".")[2], raw.data)


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
