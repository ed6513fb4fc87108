"""C 检查清单: the checklist of 基础管理 as it was filled in, a sheet for each visit of the month."""

from typing import Any, Final

from services.projection.forms.model import Row, Sheet
from services.projection.ledgers import inspections
from services.projection.reports.answer import Answer
from services.projection.reports.asked import Asked
from services.projection.reports.tables import Tables
from services.projection.reports.visits import Visit, visits

LEDGERS: Final = (inspections.LEDGER,)
UNSAID: Final = "（未记明）"
CHECKLIST: Final = "basic-management"


def make(tables: Tables, asked: Asked) -> Answer:
    """Of an enterprise the last one of the month; of an area one for each visit."""
    made = [one for one in visits(tables[inspections.LEDGER], asked.question) if asked.holds(one.began_at)]
    filled = [(one, list_) for one in made if not one.withdrawn and (list_ := _checklist(one)) is not None]
    filled.sort(key=lambda pair: (pair[0].began_at, pair[0].row.born))
    chosen = filled[-1:] if asked.question.enterprise else filled
    counts = {"本月填写的检查清单（份）": len(filled)}
    printed = {visit.id for visit, _ in chosen} | {one.id for one in made if one.withdrawn and _checklist(one)}
    return Answer([_sheet(visit, list_) for visit, list_ in chosen], counts, lambda late: late.aggregate in printed)


def _checklist(visit: Visit) -> Any:  # noqa: ANN401 (JSON)
    return next((one for one in visit.checklists if one["checklist"] == CHECKLIST), None)


def _sheet(visit: Visit, filled: Any) -> Sheet:  # noqa: ANN401 (JSON)
    row = visit.row
    who = "，".join(part for part in (row.get("visited_by"), row.get("inspectors")) if part)
    party, when = row.get("party") or UNSAID, f"{visit.began_at:%Y-%m-%d %H:%M}"
    said = f"受检单位：{party}　　检查时间：{when}　　检查人：{who or UNSAID}"
    return Sheet(
        name=f"{row.get('party') or row.get('number')} {visit.began_at:%m-%d}",
        area=visit.area,
        rows=[
            Row({"number": one["item"], "answer": one["answer"], "remarks": one.get("remarks")}, {"visit": [visit.id]})
            for one in filled["answers"]
        ],
        notes=[said, f"检查表版本：{filled['version']}；排查记录编号：{row.get('number')}"],
    )
