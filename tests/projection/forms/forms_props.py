"""Forms as a report gives them, and how to read what was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image
from python_calamine import CalamineWorkbook

from services.projection.forms.model import Form, LateEntry, Picture, Row, Sheet, Trace, Value
from services.projection.forms.template import FormId, Template
from services.projection.forms.writing import render

SITE = timezone(timedelta(hours=8))
JUNE = date(2023, 6, 30)
TRACE = Trace(
    query="葛城街道辖区内2023年专项行动重大事故隐患排查整治累计情况",
    scope="500229001 葛城街道",
    period="2023年6月",
    cutoff=datetime(2023, 6, 1, tzinfo=SITE),
    known_sequence=20_231,
    known_at=datetime(2023, 6, 30, 9, 12, 30, tzinfo=SITE),
    last_sequence=20_240,
    ledgers={"hazards": 3, "visits": 1},
    produced_at=datetime(2023, 6, 30, 9, 15, tzinfo=SITE),
    produced_by="王芳（葛城街道应急办）",
    counts={"灭失销号": 2, "疑似重大·待判定": 5},
    late=[
        LateEntry(
            hazard="500229001-5F0C1D2E-K",
            sequence=20_199,
            occurred_at=datetime(2023, 5, 28, 16, 0, tzinfo=SITE),
            recorded_at=datetime(2023, 6, 12, 8, 30, tzinfo=SITE),
            words="登记隐患：除尘系统未设泄爆装置",
        )
    ],
)
FIGURES = {
    "major_self_found": 12,
    "major_self_fixed": 9,
    "major_other_found": 7,
    "major_other_fixed": 4,
    "listed": 3,
    "listed_fixed": 1,
    "spot_enterprises": 56,
    "head_not_studied": 8,
    "head_not_led": 6,
    "no_duty_list": 11,
    "no_safety_staff": 2,
    "unlicensed_special_work": 4,
    "contractor_chaos": 3,
    "no_drill": 0,
}


def photo(colour: str = "orange", size: tuple[int, int] = (800, 600), kind: str = "JPEG") -> bytes:
    """A picture with the place where it was taken in it."""
    out = BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 56.0, 52.0)}
    exif[0x010F] = "a camera"
    Image.new("RGB", size, colour).save(out, kind, exif=exif)
    return out.getvalue()


def form(form_id: FormId, *sheets: Sheet, trace: Trace = TRACE, title: str = "") -> Form:
    """With that trace."""
    return Form(form_id, trace, sheets, title)


VISIT: Mapping[str, Value] = {
    "unit": "大明木业有限公司",
    "visited_at": date(2023, 6, 12),
    "pictures": [Picture("IMG_1.jpg", "1a2b3c4d" * 8, photo())],
    "place": "一车间除尘间",
    "finding": "除尘系统未设泄爆装置，粉尘清理制度未落实。",
    "handling": "责令停止使用，限期整改；建议挂牌督办。",
    "remarks": "已通知",
}
NO_HAZARD: Mapping[str, Value] = {
    "unit": "小河机械厂",
    "visited_at": date(2023, 6, 13),
    "place": "二车间",
    "finding": "无",
}


def form_a(*visits: Mapping[str, Value]) -> Form:
    """Of one street and month."""
    return form(FormId.A, Sheet("葛城街道", area="500229001", rows=[Row(visit) for visit in visits]))


def form_b(*villages: str) -> Form:
    """The street first, then its villages."""
    heads: Mapping[str, str | date] = {"unit": "葛城街道办事处", "date": JUNE}
    whole = Sheet("葛城街道汇总", "rollup", "500229001", heads=heads, values=FIGURES, keys={"listed": ["H1", "H2"]})
    parts = [Sheet(name, "village", heads={"village": name, "date": JUNE}, values=FIGURES) for name in villages]
    return form(FormId.B, whole, *parts)


ENTERPRISES: Sequence[Mapping[str, Value]] = [
    {
        "name": name,
        "enterprises": 12,
        "general_found": found,
        "general_fixed": fixed,
        "general_ceased": 1,
        "major_found": 3,
        "major_fixed": 2,
        "major_ceased": 0,
        "planned": 3,
        "listed": 1,
        "overdue": 1,
        "suspected_major": 2,
        "funds": Decimal("12.50"),
    }
    for name, found, fixed in (("东山村", 40, 30), ("桂花社区", 20, 20), ("双河社区", 0, 0))
]


@dataclass(frozen=True)
class Written:
    """What stands in a sheet."""

    rows: list[list[Any]]
    merged: set[tuple[tuple[int, int], tuple[int, int]]]

    def row(self, beginning: str) -> list[Any]:
        """The first row of which a cell begins so."""
        return next(row for row in self.rows if any(str(cell).startswith(beginning) for cell in row))


def read(made: Form, template: Template | None = None) -> dict[str, Written]:
    """Every sheet by name, in order, as another program reads it."""
    book = CalamineWorkbook.from_filelike(BytesIO(render(made, template)))
    found = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        found[name] = Written(sheet.to_python(skip_empty_area=False), set(sheet.merged_cell_ranges or []))
    return found
