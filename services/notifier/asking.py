"""The notifier's one command, and how it is asked: many at a time, over NATS, of whichever hazard service answers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from nats.aio.client import Client
from nats.errors import Error
from pydantic import ValidationError
from pydantic_core import to_json

from contracts import subjects
from contracts.commands import EscalateHazard
from contracts.parties import Actor
from contracts.replies import REPLY, Accepted, Refused, Replies, Reply, Unknown
from contracts.terms import Role
from services.notifier.timing.firing import Firing

MACHINE: Final = Actor(id="notifier", name="系统催办", roles=(Role.NOTIFIER,))
MOST: Final = 500
"""Commands of one message."""
OPEN: Final = frozenset({"busy", "conflict", "unavailable"})
PATIENCE: Final = 10.0
"""Seconds; the service itself gives up on the store sooner."""

Ask = Callable[[Sequence[EscalateHazard]], Awaitable[Sequence[Reply]]]
"""The replies in order; raises Unanswered, and then each may have been recorded or not."""


class Unanswered(Exception):
    """No hazard service answers: ask again, the same command has one effect."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or type(self).__doc__)


def escalation(firing: Firing, policy_version: str) -> EscalateHazard:
    """The same command whoever finds the step due, and whenever."""
    return EscalateHazard(
        command_id=subjects.escalation_id(firing.hazard_id, firing.rule, firing.step, firing.clock_started_by),
        actor=MACHINE,
        occurred_at=firing.occurred_at,
        hazard_id=firing.hazard_id,
        rule=firing.rule,
        title=firing.title,
        step=firing.step,
        level=firing.level,
        ladder=firing.ladder,
        due_at=firing.due_at,
        policy_version=policy_version,
        clock_started_by=firing.clock_started_by,
        draft=firing.document,
    )


class Asker:
    """Asks the hazard service on that connection."""

    def __init__(self, nc: Client, *, patience: float = PATIENCE) -> None:
        self._nc = nc
        self._patience = patience

    async def __call__(self, commands: Sequence[EscalateHazard]) -> Sequence[Reply]:
        """As `Ask` says; one history's commands are recorded in their order."""
        replies: list[Reply] = []
        for start in range(0, len(commands), MOST):
            replies += await self._some(commands[start : start + MOST])
        return replies

    async def _some(self, commands: Sequence[EscalateHazard]) -> Sequence[Reply]:
        items = [{"command": one.imperative, "body": one} for one in commands]
        body = to_json({"commands": items}, exclude_none=True)
        try:
            answer = (await self._nc.request(subjects.BATCH, body, timeout=self._patience)).data
        except (Error, TimeoutError) as silent:
            raise Unanswered(f"no hazard service answers: {str(silent) or type(silent).__name__}") from silent
        return _read(answer, len(commands))


def _read(answer: bytes, count: int) -> Sequence[Reply]:
    """A refusal of the whole batch is that of each."""
    try:
        replies = Replies.model_validate_json(answer).replies
    except ValidationError:
        replies = (_whole(answer),) * count
    if len(replies) != count:
        raise Unanswered(f"{len(replies)} replies to {count} commands")
    return replies


def _whole(answer: bytes) -> Reply:
    try:
        return REPLY.validate_json(answer)
    except ValidationError as wrong:
        raise Unanswered("the answer is no reply that this program knows") from wrong


def is_recorded(reply: Reply) -> bool:
    """Now or before, by us or by another notifier; one of another version may have worded it otherwise."""
    return isinstance(reply, Accepted) or (isinstance(reply, Refused) and reply.code == "command_id_reused")


def is_open(reply: Reply) -> bool:
    """It says nothing about the command: ask again soon."""
    return isinstance(reply, Unknown) or (isinstance(reply, Refused) and reply.code in OPEN)
