"""Who wrote what: only the side that wrote an event mends it, and only what that very event says."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from contracts import events
from contracts.acts.intake import NameCorrection
from contracts.base import Contract
from contracts.commands import CorrectHazard, CorrectInspection
from contracts.events import Event
from contracts.parties import Actor, Person
from services.hazard.aggregate.hazard import Author
from services.hazard.aggregate.persons import require_role
from services.hazard.aggregate.policy import LEADS, RECORDERS
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken

WORDS: Final = {
    "place": "地点",
    "description": "隐患描述",
    "category": "类别",
    "photos": "照片",
    "findings": "检查情况",
    "handling": "处置情况",
    "remarks": "备注",
}
"""What a correction may mend besides names, as people call it."""
NOTHING: Final[frozenset[str]] = frozenset()
SAID: Final[dict[type[Event], frozenset[str]]] = {
    events.HazardFound: frozenset(WORDS) & events.HazardFound.model_fields.keys(),
    events.InspectionRecorded: frozenset(WORDS) & events.InspectionRecorded.model_fields.keys(),
}
"""Which of it an event says. Another's `photos` or `place` is not what a correction mends."""
_PEOPLE: Final = (Person, Actor, NameCorrection)
_HOLDERS: Final = (Contract, tuple)
_PLAIN: Final = (str, int, datetime)

Correction = CorrectHazard | CorrectInspection
Corrected = events.HazardCorrected | events.InspectionCorrected


def author(event: Event, before: Sequence[Author]) -> Author:
    """Of an event, after those of the events before it."""
    actor, names = event.actor, tuple(dict.fromkeys(_ids(event)))
    if isinstance(event, Corrected):
        mended = before[event.corrects - 1] if event.corrects <= len(before) else Author(None, None)
        return Author(actor.body, actor.enterprise, actor.id, mended.said & words(event), _kept(names, mended, actor))
    return Author(actor.body, actor.enterprise, actor.id, SAID.get(type(event), NOTHING), names)


def words(correction: Correction | Corrected) -> frozenset[str]:
    """Those that it mends; no photos at all are an answer, too."""
    return frozenset(name for name in WORDS if getattr(correction, name, None) is not None)


def check_correction(command: Correction, authors: Sequence[Author], officials: Collection[str]) -> None:
    """Not for the party to rewrite what officers saw, and not through an event of its own.

    `officials` acted for an authority: what they are called is not for an enterprise to say.
    """
    if command.corrects > len(authors):
        raise RuleBroken(f"没有第{command.corrects}号事件", code="no_such", field="corrects")
    if not words(command) and not command.names:
        raise RuleBroken("没有写明更正内容：name at least one field to correct", code="incomplete")
    wrote = authors[command.corrects - 1]
    _check_side(command.actor, wrote)
    if strange := [WORDS[name] for name in WORDS if name in words(command) - wrote.said]:
        reason = f"第{command.corrects}号事件没有记载{'、'.join(strange)}，请更正记载它的那一号：not said in that event"
        raise RuleBroken(reason, code="not_in_that_event", field="corrects")
    others = {one.person for one in authors if (one.body, one.enterprise) != (wrote.body, wrote.enterprise)}
    _check_names(command, wrote, others.union(officials) if wrote.enterprise else others)


def _check_side(actor: Actor, wrote: Author) -> None:
    if (wrote.body, wrote.enterprise) == (None, None):  # an old form, or an expert of no body: himself, or the area
        if actor.id != wrote.person:
            require_role(actor, *RECORDERS, *LEADS)
    elif (actor.body, actor.enterprise) != (wrote.body, wrote.enterprise):
        raise NotPermitted("只能由原记录单位更正", code="other_body", field="actor.body")


def _check_names(command: Correction, wrote: Author, others: Collection[str | None]) -> None:
    for one in command.names:
        if one.id not in wrote.names:
            reason = f"第{command.corrects}号事件没有编号为{one.id}的人员：the event names nobody of that id"
            raise RuleBroken(reason, code="not_in_that_event", field="names")
        if one.id in others and one.id != command.actor.id:
            reason = f"编号为{one.id}的人员由其本单位更正姓名：somebody else's own people"
            raise NotPermitted(reason, code="other_body", field="names")


def _kept(names: tuple[str, ...], mended: Author, actor: Actor) -> tuple[str, ...]:
    """Of a correction: itself corrected, it reaches no further than what it corrected."""
    return tuple(name for name in names if name in mended.names or name == actor.id)


def _ids(value: Contract | tuple[object, ...]) -> Iterator[str]:
    """Of everybody whom an event names, the actor too; a party or a body is nobody. Each event comes here."""
    if isinstance(value, _PEOPLE):
        yield value.id
    for item in value if isinstance(value, tuple) else value.__dict__.values():
        if item and not isinstance(item, _PLAIN) and isinstance(item, _HOLDERS):
            yield from _ids(item)
