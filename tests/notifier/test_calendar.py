"""Working days with 调休, years that are not published, and a site's own file."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from services.notifier.timing.calendar import Calendar, natural
from services.notifier.timing.calendars import UnusableCalendarError, load_calendar

PUBLISHED = load_calendar()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
        (date(2026, 10, 12), True),
    ],
)
def test_a_holiday_rests_and_a_saturday_of_exchange_works(day: date, works: bool) -> None:  # noqa: FBT001
    """国庆 2026: the Saturday after it makes up for a day of it."""
    assert PUBLISHED.is_working(day) is works


def test_working_days_are_counted_over_holidays_in_both_directions() -> None:
    """30 September and the first working day after the holiday are neighbours; 0 is the day itself, whatever it is."""
    before, after = date(2026, 9, 30), date(2026, 10, 8)
    assert PUBLISHED.working(before, 1) == (after, False)
    assert PUBLISHED.working(after, -1) == (before, False)
    assert PUBLISHED.working(date(2026, 10, 3), 0) == (date(2026, 10, 3), False)


def test_a_year_that_is_not_published_counts_monday_to_friday_and_says_so() -> None:
    """Over New Year of the last year that is known."""
    assert PUBLISHED.working(date(2026, 12, 31), 1) == (date(2027, 1, 1), True)
    assert PUBLISHED.working(date(2026, 12, 30), 1) == (date(2026, 12, 31), False)
    assert PUBLISHED.working(date(2027, 1, 1), 1) == (date(2027, 1, 4), True)


def test_days_past_the_last_that_events_know_are_an_overflow() -> None:
    """Whoever asks decides that nothing is due then."""
    with pytest.raises(OverflowError):
        natural(date(2199, 12, 31), 1)
    with pytest.raises(OverflowError):
        PUBLISHED.working(date(2199, 12, 31), 1)
    assert PUBLISHED.end(date(2199, 12, 31)) == datetime(2199, 12, 31, 16, tzinfo=UTC)


def test_a_day_is_the_sites() -> None:
    """Midnight of Shanghai is four in the afternoon of the day before in UTC."""
    calendar = Calendar(zone="Asia/Shanghai")
    assert calendar.moment(date(2026, 3, 2)) == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert calendar.moment(date(2026, 3, 2), time(9)) == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert calendar.day(datetime(2026, 3, 1, 16, tzinfo=UTC) - timedelta(microseconds=1)) == date(2026, 3, 1)


def test_a_sites_own_file_goes_before_what_was_published(tmp_path: Path) -> None:
    """A year that it tells whole is known; one day of a known year can be another."""
    file = tmp_path / "calendar.yaml"
    file.write_text("off: [2027-01-01, 2026-10-10]\non: [2026-10-01]\nyears: [2027]\n", "utf-8")
    calendar = load_calendar(file)
    assert calendar.working(date(2026, 12, 31), 1) == (date(2027, 1, 4), False)
    assert not calendar.is_working(date(2026, 10, 10))
    assert calendar.is_working(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("of: [2027-01-01]", "没有 of 这一项"),
        ("off: [2027-13-01]", "历法上没有这一天"),
        ("off: [1]", "2027-01-01"),
        ("off: 2027-01-01", "off 有误"),
        ("years: [27]", "years.0 有误"),
        ("off: [2027-01-01]\non: [2027-01-01]", "既在 off 又在 on"),
        ("- 2027-01-01", "须写 off、on、years"),
        ("off: [", "第1行"),
        ("off: ['" + "x" * 300_000 + "']", "KiB"),
    ],
)
def test_a_file_that_is_no_calendar_says_where_and_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    """One sentence, with the file's name."""
    file = tmp_path / "calendar.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(UnusableCalendarError, match=r"calendar\.yaml") as refused:
        load_calendar(file)
    assert says in str(refused.value)


def test_a_file_or_a_zone_that_is_not_there_says_so(tmp_path: Path) -> None:
    """Neither is guessed."""
    with pytest.raises(UnusableCalendarError, match="读不到文件"):
        load_calendar(tmp_path / "none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("off: [] # 放假".encode("gbk"))
    with pytest.raises(UnusableCalendarError, match="UTF-8"):
        load_calendar(tmp_path / "gbk.yaml")
    with pytest.raises(UnusableCalendarError, match="没有时区"):
        load_calendar(None, "../etc/passwd")
