"""A 排查表: a line for each visit of the month, those that found nothing too.

A major hazard of the month of which no visit was recorded has a line of its own: the place was looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from contracts.terms import Grade
from services.projection.forms.model import Row, Sheet
from services.projection.ledgers import hazards, inspections
from services.projection.reports import answer, pictures
from services.projection.reports.answer import Answer
from services.projection.reports.asked import Asked
from services.projection.reports.facts import REPORTED, Fact, Outcome, facts
from services.projection.reports.findings import finding, is_major
from services.projection.reports.night import Night
from services.projection.reports.tables import Tables
from services.projection.reports.visits import Visit, visits

LEDGERS: Final = (inspections.LEDGER, hazards.LEDGER)
NOT_LISTED: Final = "举报线索，待执法检查，不单独列出（项）"


def make(tables: Tables, asked: Asked, night: Night | None = None) -> Answer:
    """In the order of time; `night`: what visits of the month found after it had ended."""
    after = night or {}
    known = [*facts(tables[hazards.LEDGER], asked.question), *(fact for several in after.values() for fact in several)]
    found = {fact.id: fact for fact in known}
    every = list(visits(tables[inspections.LEDGER], asked.question))
    made = [visit for visit in every if asked.holds(visit.began_at)]
    counted = [visit for visit in made if not visit.withdrawn]
    several = {visit.id: _of(visit, after, found) for visit in counted}
    alone, reported = _without_visit(known, every, asked)
    lines = [(visit.began_at, visit.id, _visit(visit, several[visit.id])) for visit in counted]
    lines += [(fact.found_at, fact.id, _hazard(fact)) for fact in alone]
    rows = [row for _, _, row in sorted(lines, key=lambda line: line[:2])]
    sheet = Sheet(area=asked.question.area or None, heads=asked.heads, rows=rows)
    counts = _counts(counted, made, [one for each in several.values() for one in each], alone)
    return Answer([sheet], counts | ({NOT_LISTED: len(reported)} if asked.question.area else {}))


def _of(visit: Visit, after: Night, found: Mapping[str, Fact]) -> list[Fact]:
    ids = dict.fromkeys((*visit.hazards, *(fact.id for fact in after.get(visit.id, ()))))
    return [found[one] for one in ids if one in found]


def _without_visit(known: Iterable[Fact], every: Iterable[Visit], asked: Asked) -> tuple[list[Fact], list[Fact]]:
    """Major hazards of the month that no visit of any month found; a 举报 is no visit, and apart."""
    visited = {hazard for visit in every if not visit.withdrawn for hazard in visit.hazards}
    alone = [fact for fact in known if is_major(fact) and fact.id not in visited and asked.holds(fact.found_at)]
    reported = [fact for fact in alone if _is_reported(fact)]
    return [fact for fact in alone if not _is_reported(fact)], reported


def _is_reported(fact: Fact) -> bool:
    return bool(fact.row.get("origin") == REPORTED)


def _visit(visit: Visit, several: Sequence[Fact]) -> Row:
    row = visit.row
    unit, party = row.get("visited_by"), row.get("party")
    return Row(
        {
            "unit": unit or party,
            "visited_at": _minute(visit.began_at),
            "pictures": pictures.of(visit.photos),
            "place": _place(party if unit and unit != party else None, row.get("place")),
            "finding": finding(visit, several),
            "handling": row.get("handling") or _handling(several),
            "remarks": row.get("remarks"),
        },
        {"finding": [fact.id for fact in several], "visit": [visit.id]},
    )


def _hazard(fact: Fact) -> Row:
    row = fact.row
    unit, party = row.get("found_by"), row.get("party")
    return Row(
        {
            "unit": unit or party,
            "visited_at": _minute(fact.found_at),
            "pictures": (),
            "place": _place(party if unit else None, row.get("place")),
            "finding": finding(None, [fact]),
            "handling": _handling([fact]),
            "remarks": row.get("origin"),
        },
        {"finding": [fact.id]},
    )


def _place(party: str | None, place: str | None) -> str:
    """Whose it is, where the column before names those who came."""
    return " ".join(part for part in (None if party and party in (place or "") else party, place) if part)


def _handling(found: Iterable[Fact]) -> str | None:
    """What was ordered, by when, and where it stands; of the major ones, where there are any."""
    several = list(found)
    told = [fact for fact in several if is_major(fact)] or several
    return "；".join(dict.fromkeys("，".join(_steps(fact)) for fact in told)) or None


def _steps(fact: Fact) -> Iterator[str]:
    row = fact.row
    if (kind := row.get("assignment")) is not None:
        number = row.get("document")
        yield f"{kind}（{number}）" if number else kind
    if (due := row.get("due")) is not None:
        yield f"时限{due}"
    yield row.get("stage")


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _counts(
    counted: Sequence[Visit], made: Sequence[Visit], visited: Sequence[Fact], alone: Sequence[Fact]
) -> dict[str, int]:
    both = [*visited, *alone]
    return {
        "排查（次）": len(counted),
        "已撤销的排查记录，不列（次）": len(made) - len(counted),
        "无排查记录、据隐患登记列入的重大隐患（项）": len(alone),
        answer.CEASED: sum(fact.outcome is Outcome.CEASED for fact in both),
        answer.SUSPECTED: sum(is_major(fact) and fact.grade is Grade.SUSPECTED_MAJOR for fact in both),
        answer.SUBMITTED: sum(fact.outcome is Outcome.SUBMITTED for fact in both),
    }
