"""排查记录: every visit in one line, those that found nothing too; form A, form C and the spot checks draw on it.

The hazards that a visit found are on their own pages: each names its visit, and is counted here.
"""

from collections.abc import Iterable
from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.parties import Person
from services.projection.entries import Entry
from services.projection.facets import describing, findings, spot_checks, visiting
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page

COLUMNS: Final = (
    Column("number", "编号"),
    Column("area", "区划"),
    Column("kind", "检查性质"),
    Column("modes", "检查方式"),
    Column("visited_by", "排查单位"),
    Column("began_at", "排查时间", Kind.MOMENT),
    Column("ended_at", "结束时间", Kind.MOMENT),
    Column("party", "受检单位"),
    Column("credit_code", "统一社会信用代码"),
    Column("place", "排查地点"),
    Column("inspectors", "检查人员"),
    Column("certificates", "执法证号"),
    Column("announced", "事先通知"),
    Column("notice", "检查通知书"),
    Column("approval", "检查审批"),
    Column("found", "有无隐患及隐患描述"),
    Column("hazards", "发现隐患（项）", Kind.COUNT),
    Column("handling", "处置情况及建议"),
    Column("remarks", "备注"),
    Column("photos", "照片（张）", Kind.NUMBER),
    Column("checklists", "检查表"),
    Column("problems", "检查表有问题（项）", Kind.NUMBER),
    Column("offers", "可立项问题"),
    Column("offers_open", "待立项（项）", Kind.NUMBER),
    Column("opened", "已立项（项）", Kind.COUNT),
    Column("declined", "不予立项（项）", Kind.COUNT),
    Column("experts", "专家"),
    Column("opinion", "专家意见"),
    Column("signed_by", "受检单位签字"),
    Column("refused_to_sign", "拒签情况"),
    Column("withdrawn", "撤销情况"),
    Column("flags", "标记"),
)


def opinion_given(event: events.ExpertOpinionGiven, entry: Entry, page: Page) -> None:
    """One opinion after another; the problems in it stand in 问题隐患和整改建议清单."""
    if (row := page.find()) is None:
        return
    before = row.get("opinion")
    count = f"（问题隐患和整改建议{len(event.problems)}条）" if event.problems else ""
    row.set(entry, opinion="；".join(said for said in (before, f"{event.opinion}{count}") if said))
    known = [Person(id=one, name=name) for one, name in row.state.get("people", {}).get("experts", ())]
    describing.name(entry, row, "experts", _each_once((*known, *event.experts)))


def _each_once(people: Iterable[Person]) -> list[Person]:
    return list({person.id: person for person in people}.values())


def signed(event: events.InspectionSigned, entry: Entry, page: Page) -> None:
    """A refusal that was recorded first stays."""
    if (row := page.find()) is None:
        return
    if event.signed_by is not None:
        describing.name(entry, row, "signed_by", (event.signed_by,))
    if event.refused_to_sign is not None:
        row.set(entry, refused_to_sign=event.refused_to_sign)


def corrected(event: events.InspectionCorrected, entry: Entry, page: Page) -> None:
    """What identifies; absent fields stay as they were."""
    if (row := page.find()) is None:
        return
    said = {"place": event.place, "handling": event.handling, "remarks": event.remarks}
    row.set(entry, **{column: value for column, value in said.items() if value is not None})
    visiting.photographed(event, entry, row)
    if event.findings is not None:
        findings.said(event.findings, entry, row)
    if event.names:
        describing.rename(entry, page, {person.id: person.name for person in event.names})


def withdrawn(event: events.InspectionWithdrawn, entry: Entry, page: Page) -> None:
    """It stays readable, and says that it was taken back."""
    if (row := page.find()) is None:
        return
    row.set(entry, withdrawn=f"已撤销（{words.term(event.kind)}）：{event.reasons}")
    spot_checks.withdrawn(event, entry, page, row)


RULES: Final[dict[type[Event], Any]] = {
    events.InspectionRecorded: visiting.recorded,
    events.ExpertOpinionGiven: opinion_given,
    events.InspectionSigned: signed,
    events.InspectionCorrected: corrected,
    events.InspectionWithdrawn: withdrawn,
}

LEDGER: Final = Ledger(
    name="inspections",
    title="排查记录",
    version=3,
    columns=COLUMNS,
    rules=RULES | findings.RULES,
    sides=(spot_checks.SIDE,),
    pages=findings.pages,
)
