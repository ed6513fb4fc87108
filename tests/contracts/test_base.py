import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from stdnum.cn import uscc
from stdnum.iso7064 import mod_37_36

from contracts import base, subjects

CONTROLS = [
    *(chr(code) for code in (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0))),
    *"\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
]
CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TEXT: TypeAdapter[str] = TypeAdapter(base.Text)
NAME: TypeAdapter[str] = TypeAdapter(base.Name)
TOKEN: TypeAdapter[str] = TypeAdapter(base.Token)
AREA: TypeAdapter[str] = TypeAdapter(base.AreaCode)
HAZARD_ID: TypeAdapter[str] = TypeAdapter(base.HazardId)
CREDIT_CODE: TypeAdapter[str] = TypeAdapter(base.CreditCode)
MONEY: TypeAdapter[Decimal] = TypeAdapter(base.Money)
DAY: TypeAdapter[date] = TypeAdapter(base.CalendarDate)
MOMENT: TypeAdapter[datetime] = TypeAdapter(base.Moment)
EVIDENCE: TypeAdapter[base.EvidenceRef] = TypeAdapter(base.EvidenceRef)


def read(adapter: TypeAdapter[Any], value: object) -> Any:  # noqa: ANN401  (whatever the adapter reads)
    """As it comes over a border: strict JSON."""
    return adapter.validate_json(json.dumps(value), strict=True)


def fault(adapter: TypeAdapter[Any], value: object) -> str:
    """The kind of the first error; reading it without one fails the test."""
    with pytest.raises(ValidationError) as wrong:
        read(adapter, value)
    return wrong.value.errors()[0]["type"]


@pytest.mark.parametrize("adapter", [TEXT, NAME])
@pytest.mark.parametrize(
    "text", ["打磨车间积尘", "灭火器🧯过期", "👨‍👩‍👧", "مستودع", "מחסן", "a\u200db", "O'Brien; DROP TABLE", "x"]
)
def test_people_write_as_they_write(adapter: TypeAdapter[str], text: str) -> None:
    """Chinese, emoji (joined ones too), Arabic and Hebrew letters, quotation marks."""
    assert read(adapter, text) == text


def test_a_text_has_lines_and_a_name_has_one() -> None:
    """Line ends and tabs belong into a description, not into a ledger's cell."""
    assert read(TEXT, "一\n二\t三") == "一\n二\t三"
    assert fault(NAME, "一\n二") == "control_character"
    assert fault(NAME, "一\t二") == "control_character"


@pytest.mark.parametrize("adapter", [TEXT, NAME])
@pytest.mark.parametrize("mark", CONTROLS, ids=lambda mark: f"U+{ord(mark):04X}")
def test_what_cannot_be_seen_or_turns_the_reading_order_is_refused(adapter: TypeAdapter[str], mark: str) -> None:
    """A ledger must look the same to everybody who reads it."""
    assert fault(adapter, f"甲{mark}乙") == "control_character"


@pytest.mark.parametrize(("adapter", "most"), [(TEXT, 2_000), (NAME, 200)])
@pytest.mark.parametrize("character", ["a", "字", "🧯"])
def test_length_is_counted_in_characters(adapter: TypeAdapter[str], most: int, character: str) -> None:
    """At the limit it passes, one above it does not, whatever the bytes."""
    assert read(adapter, character * most) == character * most
    assert fault(adapter, character * (most + 1)) == "string_too_long"


@pytest.mark.parametrize("adapter", [TEXT, NAME])
@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\u00a0 "])
def test_blanks_are_no_text(adapter: TypeAdapter[str], blank: str) -> None:
    """A reason that is only blanks is no reason; the full-width blank is one too."""
    assert fault(adapter, blank) == "blank"


@given(token=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_:-]{0,127}", fullmatch=True))
def test_an_id_is_ascii_letters_digits_and_three_marks(token: str) -> None:
    """What fits into a subject, a header and a file name."""
    assume(token.isascii())
    assert read(TOKEN, token) == token


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a*",
        ">",
        "a b",
        "a\r\n",
        "a\n",
        "-a",
        "_a",
        ":a",
        "ä",
        "编号",
        "a/b",
        "a\x00",
        "a" * 129,
        "a" * 65_536,
    ],
)
def test_an_id_never_reaches_beyond_its_place(token: str) -> None:
    """Dots and wildcards would change a subject, line ends a header."""
    assert fault(TOKEN, token) == "string_pattern_mismatch"


@given(area=st.from_regex(subjects.AREA_PATTERN.rstrip("$") + r"\Z"), uuid=st.uuids())
def test_a_hazard_id_is_an_area_and_a_uuid(area: str, uuid: UUID) -> None:
    """What subjects.py builds, the contracts read."""
    assert read(AREA, area) == area
    assert read(HAZARD_ID, subjects.aggregate_id(area, uuid)) == f"{area}-{uuid}"


@pytest.mark.parametrize("area", ["", "3", "32062", "3206231", "３２０６２３", "320623\n", 320623, "32062310401"])
def test_an_area_code_has_as_many_digits_as_its_level(area: object) -> None:
    """2, 4, 6, 9 or 12, and written as text: a number would lose its leading zero."""
    assert fault(AREA, area) in {"invalid_area", "string_type"}


@given(
    head=st.text(CODE_ALPHABET, min_size=2, max_size=2),
    area=st.sampled_from(["320623", "310115", "350100", "110108"]),
    body=st.text(CODE_ALPHABET, min_size=9, max_size=9),
    place=st.integers(0, 17),
    other=st.sampled_from(CODE_ALPHABET),
)
def test_one_wrong_character_of_a_credit_code_is_noticed(
    head: str, area: str, body: str, place: int, other: str
) -> None:
    """The check digit of GB 32100-2015: one character off is another enterprise, or none."""
    first17 = f"{head}{area}{body}"
    code = first17 + uscc.calc_check_digit(first17)
    assert read(CREDIT_CODE, code) == code
    assume(code[place] != other)
    assert fault(CREDIT_CODE, code[:place] + other + code[place + 1 :]) == "invalid_credit_code"


@pytest.mark.parametrize("code", ["91310115MA1H8R7C6D", "", "9135010", "91350100M000100Y4", "91350100M000100Y4３"])
def test_an_invalid_credit_code_is_refused(code: str) -> None:
    """Wrong check digit, too short, full-width."""
    assert fault(CREDIT_CODE, code) == "invalid_credit_code"


@pytest.mark.parametrize("code", ["91350100M000100Y43", "92330108MA2XXXXX1", "N2320623MF5P1Q8W0", "54320623MF5P1Q8W0"])
def test_every_kind_of_organisation_has_a_credit_code(code: str) -> None:
    """An enterprise, a sole trader, a village's cooperative (N2), its committee (54)."""
    whole = code if len(code) == 18 else code + uscc.calc_check_digit(code)
    assert read(CREDIT_CODE, whole) == whole


def test_a_credit_code_is_written_in_one_way() -> None:
    """Small letters, blanks and hyphens would make two enterprises of one."""
    assert read(CREDIT_CODE, "91350100M000100Y43") == "91350100M000100Y43"
    assert fault(CREDIT_CODE, "91350100m000100y43") == "invalid_credit_code"
    assert fault(CREDIT_CODE, "91350100M000100Y43 ") == "invalid_credit_code"
    assert fault(CREDIT_CODE, "9135-0100-M000-100Y-43") == "invalid_credit_code"


@given(amount=st.decimals(0, Decimal("99999999999999.99"), places=2))
def test_money_keeps_its_cents_there_and_back(amount: Decimal) -> None:
    """Written as text, so that no reader rounds it."""
    there = MONEY.dump_json(read(MONEY, str(amount)))
    assert there == f'"{amount:.2f}"'.encode()
    assert MONEY.validate_json(there) == amount


@pytest.mark.parametrize("spelling", ["5000", "5000.0", "5E+3", "５０００", 5000, 5000.0, "+5000"])
def test_one_amount_has_one_spelling(spelling: object) -> None:
    """The hash of an event must not hang on how somebody typed a number."""
    assert str(read(MONEY, spelling)) == "5000.00"


def test_nothing_is_not_less_than_nothing() -> None:
    """-0 is 0.00."""
    assert str(read(MONEY, "-0")) == "0.00"


@pytest.mark.parametrize(
    "amount", ["-0.01", "0.001", "NaN", "Infinity", "-Infinity", "1" * 17, "", "many", True, None, []]
)
def test_what_is_no_amount_is_refused(amount: object) -> None:
    """Less than nothing, fractions of a cent, NaN, more than there is, words."""
    assert fault(MONEY, amount)


@given(day=st.dates(date(1949, 10, 1), date(2199, 12, 31)))
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    """YYYY-MM-DD and nothing else."""
    assert read(DAY, day.isoformat()) == day


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-30",
        "2025-02-29",
        "2026-13-01",
        "2026-00-10",
        "20260501",
        "2026-5-1",
        "2026-W18-5",
        "1699920000",
        "２０２６-05-01",
        "2026-05-01T00:00:00",
        "2026-05-01\n",
        "",
        "五月一日",
    ],
)
def test_a_day_that_the_calendar_has_not_is_refused(day: str) -> None:
    """30 February, a leap day without its year, a month 13; and other spellings, which programs read differently."""
    assert fault(DAY, day) == "impossible_date"


@pytest.mark.parametrize("day", ["1949-09-30", "0026-05-01", "2200-01-01", "9999-12-31"])
def test_a_day_far_away_is_a_slip_of_the_pen(day: str) -> None:
    """0026 was meant to be 2026."""
    assert fault(DAY, day) in {"greater_than_equal", "less_than_equal"}


@given(
    moment=st.datetimes(
        datetime(1950, 1, 1),  # noqa: DTZ001  (the strategy adds the zone)
        datetime(2199, 1, 1),  # noqa: DTZ001
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    )
)
def test_a_moment_is_read_as_it_is_written(moment: datetime) -> None:
    """With any offset, to the microsecond; and every zone can tell its day."""
    assert read(MOMENT, moment.isoformat()) == moment
    assert MOMENT.validate_json(MOMENT.dump_json(moment)) == moment
    assert abs(base.local_day(moment) - moment.date()) <= timedelta(days=2)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-05-01T08:30:00",
        "2026-05-01",
        "1700000000",
        "2026-02-30T08:30:00Z",
        "2026-05-01T24:30:00Z",
        "2026-05-01T23:59:60Z",
        "2026-05-01T08:30:00 +08:00",
        "2026-05-01T08:30:00+8",
        "2026-05-01T08:30:00+25:00",
        "",
    ],
)
def test_a_moment_without_its_offset_is_no_moment(moment: str) -> None:
    """It would be another one in every zone; and what no clock shows is none either."""
    assert fault(MOMENT, moment) == "impossible_date"


def test_the_day_at_the_site_is_not_the_day_in_greenwich() -> None:
    """17:00 UTC is 01:00 of the next day in Shanghai."""
    moment = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    assert base.local_day(moment) == date(2026, 3, 3)
    assert base.local_day(moment, "UTC") == date(2026, 3, 2)


@given(area=st.sampled_from(["32", "320623", "320623199", "320623199201"]), uuid=st.uuids(), data=st.data())
def test_a_number_misheard_on_the_telephone_is_noticed(area: str, uuid: UUID, data: st.DataObject) -> None:
    """One character of the short number wrong, and its check character no longer fits."""
    number = base.short_number(f"{area}-{uuid}")
    code, letters = number.replace("-", ""), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert mod_37_36.is_valid(code)
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(letters.replace(code[place], "")))
    assert not mod_37_36.is_valid(code[:place] + other + code[place + 1 :])


def test_a_short_number_is_the_area_and_the_start_of_the_uuid() -> None:
    """What people say on the telephone can be found in the ledger."""
    assert base.short_number("320623104-5f0c1d2e-0000-4000-8000-000000000001").startswith("320623104-5F0C1D2E-")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"sha256": "0" * 63}, "string_pattern_mismatch"),
        ({"sha256": "A" * 64}, "string_pattern_mismatch"),
        ({"media_type": "image"}, "string_pattern_mismatch"),
        ({"media_type": "image/../etc"}, "string_pattern_mismatch"),
        ({"media_type": "image/jpeg\r\nX: y"}, "string_pattern_mismatch"),
        ({"size": 0}, "greater_than_equal"),
        ({"size": 64 * 2**20 + 1}, "less_than_equal"),
        ({"size": "5"}, "int_type"),
    ],
)
def test_a_reference_to_evidence_is_exact(change: dict[str, object], kind: str) -> None:
    """A hash in small letters, a media type that fits into a header, a size that is one."""
    reference: dict[str, object] = {"sha256": "0" * 64, "media_type": "image/jpeg", "size": 5}
    assert read(EVIDENCE, reference).size == 5
    assert fault(EVIDENCE, reference | change) == kind


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u3164", "\u2060", "\ufff9", "\uffff", "\U000e0041"], ids=ascii)
def test_a_sign_that_nobody_sees_is_refused(sign: str) -> None:
    """Two names that look the same are the same, and a text that looks empty is empty."""
    for adapter in (TEXT, NAME):
        with pytest.raises(ValidationError, match="control_character"):
            adapter.validate_python(f"秦{sign}执")
    with pytest.raises(ValidationError, match="blank"):
        TEXT.validate_python("\u200d")


def test_line_ends_of_windows_become_line_ends() -> None:
    """What every text box there sends is no control character."""
    assert TEXT.validate_python("一\r\n二") == "一\n二"
    with pytest.raises(ValidationError, match="control_character"):
        TEXT.validate_python("一\r二")
