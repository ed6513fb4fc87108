"""What takes more than a look at one field: overdue, asked for late, counted, truly rectified 真改."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from contracts.base import LAST_MOMENT
from contracts.policy import Count, Counting, Delay, Fact
from contracts.terms import Origin, PartyKind, Stage
from services.notifier.timing.calendar import DAY, Calendar, natural
from services.notifier.timing.case import Case, Deadline
from services.notifier.timing.clocks import Clock
from services.notifier.timing.counted import Counted, Counts, between
from services.notifier.timing.pausing import moved

OPEN: Final = frozenset({Stage.FOUND, Stage.GRADED, Stage.ASSIGNED, Stage.RECTIFYING, Stage.SUBMITTED, Stage.VERIFIED})
OWED: Final = frozenset(
    {
        *(Fact.REPORTED_TO_REGULATOR, Fact.REPORTED_TO_WORKERS, Fact.WORKERS_ALL_TOLD, Fact.RECTIFICATION_PLANNED),
        *(Fact.RECTIFICATION_STARTED, Fact.PROGRESS_REPORTED, Fact.RECTIFICATION_SUBMITTED, Fact.EXTENSION_REQUESTED),
    }
)
"""What a new tenant does himself, whatever the old one did; a place that is under control stays so."""
EMPLOYERS: Final = frozenset({PartyKind.ENTERPRISE, PartyKind.SOLE_TRADER})


def happened(case: Case) -> frozenset[Fact]:
    """Since it was found or reopened; of what the enterprise owes, since its present tenant has it."""
    since = case.reopened.version if case.reopened else 0
    said = {mark.fact for mark in case.marks if mark.version > since}
    if case.tenant_since > since:
        said -= OWED - {mark.fact for mark in case.marks if mark.version >= case.tenant_since}
    return frozenset(said | {Fact.DEADLINE} if case.deadlines else said)


def is_overdue(case: Case, calendar: Calendar, at: datetime) -> bool:
    """Past the end of the due day, as pauses move it; a verified hazard is not overdue, a submitted one may be."""
    due = case.deadline
    if due is None or case.stage not in OPEN - {Stage.VERIFIED}:
        return False
    return at >= _over(due, case, calendar)


def asked_late(case: Case, calendar: Calendar, clock: Clock, within: Delay) -> bool:
    """An extension waits that was asked for with less than that left to the deadline that is to move."""
    days = [case.deadlines[key].day for key in case.extension_by if key in case.deadlines]
    if not days or clock.fact is not Fact.EXTENSION_REQUESTED:
        return False
    number, unit = within
    if unit == "h":
        return clock.at > calendar.end(min(days)) - timedelta(hours=number)
    last = natural(min(days), -number) if unit == "nd" else calendar.working(min(days), -number)
    return calendar.day(clock.at) > last.day


def counted(case: Case, counts: Counts, count: Count, at: datetime) -> int:
    """How many, in the days up to that moment: hazards; parties; each penalty; each check before it was found."""
    entries = between(counts.get(count.of, ()), at - count.days * DAY, at)
    match count.of:
        case Counting.LATE_AGAIN | Counting.CLOSED_AT_SAME_POINT:
            return len({one.hazard for one in entries} - {case.id})
        case Counting.SAME_CLAUSE_SAME_PARTY:
            return len({one.hazard for one in entries} | ({case.id} if case.clause else set()))
        case Counting.SAME_CLAUSE_IN_SECTOR:
            return len(_parties(case, entries))
        case Counting.SELF_CHECK_SAID_NONE:
            return sum(case.found_at is None or one.at < case.found_at for one in entries)
        case _:
            return len(entries)


def _parties(case: Case, entries: Iterable[Counted]) -> set[str]:
    """Each hazard's as it was named last; this one's too, though it was named after the moment that is looked at."""
    by_hazard = {one.hazard: one.party for one in sorted(entries, key=attrgetter("at")) if one.party}
    if case.party and case.clause:
        by_hazard[case.id] = case.party.id
    return set(by_hazard.values())


def is_truly_rectified(case: Case, calendar: Calendar) -> bool:
    """真改. What was ruled 假改 once, or was accepted by its owner alone, never is."""
    if case.origin is not Origin.SELF or case.self_accepted or not case.controlled or case.verified_on is None:
        return False
    if any(mark.fact is Fact.REOPENED_AS_FALSE for mark in case.marks):
        return False
    employers = {party.id for party in case.parties if party.kind in EMPLOYERS}
    if case.is_major and employers and not (case.reported and employers <= case.told_workers):
        return False
    due = case.verified_against
    if due is None:
        return True
    return case.verified_on < _over(due, case, calendar)


def _over(due: Deadline, case: Case, calendar: Calendar) -> datetime:
    """The end of the due day, as pauses move it; where that lies past every calendar, the last moment of all."""
    try:
        return moved(calendar.end(due.day), due.at, case.pauses, calendar)
    except OverflowError:
        return LAST_MOMENT
