"""挂牌督办台账: a line for each listing up to the end of the month, those that ended too."""

from typing import Final

from services.projection.forms.model import Row, Sheet
from services.projection.ledgers import hazards, listings
from services.projection.pages import Row as Line
from services.projection.queries import View
from services.projection.reports import counting, scope
from services.projection.reports.answer import Answer
from services.projection.reports.asked import Asked
from services.projection.reports.facts import Fact, facts
from services.projection.reports.question import is_token
from services.projection.reports.tables import Tables

LEDGERS: Final = (hazards.LEDGER, listings.LEDGER)


def make(tables: Tables, asked: Asked) -> Answer:
    """In the order in which they were listed."""
    every = counting.standing(facts(tables[hazards.LEDGER], asked.question))
    found = {fact.id: fact for fact in every}
    lines = [line for line in _lines(tables[listings.LEDGER], asked) if line.page in found]
    rows = [_row(line, found[line.page]) for line in sorted(lines, key=lambda line: (line.get("listed_at"), line.key))]
    sheet = Sheet(area=asked.question.area or None, heads=asked.heads, rows=rows)
    several = len({line.page for line in lines})
    over = sum(line.get("ended_at") is not None for line in lines)
    counts = {"挂牌（次）": len(lines), "挂牌隐患（项，多级挂牌算一项）": several, "其中已摘牌（次）": over}
    return Answer([sheet], {**counts, **counting.apart([found[one] for one in {line.page for line in lines}])})


def _lines(view: View, asked: Asked) -> list[Line]:
    """Listed within the campaign, where it has a beginning."""
    since = asked.since.isoformat() if asked.since else ""
    return [line for line in scope.nearby(view, asked.question) if (line.get("listed_at") or "") >= since]


def _row(line: Line, fact: Fact) -> Row:
    due, now = line.get("first_deadline"), line.get("deadline")
    same = {key: line.get(key) for key in ("party", "place", "description", "document")}
    dates = {
        "listed_at": "listed_at",
        "published_at": "published_on",
        "filed_at": "filed_on",
        "due": "first_deadline",
        "delisted_at": "ended_at",
    }
    return Row(
        {
            **same,
            **{key: counting.day(line.get(column)) for key, column in dates.items()},
            "hazard": line.get("number"),
            "basis": fact.row.get("basis"),
            "listed_by": _body(line),
            "supervisor": line.get("supervisor"),
            "extended_to": counting.day(now) if now != due else None,
            "progress": line.get("stage"),
            "delisting_document": line.get("delisting_document"),
            "remarks": _remarks(line),
        },
        {"hazard": [fact.id]},
    )


def _remarks(line: Line) -> str | None:
    """How it ended, and whether a notice was taken back: of what, 挂牌督办台账 of the ledgers tells."""
    recalled = "公告已撤回" if line.get("publication_withdrawn") else None
    return "；".join(part for part in (line.get("ground"), recalled) if part) or None


def _body(line: Line) -> str | None:
    """By name; where events know it by its id alone, by its level and who approved."""
    body: str | None = line.get("body")
    signer = line.get("listed_by")
    if body is not None and signer is not None and is_token(body):
        return f"{line.get('level') or body}（{signer}批准）"
    return body
