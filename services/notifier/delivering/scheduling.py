"""When a notice goes 何时发出: quiet hours and the day's digest, by the clock on the wall of the site.

A notice that goes by itself in the quiet hours waits for their end; where lives are in danger it never does. Reminders
of L0-L1 that are counted in days go with the person's digest at 08:30. From 08:29 on they go with the next day's: in
that minute digests are gathered.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from contracts import subjects
from contracts.notices import Notice

SITE: Final = ZoneInfo("Asia/Shanghai")
GATHERED: Final = timedelta(minutes=1)
"""Before a digest goes."""


@dataclass(frozen=True)
class Hours:
    """As configured; the same `quiet_from` and `quiet_until`: no hour is quiet."""

    zone: tzinfo = SITE
    quiet_from: time = time(22, 0)
    quiet_until: time = time(7, 0)
    digest_at: time = time(8, 30)


def not_before(notice: Notice, now: datetime, hours: Hours) -> datetime | None:
    """When the quiet hours end, if it has to wait for that; the end itself is not quiet."""
    local = now.astimezone(hours.zone)
    if notice.urgent or not _is_quiet(local.time(), hours):
        return None
    overnight = local.time() >= hours.quiet_until
    return _moment(local.date() + timedelta(days=int(overnight)), hours.quiet_until, hours.zone)


def _is_quiet(clock: time, hours: Hours) -> bool:
    if hours.quiet_from <= hours.quiet_until:
        return hours.quiet_from <= clock < hours.quiet_until
    return clock >= hours.quiet_from or clock < hours.quiet_until


def digest_day(now: datetime, hours: Hours) -> date:
    """The day of the digest that a reminder goes with."""
    ahead = (now + GATHERED).astimezone(hours.zone)
    return ahead.date() + timedelta(days=int(ahead.time() >= hours.digest_at))


def digest_moment(day: date, hours: Hours) -> datetime:
    """When the digest of that day is gathered and sent."""
    return _moment(day, hours.digest_at, hours.zone)


def _moment(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, zone)


def province(notice: Notice) -> str:
    """Under which a digest stands: its hazards may lie in several counties, but one node serves one province."""
    return notice.area[:2]


def digest_of(person: str, day: date, area: str) -> str:
    """The id of a person's digest of a day; whoever serves in two provinces gets one from each."""
    return subjects.digest_id(f"{area}/{person}", day.isoformat())


def subject_of(notice: Notice) -> str:
    """Where its life is told: with its hazard, or a digest in its province."""
    if notice.hazard_id is not None and notice.kind != "digest":
        area, _, about = notice.hazard_id.partition("-")
        return subjects.notice_subject(area, subjects.HAZARD, about, notice.id)
    return subjects.notice_subject(province(notice), "digest", notice.id, notice.id)


def item_subject(notice: Notice, day: date) -> str:
    """Where a reminder stands among those of a digest."""
    area = province(notice)
    return subjects.notice_subject(area, "digest", digest_of(notice.person.id, day, area), notice.id)
