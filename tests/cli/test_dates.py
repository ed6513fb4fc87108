from datetime import date, datetime

import pytest

from services.cli.importing.cells import Cell
from services.cli.importing.dates import SITE, Doubtful, moment_of

NOW = datetime(2026, 10, 1, 12, tzinfo=SITE)
DAY = datetime(2023, 5, 30, tzinfo=SITE)
HOUR = datetime(2023, 5, 30, 14, 30, tzinfo=SITE)


@pytest.mark.parametrize(
    "cell",
    [
        "2023-05-30",
        "2023/5/30",
        "2023.5.30",
        "2023。5。30",
        "2023年5月30日",
        "2023年5月30号",
        "2023 年 5 月 30 日",
        "２０２３年５月３０日",
        "2023—05—30",
        "2023.05.30.",
        "2023。05。30。",
        "2023\\5\\30",
        "2023年5月30日上午",
        "2023年5月30日 下午",
        "2023-5-30（星期二）",
        "20230530",
        20230530.0,
        "45076",
        45076.0,
        date(2023, 5, 30),
        datetime(2023, 5, 30),  # noqa: DTZ001 (as a sheet gives it)
        "2023/05/30 00:00:00",
    ],
)
def test_a_day_counts_from_midnight_at_the_site(cell: Cell) -> None:
    """However the day is written, it is the same moment: 00:00 in Asia/Shanghai."""
    assert moment_of(cell, NOW) == DAY


@pytest.mark.parametrize(
    "cell",
    [
        "2023-05-30 14:30",
        "2023-05-30T14:30:00",
        "2023年5月30日14时30分",
        "2023年5月30日下午2时30分",
        "2023年5月30日下午14时30分",
        "2023-05-30 下午 2:30",
        datetime(2023, 5, 30, 14, 30),  # noqa: DTZ001
        45076.604166666664,
    ],
)
def test_an_hour_is_kept(cell: Cell) -> None:
    """Where the hour is written, it counts."""
    assert moment_of(cell, NOW) == HOUR


def test_day_and_hour_do_not_run_together() -> None:
    """2023-5-3 14:30 is the third of May, not the thirty-first."""
    assert moment_of("2023-5-3 14:30", NOW) == datetime(2023, 5, 3, 14, 30, tzinfo=SITE)


def test_the_morning_has_its_hours() -> None:
    """上午9时 is nine."""
    assert moment_of("2023年5月30日上午9时", NOW) == datetime(2023, 5, 30, 9, tzinfo=SITE)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("5月30日", "没有年份"),
        ("5.30", "没有年份"),
        (5.3, "没有年份"),
        ("05-30", "没有年份"),
        ("23.5.30", "四位年份"),
        ("2023年5月", "没有日"),
        ("2023-02-30", "不存在"),
        ("2023-13-01", "不存在"),
        ("2023-05-30 25:00", "不存在"),
        ("2023年5月29日至30日", "不止一天"),
        ("2023.5.29-5.30", "不止一天"),
        ("2023、5、30", "分隔符"),
        ("2023,5,30", "分隔符"),
        ("May 30, 2023", "英文写法：请用数字"),
        ("30-May-2023", "英文写法：请用数字"),
        ("昨天", "看不出日期"),
        (True, "看不出日期"),
        (2023.0, "看不出日期"),
        ("", "为空"),
        ("1900-01-01", "年份有误"),
        ("2026-10-02", "还没有到"),
        ("2026-10-01 13:00", "还没有到"),
        (datetime(2099, 1, 1), "还没有到"),  # noqa: DTZ001
    ],
)
def test_a_doubtful_date_goes_back_with_its_reason(cell: Cell, why: str) -> None:
    """No year, an impossible day, a day to come: a person is asked, nothing is guessed."""
    with pytest.raises(Doubtful, match=why):
        moment_of(cell, NOW)


def test_today_is_not_the_future() -> None:
    """A table of today can be imported today."""
    assert moment_of("2026-10-01", NOW).day == 1
