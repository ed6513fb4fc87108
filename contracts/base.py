"""The types that both sides of a border use; each validates itself and says what to do.

Texts hold at most 2,000 characters; line breaks and tabs are welcome in them, other control characters and the
marks that reverse reading order are not: a ledger must look the same to everybody who reads it.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError, PydanticKnownError
from stdnum.cn import uscc
from stdnum.iso7064 import mod_37_36

from contracts import subjects

MAX_TEXT: Final = 2_000
MAX_NAME: Final = 200
FIRST_DAY: Final = date(1949, 10, 1)
LAST_DAY: Final = date(2199, 12, 31)
FIRST_MOMENT: Final = datetime(1949, 9, 30, tzinfo=UTC)
LAST_MOMENT: Final = datetime(2200, 1, 1, tzinfo=UTC)
MAX_EVENT: Final = 60 * 1024
"""Bytes of a stored event; the stream takes 64 KiB with its headers."""

_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
CONTROL: Final = re.compile(f"[{_UNSEEN}]")
"""Control characters, marks that turn the reading order, and signs that nobody sees."""
JOINERS: Final = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
"""Parts of an emoji or of a Persian word; nothing by themselves, and no difference between two names."""
_ODD = re.compile(f"[{_UNSEEN}\u200c\u200d\ufe00-\ufe0f]|^$")
"""Worth a second look; nearly no text is, and every event has several."""
_CENT = Decimal("0.01")
_CREDIT_CODE = re.compile("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")  # N2…: a village's cooperative
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    rf"{_DAY.pattern}[T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,9}})?)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})"
)


class Contract(BaseModel):
    """Frozen, strict about types; whether unknown fields pass is decided by who reads (see Event, Command)."""

    model_config = ConfigDict(frozen=True, strict=True, use_attribute_docstrings=True)


def _visible(text: str) -> str:
    if _ODD.search(text) is None and not text.isspace():
        return text
    text = text.replace("\r\n", "\n")  # what every text box on Windows sends
    if found := CONTROL.search(text):
        raise PydanticCustomError(
            "control_character",
            "含不可见控制字符 {mark}，请删去：remove the control character",
            {"mark": f"U+{ord(found.group()):04X}"},
        )
    if not JOINERS.sub("", text).strip():
        raise PydanticCustomError("blank", "不能为空：write something, not only blanks")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise PydanticCustomError("control_character", "只能一行，请去掉换行和制表符：one line, no tab")
    return _visible(text)


def _credit_code(code: str) -> str:
    if not _CREDIT_CODE.fullmatch(code):
        raise PydanticCustomError(
            "invalid_credit_code", "统一社会信用代码须为18位大写字母和数字，不含空格：18 capitals and digits, no blanks"
        )
    if uscc.calc_check_digit(code) != code[-1]:
        raise PydanticCustomError(
            "invalid_credit_code", "统一社会信用代码校验位不符，请核对营业执照：the check digit does not fit"
        )
    return code


def _area_code(code: str) -> str:
    try:
        subjects.area_levels(code)
    except ValueError as wrong:
        raise PydanticCustomError(
            "invalid_area", "行政区划代码须为2、4、6、9或12位数字：an area code has 2, 4, 6, 9 or 12 digits"
        ) from wrong
    return code


def _yuan(amount: Decimal) -> Decimal:
    return abs(amount).quantize(_CENT)  # one spelling: 5E+3, 5000 and 5000.0 are 5000.00; -0 is 0.00


def _day(day: object) -> object:
    """Only `2026-05-01`; pydantic alone would also read "1699920000", seconds since 1970."""
    if isinstance(day, int | float):
        raise PydanticKnownError("date_type")
    if not isinstance(day, str):
        return day
    if not _DAY.fullmatch(day):
        raise PydanticCustomError("impossible_date", "日期须写作 2026-05-01：write the day as YYYY-MM-DD")
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise PydanticCustomError("impossible_date", "历法上没有这一天：the calendar has no such day") from None


def _moment(moment: object) -> object:
    """Only RFC 3339, with an offset: a time of day without one is another moment in every zone."""
    if isinstance(moment, int | float):
        raise PydanticKnownError("datetime_type")  # else 5 would pass for five seconds after 1970 where JSON is read
    if not isinstance(moment, str):
        return moment
    if not _MOMENT.fullmatch(moment):
        raise PydanticCustomError(
            "impossible_date", "时间须写作 2026-05-01T08:30:00+08:00，带时区：write date, time and offset"
        )
    try:
        return datetime.fromisoformat(moment)
    except ValueError:
        raise PydanticCustomError("impossible_date", "没有这一时刻：there is no such moment") from None


Text = Annotated[
    str,
    StringConstraints(max_length=MAX_TEXT),
    AfterValidator(_visible),
    Field(json_schema_extra={"minLength": 1}),
]
"""Words of a person, up to 2,000 characters."""
Name = Annotated[
    str,
    StringConstraints(max_length=MAX_NAME),
    AfterValidator(_one_line),
    Field(json_schema_extra={"minLength": 1}),
]
"""One line of at most 200 characters: a name, a number of a document, a place."""
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:-]{0,127}$")]
"""An id: ASCII letters, digits, `_`, `:`, `-`; at most 128. No dots, no wildcards, no line ends."""
AreaCode = Annotated[str, AfterValidator(_area_code), Field(json_schema_extra={"pattern": subjects.AREA_PATTERN})]
"""行政区划代码: province, city, county 2 digits each, township and village 3 each."""
HazardId = Annotated[str, StringConstraints(pattern=subjects.AGGREGATE_ID_PATTERN)]
"""`<birth area>-<uuid>`."""
InspectionId = Annotated[str, StringConstraints(pattern=subjects.AGGREGATE_ID_PATTERN)]
"""The same form, of a visit."""
CreditCode = Annotated[
    str, AfterValidator(_credit_code), Field(json_schema_extra={"pattern": f"^{_CREDIT_CODE.pattern}$"})
]
"""统一社会信用代码, 18 characters with its check digit (GB 32100-2015)."""
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Money = Annotated[
    Decimal,
    Field(ge=0, max_digits=16, decimal_places=2),
    AfterValidator(_yuan),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,14}(\.[0-9]{1,2})?$"}),
]
"""Yuan, two decimals, written as a string in JSON so that no reader rounds it."""
CalendarDate = Annotated[date, BeforeValidator(_day), Field(ge=FIRST_DAY, le=LAST_DAY)]
"""A day of the calendar at the site, without a time of day."""
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_moment),
    Field(ge=FIRST_MOMENT, le=LAST_MOMENT),
]
"""A moment with its offset from UTC; any zone of the world can tell its day."""


class EvidenceRef(Contract):
    """A photo or paper kept outside the event 证据: named by the SHA-256 of what is stored, so it cannot be swapped."""

    sha256: Sha256
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]{1,100}$")]
    size: Annotated[int, Field(ge=1, le=64 * 2**20)]
    """Bytes of the file itself."""
    name: Name | None = None


class DocumentRef(Contract):
    """A paper with a number 文书: 责令限期整改指令书（如应急责改〔2026〕3号）."""

    number: Name | None = None
    title: Name | None = None
    scan: EvidenceRef | None = None


def short_number(hazard_id: str) -> str:
    """What people say on the telephone: the area, eight characters of the uuid, an ISO 7064 check character.

    "320623104-5f0c1d2e-…" → "320623104-5F0C1D2E-K". Not unique by promise: it finds, it does not name.
    """
    area, _, uuid = hazard_id.partition("-")
    code = f"{area}{uuid[:8].upper()}"
    return f"{area}-{uuid[:8].upper()}-{mod_37_36.calc_check_digit(code)}"


def local_day(moment: datetime, zone: str = "Asia/Shanghai") -> date:
    """The calendar day of a moment at the site."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415  (loaded when first asked; import costs 3 ms of every command)

    return moment.astimezone(ZoneInfo(zone)).date()
