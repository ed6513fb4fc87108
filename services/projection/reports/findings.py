"""有无重大隐患及隐患描述: in the words of the visit's own record; else by its hazards, or by what its lists say."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from contracts import words
from contracts.terms import Answer, Grade
from services.projection.facets import checklists
from services.projection.forms.library import shipped
from services.projection.forms.parts import FiguresPart
from services.projection.forms.template import FormId
from services.projection.reports.facts import Fact, Outcome
from services.projection.reports.visits import Visit

MAJOR: Final = frozenset({Grade.MAJOR, Grade.SUSPECTED_MAJOR})
NONE: Final = "无"
UNSAID: Final = "（未记明）"
BASIC: Final = "basic-management"
HOUSES: Final = "（家）"
"""Form B counts by it; of one enterprise it says nothing."""


def is_major(fact: Fact) -> bool:
    """Graded so, or suspected to be; not merged, not withdrawn."""
    return fact.grade in MAJOR and fact.outcome is not Outcome.GONE


def finding(visit: Visit | None, found: Sequence[Fact]) -> str:
    """The record's own words, and every major hazard that is not told in them; 无 gives way to what was found."""
    said = visit.said if visit is not None else None
    majors = [_described(fact) for fact in found if is_major(fact) and fact.row.get("description") not in (said or "")]
    if visit is not None and said is not None:
        return "；".join(majors if visit.found_nothing and majors else [said, *majors])
    if majors:
        return "；".join(majors)
    return _lesser([fact.row.get("description") for fact in found if not is_major(fact)], visit)


def _lesser(general: Sequence[str], visit: Visit | None) -> str:
    """A list's problem is not said to be no major hazard: whoever ticked it did not say so."""
    ticked = list(problems(visit)) if visit is not None else []
    told = [f"一般隐患：{'；'.join(general)}"] if general else []
    if ticked:
        return "；".join([f"检查表问题：{'；'.join(ticked)}", *told])
    return f"{NONE}重大隐患；{told[0]}" if told else UNSAID


def problems(visit: Visit) -> Iterator[str]:
    """The items of its checklists that say that something is wrong, with what was remarked."""
    offered = {(one["checklist"], one["item"]): one["text"] for one in visit.row.state.get("offers", ())}
    for filled in visit.checklists:
        name, wrong = filled["checklist"], filled.get("problems", ())
        for answer in filled["answers"]:
            if answer["item"] in wrong:
                text = _texts().get((name, answer["item"])) or offered.get((name, answer["item"]))
                yield _item(answer, text)


def _item(answer: Mapping[str, Any], text: str | None) -> str:
    remarks = answer.get("remarks")
    told = f"第{answer['item']}项“{words.term(Answer(answer['answer']))}”"
    return "".join((f"{text}（{told}）" if text else told, f"：{remarks}" if remarks else ""))


@cache
def _texts() -> dict[tuple[str, int], str]:
    """Of the items that are printed on forms B and C, by list and number."""
    found: dict[tuple[str, int], str] = {}
    for form, name in ((FormId.B, checklists.SPOT_CHECK), (FormId.C, BASIC)):
        part = shipped(form).parts[0]
        items = part.groups[-1].items if isinstance(part, FiguresPart) else part.items
        found |= {(name, item.number): item.text.replace("\n", "").removesuffix(HOUSES) for item in items}
    return found


def _described(fact: Fact) -> str:
    mark = "（疑似重大·待判定）" if fact.grade is Grade.SUSPECTED_MAJOR else ""
    return f"{fact.row.get('description')}{mark}"
