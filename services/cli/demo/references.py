"""What a story calls by number, as the store calls it.

A story counts the commands that it gives to a hazard; the store counts what the notifier proposes in between as well.
`listing-11` of a story is what its 11th command began; `proposed:G08` is what the machine proposed last by that rule.
"""

import re
from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from contracts import subjects
from contracts.envelope import Envelope, decode
from contracts.events import Event, HazardEscalated
from contracts.replies import Accepted
from services.cli.demo.script import Json, Step, walk
from services.journal.events import EventStore

NUMBERED: Final = re.compile(r"(listing|suspension|proposal|report|publication|objection)-([0-9]+)")
PROPOSED: Final = "proposed:"


class References:
    """Of all lives that are being played."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._versions: dict[str, list[int]] = defaultdict(list)

    def accepted(self, step: Step, reply: Accepted) -> None:
        """A command of the story, and which version it made."""
        if reply.hazard_id == step.aggregate:
            self._versions[step.aggregate].append(reply.version)

    async def resolved(self, step: Step, kind: str, now: datetime) -> Json:
        """The command as it is sent; `now` is where the story stands."""
        history = await self._known(step, kind, now)

        def name(value: Any) -> Any:  # noqa: ANN401  (JSON)
            if isinstance(value, str) and (numbered := NUMBERED.fullmatch(value)):
                return f"{numbered[1]}-{self._version(step, int(numbered[2]))}"
            if isinstance(value, str) and value.startswith(PROPOSED):
                return _proposal(history, value.removeprefix(PROPOSED))
            return value

        body: Json = walk(step.body, name)
        if "corrects" in body:
            body["corrects"] = self._version(step, body["corrects"])
        if body.get("expected_version"):
            body["expected_version"] = len(history)
        return body

    def _version(self, step: Step, number: int) -> int:
        return self._versions[step.aggregate][number - 1]

    async def _known(self, step: Step, kind: str, now: datetime) -> list[Envelope]:
        """The history up to now: on data that was played before, the store knows how the story goes on."""
        stored = await self._store.load(subjects.events_subject(kind, step.aggregate))
        envelopes = [decode(one.state) for one in stored]
        return [one for one in envelopes if isinstance(one.event, Event) and one.event.recorded_at <= now]


def _proposal(history: list[Envelope], rule: str) -> str:
    """By rule; KeyError where the story and the rules disagree."""
    named = [one.event.proposal for one in history if isinstance(one.event, HazardEscalated) and one.event.rule == rule]
    if not named:
        raise KeyError(f"nothing was proposed by {rule}")
    return named[-1]
