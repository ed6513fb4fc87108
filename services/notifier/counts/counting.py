"""What is counted across hazards: which events add to which count, and which entries a hazard looks at. Pure.

Every entry names the event that made it by its sequence, so it counts once however often it is seen, and in any order.
What was withdrawn or merged does not count, unless it was reopened since. Who watches is remembered beside what is
counted: an entry that comes late is news to those whose moment is later than its own.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from contracts import events
from contracts.envelope import Envelope
from contracts.parties import Party
from contracts.policy import Counting
from contracts.terms import Answer, ClosureKind, VisitKind
from services.notifier.timing.case import Case
from services.notifier.timing.counted import Counted, is_penalty

LATE: Final = "G09"
"""The rule whose proposals say that a party was late."""
INSTANT: Final = timedelta(microseconds=1)
COUNTY: Final = 6
NONE_FOUND: Final = "none"
SAME_CLAUSE: Final = (Counting.SAME_CLAUSE_SAME_PARTY, Counting.SAME_CLAUSE_IN_SECTOR)

Kind = Literal["counts", "watches", "void", "stands"]


class Key(NamedTuple):
    """A count: what, and of which party, clause, sector and county."""

    counting: Counting
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What an event says to a count."""

    sequence: int
    at: datetime
    hazard: str
    """Or the visit."""
    party: str | None = None
    about: tuple[str, ...] = ()
    """At which point, on which item; nothing: it concerns all."""
    kind: Kind = "counts"


Added = Iterator[tuple[Key, Entry]]


def added(envelope: Envelope, case: Case, sequence: int) -> Added:
    """What an event of a hazard adds; `case` is the hazard as of that event."""
    add = _ADDS.get(type(envelope.event))
    if add is not None and case.party is not None:
        yield from add(envelope.event, case, sequence)


def added_by_visit(visit: events.InspectionRecorded, visit_id: str, sequence: int, kind: Kind = "counts") -> Added:
    """The party's own check that said 无, or answered items so; `kind` is `void` where it was withdrawn."""
    about = tuple(_said_none(visit))
    if visit.kind is VisitKind.SELF_CHECK and visit.party is not None and about:
        entry = Entry(sequence, visit.occurred_at, visit_id, visit.party.id, about, kind)
        yield Key(Counting.SELF_CHECK_SAID_NONE, (visit.party.id,)), entry


def keys(counting: Counting, case: Case) -> list[Key]:
    """The counts that concern a hazard."""
    match counting:
        case Counting.SAME_CLAUSE_SAME_PARTY:
            return [Key(counting, (party.id, case.clause)) for party in _parties(case) if case.clause]
        case Counting.SAME_CLAUSE_IN_SECTOR:
            within = (case.clause, case.sector, case.area[:COUNTY])
            return [Key(counting, tuple(map(str, within)))] if all(within) else []
        case _:
            return [Key(counting, (party.id,)) for party in _parties(case)]


def counted(case: Case, entries: Iterable[Entry]) -> tuple[Counted, ...]:
    """Of these entries, those that count for the hazard; of several keys each once."""
    found = {entry.sequence: entry for entry in entries}
    last = {entry.hazard: entry.kind for _, entry in sorted(found.items()) if entry.kind in {"void", "stands"}}
    mine = _point(case)
    return tuple(
        Counted(entry.at, entry.hazard, entry.party)
        for entry in found.values()
        if entry.kind == "counts" and last.get(entry.hazard) != "void" and _concerns(entry, mine, case.checklist_item)
    )


def disturbed(entries: Iterable[Entry], new: Iterable[Entry]) -> set[str]:
    """The hazards whose moment in that count is not before that of a new entry: they may stand otherwise now."""
    since = min((entry.at for entry in new if entry.kind != "watches"), default=None)
    return set() if since is None else {entry.hazard for entry in entries if entry.at >= since}


def _graded(event: events.HazardGraded | events.HazardRegraded, case: Case, sequence: int) -> Added:
    yield from _watching(event, case, sequence)
    for counting in SAME_CLAUSE:
        for key in keys(counting, case):
            yield key, Entry(sequence, event.occurred_at, case.id, _party(case).id)


def _named(event: events.HazardAssigned | events.ResponsiblePartyChanged, case: Case, sequence: int) -> Added:
    """Who becomes a party after it was graded counts from then on; once, and nobody else anew."""
    new = tuple(party for party in _parties(case) if case.named.get(party.id) == case.version)
    if not new:
        return
    own = case.but(party=new[0], co_parties=new[1:])
    yield from _watching(event, own, sequence)
    for counting in SAME_CLAUSE if new[0].id == _party(case).id else SAME_CLAUSE[:1]:
        for key in keys(counting, own):
            yield key, Entry(sequence, event.occurred_at, case.id, new[0].id)


def _watching(event: events.Event, case: Case, sequence: int) -> Added:
    for counting in (Counting.CLOSED_AT_SAME_POINT, Counting.SELF_CHECK_SAID_NONE):
        for key in keys(counting, case):
            yield key, Entry(sequence, event.occurred_at, case.id, kind="watches")


def _late(event: events.HazardEscalated, case: Case, sequence: int) -> Added:
    """From the next instant on: what is late at the very same moment is not late again."""
    if event.rule == LATE:
        for key in keys(Counting.LATE_AGAIN, case):
            yield key, Entry(sequence, event.occurred_at + INSTANT, case.id, _party(case).id)


def _penalised(event: events.MeasureRecorded, case: Case, sequence: int) -> Added:
    if is_penalty(event):
        for key in keys(Counting.PENALTIES, case):
            yield key, Entry(sequence, event.occurred_at, case.id, _party(case).id)


def _closed(event: events.HazardClosed, case: Case, sequence: int) -> Added:
    point = _point(case)
    if event.kind is ClosureKind.RECTIFIED and point:
        for key in keys(Counting.CLOSED_AT_SAME_POINT, case):
            yield key, Entry(sequence, event.occurred_at, case.id, _party(case).id, (point,))


def _void(event: events.Event, case: Case, sequence: int) -> Added:
    kind: Kind = "stands" if isinstance(event, events.HazardReopened) else "void"
    for counting in SAME_CLAUSE:
        for key in keys(counting, case):
            yield key, Entry(sequence, event.occurred_at, case.id, kind=kind)


_ADDS: Final[dict[type, Callable[[Any, Case, int], Added]]] = {
    events.HazardFound: _watching,
    events.HazardGraded: _graded,
    events.HazardRegraded: _graded,
    events.HazardAssigned: _named,
    events.ResponsiblePartyChanged: _named,
    events.HazardEscalated: _late,
    events.MeasureRecorded: _penalised,
    events.HazardClosed: _closed,
    events.HazardWithdrawn: _void,
    events.HazardMerged: _void,
    events.HazardReopened: _void,
}


def _parties(case: Case) -> tuple[Party, ...]:
    return (case.party, *case.co_parties) if case.party is not None else ()


def _party(case: Case) -> Party:
    return _parties(case)[0]


def _point(case: Case) -> str:
    """The place, however it is spaced, and the clause; nothing where either is unknown."""
    place = "".join((case.place or "").split()).casefold()
    return f"{case.clause}:{place}" if case.clause and place else ""


def _concerns(entry: Entry, point: str, item: str | None) -> bool:
    return not entry.about or any(about in {NONE_FOUND, point} or _ticks(about, item) for about in entry.about)


def _said_none(visit: events.InspectionRecorded) -> Iterator[str]:
    """`none`, and for each list `list/version:items`, the items that were no finding as bits of a hex number."""
    if visit.none_found:
        yield NONE_FOUND
    offered = {(offer.checklist, offer.item) for offer in visit.offers}
    for filled in visit.checklists:
        asked = [one.item for one in filled.answers if one.answer is not Answer.NOT_APPLICABLE]
        bits = sum(1 << item for item in asked if (filled.checklist, item) not in offered)
        if bits:
            yield f"{filled.checklist}/{filled.version}:{bits:x}"


def _ticks(about: str, item: str | None) -> bool:
    listed, _, bits = about.rpartition(":")
    of, _, number = (item or "").rpartition("/")
    return bool(of) and listed == of and number.isdecimal() and bool(int(bits, 16) >> int(number) & 1)
