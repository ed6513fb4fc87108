"""From a recorded proposal to the notices that tell of it: one for each person, the same whoever composes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from contracts import subjects
from contracts.directory import Directory, Member
from contracts.envelope import Envelope
from contracts.events import HazardEscalated
from contracts.notices import Notice
from contracts.parties import Person
from contracts.policy import Relation, Told
from contracts.terms import Ladder, Role
from services.notifier.letters.addressing import SIGNING, People, above_of
from services.notifier.letters.drafting import draft
from services.notifier.letters.occasion import Occasion
from services.notifier.letters.recipients import NOBODY, Recipient
from services.notifier.letters.wording import proposal, reminder
from services.notifier.rules import Rules
from services.notifier.timing.case import Case

REMINDED: Final[tuple[Told, ...]] = (Relation.REVIEWER, Role.TOWNSHIP_CHECKER)


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
    """Of a `hazard.escalated`; of anything else none. Where nobody at all can be reached, the one of NOBODY.

    `rules` are those under which it was proposed; where this program cannot read them, the ladder of `fallback`.
    """
    event = escalated.event
    if not isinstance(event, HazardEscalated):
        return []
    rule = rules.rule(event.rule) if rules else None
    step = rules.step(event.rule, event.step) if rules and event.step else None
    occasion = Occasion(event, escalated.aggregate_id, case, rule, step, now, zone)
    tell, signs = _named(occasion, rules or fallback)
    people = People(case, directory, now, zone, occasion.is_withheld, occasion.is_urgent)
    document = draft(occasion, people.addressed(tell)) if _has_draft(occasion) else None
    above = above_of(rules or fallback, occasion.ladder, occasion.level)
    if occasion.is_signed:
        found = people.signers(signs, above, tell if occasion.ladder is Ladder.AUTHORITY else ())
    else:
        found = people.told(tell, above)
    if not found:
        nobody = _nobody(signs if occasion.is_signed else tell)
        return [Composed(_notice(escalated.id, occasion, nobody, document), digestible=False)]
    return [Composed(_notice(escalated.id, occasion, one, document), occasion.is_digestible) for one in found]


def _named(occasion: Occasion, rules: Rules | None) -> tuple[Sequence[Told], Sequence[Told]]:
    """Whom it tells, and who may sign: as the step says, else as its level does."""
    rung = rules.rung_up_to(occasion.ladder, occasion.level) if rules else None
    tell, signs = (occasion.step.tell, occasion.step.signs) if occasion.step else ((), ())
    return tell or (rung.tell if rung else REMINDED), signs or (rung.signs if rung else ()) or SIGNING


def _has_draft(occasion: Occasion) -> bool:
    """Also the note that a rule writes at a lower level 从宽建议; a reminder is its own letter."""
    return occasion.is_signed or (occasion.step is not None and occasion.step.document is not None)


def _nobody(named: Sequence[Told]) -> Recipient:
    """In whose place it is recorded."""
    return Recipient(Member(id=NOBODY.id, name=NOBODY.name), named[0], missing=tuple(dict.fromkeys(named)))


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
