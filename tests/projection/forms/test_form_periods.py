from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.projection.forms.periods import cutoff, due, period, spoken
from services.projection.forms.template import FormId

SITE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("form", "month", "day"),
    [
        (FormId.A, date(2023, 5, 1), date(2023, 5, 30)),
        (FormId.A, date(2023, 2, 28), date(2023, 2, 28)),
        (FormId.B, date(2024, 2, 1), date(2024, 2, 29)),
        (FormId.B, date(2023, 12, 31), date(2023, 12, 30)),
        (FormId.D, date(2022, 6, 1), date(2022, 6, 23)),
        (FormId.QUARTERLY, date(2023, 4, 1), date(2023, 7, 15)),
        (FormId.QUARTERLY, date(2023, 11, 30), date(2024, 1, 15)),
        (FormId.ANNUAL, date(2023, 3, 3), date(2024, 1, 31)),
        (FormId.C, date(2023, 3, 3), None),
        (FormId.BULLETIN, date(2023, 3, 3), None),
    ],
)
def test_a_form_is_due_on_its_day(form: FormId, month: date, day: date | None) -> None:
    """The 30th, in February its last day; the 23rd; the 15th after the quarter; 31 January; or no day is said."""
    assert due(form, month) == day


@pytest.mark.parametrize(
    ("form", "month", "start", "end"),
    [
        (FormId.A, date(2023, 5, 17), date(2023, 5, 1), date(2023, 6, 1)),
        (FormId.A, date(2023, 12, 1), date(2023, 12, 1), date(2024, 1, 1)),
        (FormId.B, date(2023, 6, 30), None, date(2023, 6, 1)),
        (FormId.B, date(2024, 1, 1), None, date(2024, 1, 1)),
        (FormId.D, date(2022, 6, 1), None, date(2022, 6, 23)),
        (FormId.QUARTERLY, date(2023, 6, 30), date(2023, 4, 1), date(2023, 7, 1)),
        (FormId.ANNUAL, date(2023, 6, 30), date(2023, 1, 1), date(2024, 1, 1)),
        (FormId.BULLETIN, date(2023, 9, 1), date(2023, 7, 1), date(2024, 1, 1)),
        (FormId.LISTING_REGISTER, date(2023, 2, 1), None, date(2023, 3, 1)),
    ],
)
def test_a_form_speaks_of_its_days(form: FormId, month: date, start: date | None, end: date) -> None:
    """A: that month; B: up to 24:00 of the last day of the month before; midnight is the site's."""
    spoken = period(form, month)
    assert spoken.end == cutoff(form, month) == datetime(end.year, end.month, end.day, tzinfo=SITE)
    assert (spoken.start and spoken.start.date()) == start


def test_midnight_is_that_of_the_site() -> None:
    """Where the sites are, not where the program runs."""
    assert cutoff(FormId.B, date(2023, 6, 1), "Asia/Urumqi").isoformat() == "2023-06-01T00:00:00+06:00"


@pytest.mark.parametrize(
    ("form", "month", "words"),
    [
        (FormId.A, date(2023, 12, 5), "2023年12月"),
        (FormId.B, date(2023, 6, 5), "截至2023年5月31日24时"),
        (FormId.D, date(2022, 6, 1), "截至2022年6月22日24时"),
        (FormId.QUARTERLY, date(2023, 6, 30), "2023年第二季度"),
        (FormId.QUARTERLY, date(2023, 7, 1), "2023年第三季度"),
        (FormId.BULLETIN, date(2023, 6, 1), "2023年上半年"),
        (FormId.ANNUAL, date(2023, 12, 1), "2023年"),
    ],
)
def test_a_period_is_said_as_people_say_it(form: FormId, month: date, words: str) -> None:
    """For the line under the title, and for 溯源."""
    assert spoken(form, month) == words
