"""From a recorded proposal to the notices that tell of it: one for each person, the same whoever composes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from contracts import subjects
from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import HazardEscalated
from contracts.notices import Notice
from contracts.parties import Person
from contracts.policy import SIGNED_FROM, Relation, Told
from contracts.terms import Ladder, Role
from services.notifier.case import Case
from services.notifier.drafting import draft
from services.notifier.firing import Firing
from services.notifier.occasion import Occasion
from services.notifier.recipients import Recipient, resolve
from services.notifier.rules import Rules
from services.notifier.wording import proposal, reminder

REMINDED: Final[tuple[Told, ...]] = (Relation.REVIEWER, Role.TOWNSHIP_CHECKER)
SIGNING: Final[tuple[Told, ...]] = (Role.REGULATOR_LEAD, Role.TOWNSHIP_LEAD)
"""Who is told where no policy that can be read says who: nobody of a party, as it might be confidential."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice, and whether it may wait for the day's digest."""

    notice: Notice
    digestible: bool


def compose(
    escalated: Envelope,
    case: Case,
    rules: Rules | None,
    directory: Directory,
    now: datetime,
    zone: ZoneInfo,
    *,
    fallback: Rules | None = None,
) -> list[Composed]:
    """Of a `hazard.escalated`; of anything else none. None as well where nobody at all can be reached.

    `rules` are those under which it was proposed; where this program cannot read them, the ladder of `fallback`.
    """
    event = escalated.event
    if not isinstance(event, HazardEscalated):
        return []
    rule = rules.rule(event.rule) if rules else None
    step = rules.step(event.rule, event.step) if rules and event.step else None
    occasion = Occasion(event, escalated.aggregate_id, case, rule, step, now, zone)
    tell, signs = _named(occasion, rules or fallback)
    found = _recipients(occasion, tell, signs, directory, rules or fallback)
    document = _document(occasion, tell, directory)
    return [Composed(_notice(escalated.id, occasion, one, document), occasion.is_digestible) for one in found]


def told(
    firing: Firing, case: Case, rules: Rules, directory: Directory, now: datetime, zone: ZoneInfo
) -> list[Recipient]:
    """Whom a step would tell, were it proposed at that moment."""
    signed = firing.level >= SIGNED_FROM
    return resolve(
        firing.signs if signed else firing.tell,
        case,
        directory,
        now,
        zone,
        above=_above(rules, firing.ladder, firing.level),
        withheld=signed or firing.confidential or case.confidential or firing.label is not None,
        urgent=firing.urgent,
    )


def _named(occasion: Occasion, rules: Rules | None) -> tuple[Sequence[Told], Sequence[Told]]:
    """Whom it tells, and who may sign: as the step says, else as its level does."""
    rung = rules.rung_up_to(occasion.ladder, occasion.level) if rules else None
    own = occasion.step.tell if occasion.step else ()
    return own or (rung.tell if rung else REMINDED), (rung.signs if rung else ()) or SIGNING


def _recipients(
    occasion: Occasion, tell: Sequence[Told], signs: Sequence[Told], directory: Directory, rules: Rules | None
) -> list[Recipient]:
    return resolve(
        signs if occasion.is_signed else tell,
        occasion.case,
        directory,
        occasion.now,
        occasion.zone,
        above=_above(rules, occasion.ladder, occasion.level) if rules else [SIGNING],
        withheld=occasion.is_signed or occasion.is_withheld,
        urgent=occasion.is_urgent,
    )


def _above(rules: Rules, ladder: Ladder, level: int) -> list[Sequence[Told]]:
    """Whom the higher levels name: who signs there for drafts, who is told there for reminders."""
    higher = [rung for rung in rules.policy.ladders.get(ladder, ()) if rung.level > level]
    return [(rung.signs or rung.tell) if level >= SIGNED_FROM else rung.tell for rung in higher]


def _document(occasion: Occasion, tell: Sequence[Told], directory: Directory) -> str | None:
    """Also the note that a rule writes at a lower level 从宽建议; a reminder is its own letter."""
    if not occasion.is_signed and (occasion.step is None or occasion.step.document is None):
        return None
    people = resolve(tell, occasion.case, directory, occasion.now, occasion.zone, withheld=occasion.is_withheld)
    return draft(occasion, people)


def _notice(event_id: str, occasion: Occasion, one: Recipient, document: str | None) -> Notice:
    said = proposal(occasion, one) if occasion.is_signed else reminder(occasion, one)
    event = occasion.event
    return Notice(
        id=subjects.notice_id(event_id, one.member.id),
        kind="draft" if occasion.is_signed else "reminder",
        area=subjects.birth_area(occasion.hazard_id),
        hazard_id=occasion.hazard_id,
        event_id=event_id,
        proposal=event.proposal,
        rule=occasion.rule.id if occasion.rule else None,
        step=event.step,
        level=occasion.level,
        ladder=occasion.ladder,
        policy_version=event.policy_version,
        person=Person(id=one.member.id, name=one.member.name),
        role=one.as_role,
        deputy_for=one.deputy_for,
        recipient_missing=one.missing,
        channels=tuple(dict.fromkeys(address.channel for address in one.member.reach)),
        title=said.title,
        text=said.text,
        draft=document,
        urgent=occasion.is_urgent,
    )
