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
from services.projection.reports.facts import Fact, Outcome, facts
from services.projection.reports.tables import Tables
from services.projection.reports.visits import Visit, visits

LEDGERS: Final = (inspections.LEDGER, hazards.LEDGER)
MAJOR: Final = frozenset({Grade.MAJOR, Grade.SUSPECTED_MAJOR})
NONE: Final = "无"
UNSAID: Final = "（未记明）"


def make(tables: Tables, asked: Asked) -> Answer:
    """In the order of time."""
    found = {fact.id: fact for fact in facts(tables[hazards.LEDGER], asked.question)}
    made = [visit for visit in visits(tables[inspections.LEDGER], asked.question) if asked.holds(visit.began_at)]
    counted = [visit for visit in made if not visit.withdrawn]
    visited = {hazard for visit in counted for hazard in visit.hazards}
    alone = [fact for fact in found.values() if _major(fact) and fact.id not in visited and asked.holds(fact.found_at)]
    lines = [(visit.began_at, visit.id, _visit(visit, found)) for visit in counted]
    lines += [(fact.found_at, fact.id, _hazard(fact)) for fact in alone]
    rows = [row for _, _, row in sorted(lines, key=lambda line: line[:2])]
    sheet = Sheet(area=asked.question.area or None, heads=asked.heads, rows=rows)
    return Answer([sheet], _counts(counted, made, [found[one] for one in visited if one in found], alone))


def _visit(visit: Visit, found: Mapping[str, Fact]) -> Row:
    row, several = visit.row, [found[one] for one in visit.hazards if one in found]
    unit, party = row.get("visited_by"), row.get("party")
    return Row(
        {
            "unit": unit or party,
            "visited_at": _minute(visit.began_at),
            "pictures": pictures.of(visit.photos),
            "place": _place(party if unit and unit != party else None, row.get("place")),
            "finding": finding(visit.said, several),
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


def finding(said: str | None, found: Sequence[Fact]) -> str:
    """有无重大隐患及隐患描述: the record's own words, and every major hazard that is not told in them."""
    majors = [_described(fact) for fact in found if _major(fact) and fact.row.get("description") not in (said or "")]
    general = [fact.row.get("description") for fact in found if not _major(fact)]
    if said is not None:
        return "；".join([said, *majors]) if not said.startswith(NONE) or not majors else "；".join(majors)
    if majors:
        return "；".join(majors)
    return f"{NONE}重大隐患；一般隐患：{'；'.join(general)}" if general else UNSAID


def _place(party: str | None, place: str | None) -> str:
    """Whose it is, where the column before names those who came."""
    return " ".join(part for part in (None if party and party in (place or "") else party, place) if part)


def _described(fact: Fact) -> str:
    mark = "（疑似重大·待判定）" if fact.grade is Grade.SUSPECTED_MAJOR else ""
    return f"{fact.row.get('description')}{mark}"


def _handling(found: Iterable[Fact]) -> str | None:
    """What was ordered, by when, and where it stands; of the major ones, where there are any."""
    several = list(found)
    told = [fact for fact in several if _major(fact)] or several
    return "；".join(dict.fromkeys("，".join(_steps(fact)) for fact in told)) or None


def _steps(fact: Fact) -> Iterator[str]:
    row = fact.row
    if (kind := row.get("assignment")) is not None:
        number = row.get("document")
        yield f"{kind}（{number}）" if number else kind
    if (due := row.get("due")) is not None:
        yield f"时限{due}"
    yield row.get("stage")


def _major(fact: Fact) -> bool:
    return fact.grade in MAJOR and fact.outcome is not Outcome.GONE


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
        answer.SUSPECTED: sum(_major(fact) and fact.grade is Grade.SUSPECTED_MAJOR for fact in both),
        answer.SUBMITTED: sum(fact.outcome is Outcome.SUBMITTED for fact in both),
    }
