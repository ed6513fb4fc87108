"""When a notice goes: quiet hours, the digest's day, and where each is told of."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.delivering.scheduling import (
    Hours,
    digest_day,
    digest_moment,
    digest_of,
    item_subject,
    not_before,
    subject_of,
)
from tests.notifier.notice_props import HAZARD, notice

SITE = ZoneInfo("Asia/Shanghai")
HOURS = Hours()
OFF = Hours(quiet_from=time(0), quiet_until=time(0))
NOON = Hours(quiet_from=time(12), quiet_until=time(14))


def at(text: str) -> datetime:
    """At the site."""
    return datetime.fromisoformat(text).replace(tzinfo=SITE)


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        ("2026-03-02T21:59:59", None),
        ("2026-03-02T22:00:00", "2026-03-03T07:00:00"),
        ("2026-12-31T23:30:00", "2027-01-01T07:00:00"),
        ("2026-03-03T00:00:00", "2026-03-03T07:00:00"),
        ("2026-03-03T06:59:59", "2026-03-03T07:00:00"),
        ("2026-03-03T07:00:00", None),
        ("2026-03-03T12:00:00", None),
    ],
)
def test_a_notice_waits_for_the_end_of_the_quiet_hours(now: str, goes: str | None) -> None:
    """From 22:00 on until 07:00, by the site's clock wherever the machine is."""
    assert not_before(notice(), at(now).astimezone(ZoneInfo("UTC")), HOURS) == (at(goes) if goes else None)


def test_where_lives_are_in_danger_no_hour_is_quiet() -> None:
    """At two in the morning as at noon."""
    assert not_before(notice(urgent=True), at("2026-03-03T02:00:00"), HOURS) is None


def test_quiet_hours_are_configured() -> None:
    """Off where they begin when they end; within one day where they end after they begin."""
    assert not_before(notice(), at("2026-03-03T02:00:00"), OFF) is None
    assert not_before(notice(), at("2026-03-03T02:00:00"), NOON) is None
    assert not_before(notice(), at("2026-03-03T13:00:00"), NOON) == at("2026-03-03T14:00:00")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-03-02T00:00:00", date(2026, 3, 2)),
        ("2026-03-02T08:28:59", date(2026, 3, 2)),
        ("2026-03-02T08:29:00", date(2026, 3, 3)),
        ("2026-03-02T08:30:00", date(2026, 3, 3)),
        ("2026-12-31T23:59:59", date(2027, 1, 1)),
    ],
)
def test_a_reminder_goes_with_the_next_digest(now: str, day: date) -> None:
    """Of the day whose 08:30 is next; in the minute before, digests are gathered, and it is the next day's."""
    assert digest_day(at(now), HOURS) == day


@given(st.datetimes(datetime(2000, 1, 1), datetime(2199, 1, 1), timezones=st.just(SITE)))  # noqa: DTZ001 (bounds)
def test_its_digest_is_always_ahead(now: datetime) -> None:
    """By more than the minute in which it is gathered, and by no more than a day and that minute."""
    ahead = (digest_moment(digest_day(now, HOURS), HOURS) - now).total_seconds()
    assert 60 < ahead <= 86_460


def test_a_notice_is_told_of_with_its_hazard() -> None:
    """Also a reminder that goes with a digest: so it is claimed once, whatever day it is meanwhile."""
    area, _, uuid = HAZARD.partition("-")
    assert subject_of(notice()) == f"notices.32.06.23.104.201.hazard.{uuid}.{notice().id}"
    assert area == "320623104201"
    assert subject_of(notice(digest=date(2026, 3, 3))) == subject_of(notice())


def test_the_items_of_a_digest_stand_together() -> None:
    """Wherever in the province their hazards lie; another day, person or province is another digest."""
    day = date(2026, 3, 3)
    one, other = notice(1), notice(2, area="320684105", hazard_id=f"320684105-{HAZARD.partition('-')[2]}")
    assert item_subject(one, day).rpartition(".")[0] == item_subject(other, day).rpartition(".")[0]
    kinds = {digest_of("p", day, "32"), digest_of("p", day, "50"), digest_of("q", day, "32")}
    assert len(kinds | {digest_of("p", date(2026, 3, 4), "32")}) == 4
