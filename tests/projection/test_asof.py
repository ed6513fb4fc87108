"""As of: design.md section 5, against the definition applied by hand, over real NATS."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from nats.aio.client import Client

from contracts.events import HazardCorrected
from services.journal.events import EventStore
from services.projection.asking import QuestionError
from services.projection.asof import AsOf, as_of
from services.projection.effective import occurred, recorded
from services.projection.entries import UnapplicableError
from services.projection.knowing import difference, sequence_at
from services.projection.ledgers import hazards
from services.projection.moments import last_instant, moment, moment_or_sequence
from services.projection.queries import View, opened
from tests.lives import Told
from tests.lives import store as keep
from tests.projection.folding import SITE, fold
from tests.projection.lives_props import effective, lives, lives_store, notified
from tests.projection.runner_props import TALLY
from tests.servers import Stream

TOLD = lives()
LEDGERS = (hazards.LEDGER, TALLY)
EARLY, LATE = (last_instant(day, SITE) for day in (date(2024, 5, 10), date(2024, 6, 20)))
NOW = datetime(2026, 5, 20, 4, tzinfo=UTC)


@pytest.fixture
async def lived(nc: Client, stream: Stream) -> EventStore:
    """The lives, stored."""
    events = lives_store(nc, stream)
    assert await keep(events, TOLD) == len(TOLD)
    return events


def known_on(day: date) -> int:
    """The last sequence recorded by the end of that day."""
    return sum(each.event.recorded_at <= last_instant(day, SITE) for each in TOLD)


def by_hand(cutoff: datetime | None, sequence: int) -> list[Told]:
    """The events that count."""
    whens = effective(TOLD)
    return [
        each
        for place, (each, when) in enumerate(zip(TOLD, whens, strict=True), 1)
        if place <= sequence and (cutoff is None or when <= cutoff)
    ]


def values(view: View) -> dict[str, dict[str, Any]]:
    """The lines as readers see them."""
    return {row.key: {name: value for name, value in row.values.items() if value is not None} for row in view.rows()}


def test_the_lives_hold_what_as_of_is_about() -> None:
    """Late events and corrections, before and after the cut-offs: else the tests below prove nothing."""
    late = [each for each in by_hand(EARLY, len(TOLD)) if each not in by_hand(EARLY, known_on(EARLY.date()))]
    corrections = [each for each in TOLD if isinstance(each.event, HazardCorrected)]
    assert len(late) > 5
    assert len(corrections) > 1
    whens = effective(TOLD)
    moved = [each for each, when in zip(TOLD, whens, strict=True) if when <= EARLY < each.event.occurred_at]
    assert moved, "no correction after the cut-off of something before it"


@pytest.mark.parametrize(
    ("cutoff", "sequence"),
    [
        (None, len(TOLD)),
        (None, 100),
        (EARLY, len(TOLD)),
        (EARLY, known_on(date(2024, 5, 10))),
        (LATE, len(TOLD)),
        (LATE, known_on(date(2024, 6, 20))),
        (last_instant(date(2020, 1, 1), SITE), len(TOLD)),
        (EARLY, 0),
    ],
)
async def test_as_of_is_a_fold_of_the_events_that_count(
    lived: EventStore, cutoff: datetime | None, sequence: int
) -> None:
    """Events up to S whose effective time is not after T, in sequence order; counts and their keys too."""
    counting = [(each.aggregate_id, each.event) for each in by_hand(cutoff, sequence)]
    async with as_of(lived, LEDGERS, AsOf(cutoff, sequence), SITE) as database:
        for ledger in LEDGERS:
            expected = fold(ledger, counting)
            with opened(database, ledger) as view:
                found = values(view)
                members = view.members(list(found))
            assert found == {row.key: row.values for row in expected.shown()}
            for row in expected.shown():
                for column, counted in members.get(row.key, {}).items():
                    assert counted.keys() == expected.counted(row.key, column)
            if sequence and cutoff != last_instant(date(2020, 1, 1), SITE):
                assert found


async def test_a_correction_of_a_correction_counts_with_the_first_mistake(nc: Client, stream: Stream) -> None:
    """It is effective when that was which was wrong at the beginning, however late it is told."""
    found = TOLD[0]
    mend = next(each.event for each in TOLD if isinstance(each.event, HazardCorrected))
    after = found.event.occurred_at + timedelta(days=300)

    def mended(version: int, corrects: int, place: str) -> Told:
        changes = {"corrects": corrects, "place": place, "occurred_at": after, "recorded_at": after, "names": ()}
        return Told("hazard", found.aggregate_id, version, mend.model_copy(update=changes))

    story = [found._replace(version=1), mended(2, 1, "二车间"), mended(3, 2, "三车间")]
    events = lives_store(nc, stream)
    await keep(events, story)
    cutoff = found.event.occurred_at
    async with as_of(events, [hazards.LEDGER], AsOf(cutoff, 3), SITE) as database:
        with opened(database, hazards.LEDGER) as view:
            assert view.row(found.aggregate_id).get("place") == "三车间"  # type: ignore[union-attr]
    async with as_of(events, [hazards.LEDGER], AsOf(cutoff - timedelta(microseconds=1), 3), SITE) as database:
        with opened(database, hazards.LEDGER) as view:
            assert view.row(found.aggregate_id) is None
    late = [one async for one in difference(events, cutoff, 1, 3, SITE)]
    assert [(one.sequence, one.effective, one.occurred) for one in late] == [(2, cutoff, after), (3, cutoff, after)]


async def test_the_difference_names_the_events_that_came_later(lived: EventStore) -> None:
    """追溯变更: known at S2 and not at S1, and yet of the time before the cut-off."""
    first = known_on(EARLY.date())
    late = [one async for one in difference(lived, EARLY, first, len(TOLD), SITE)]
    whens = effective(TOLD)
    expected = [place for place, when in enumerate(whens, 1) if place > first and when <= EARLY]
    assert [one.sequence for one in late] == expected
    for one in late:
        told = TOLD[one.sequence - 1]
        assert (one.type, one.aggregate, one.version) == (told.event.type, told.aggregate_id, told.version)
        assert (one.occurred, one.recorded) == (told.event.occurred_at, told.event.recorded_at)
        assert (one.actor, one.effective) == (told.event.actor, whens[one.sequence - 1])
    assert [one async for one in difference(lived, EARLY, first, first, SITE)] == []


async def test_what_was_known_by_a_moment(lived: EventStore) -> None:
    """The last sequence recorded by then: none before the first, all after the last."""
    tick = timedelta(microseconds=1)
    for place in (1, 2, 57, len(TOLD)):
        when = TOLD[place - 1].event.recorded_at
        assert await sequence_at(lived, when) == place
        assert await sequence_at(lived, when - tick) == place - 1
    assert await sequence_at(lived, NOW) == len(TOLD)


async def test_a_clock_that_was_set_back(nc: Client, stream: Stream) -> None:
    """One of the answers that fit: recorded by then, and the next not."""
    events = lives_store(nc, stream)
    hours = [1, 2, 9, 3, 4, 10, 5, 11]
    moments = [TOLD[0].event.recorded_at + timedelta(hours=hour) for hour in hours]
    await keep(
        events,
        [
            told._replace(version=1, event=TOLD[0].event.model_copy(update={"recorded_at": when}), aggregate_id=name)
            for told, when, name in zip(TOLD, moments, _names(len(hours)), strict=False)
        ],
    )
    for hour in range(13):
        asked = TOLD[0].event.recorded_at + timedelta(hours=hour)
        found = await sequence_at(events, asked)
        assert found == 0 or moments[found - 1] <= asked
        assert found == len(hours) or moments[found] > asked


def _names(count: int) -> Sequence[str]:
    return list(dict.fromkeys(each.aggregate_id for each in TOLD))[:count]


async def test_an_event_that_cannot_be_read_is_named(nc: Client, stream: Stream) -> None:
    """No answer is better than one without it."""
    events = lives_store(nc, stream)
    await keep(events, TOLD[:1])
    bad = notified(TOLD[:1])[0]
    await events.append(StoredEvent(bad.originator_id, 2, "hazard.graded", b"{}"), after=1)
    with pytest.raises(UnapplicableError) as raised:
        async with as_of(events, LEDGERS, AsOf(EARLY, 2), SITE):
            pass
    assert raised.value.sequence == 2


def test_times_are_read_without_the_rest_of_the_event() -> None:
    """As pydantic reads them; nothing that somebody wrote into a text is taken for one."""
    liar = TOLD[0].event.model_copy(update={"description": 'x","occurred_at":"1999-01-01T00:00:00Z","recorded_at":"y'})
    told = [TOLD[0]._replace(event=liar), *TOLD[1:50]]
    for each, stored in zip(told, notified(told), strict=True):
        assert occurred(stored.state) == each.event.occurred_at
        assert recorded(stored.state) == each.event.recorded_at
    assert occurred(b"{}") is occurred(b'{"occurred_at":"2024"}') is None


def test_a_day_is_its_last_instant_and_today_is_now() -> None:
    """At the site: in Shanghai the day ends at 16:00 UTC."""
    assert moment("2026-05-01", SITE, NOW) == datetime(2026, 5, 1, 15, 59, 59, 999999, tzinfo=UTC)
    assert moment("2026-05-20", SITE, NOW) == NOW
    assert moment("2026-05-20T11:59:00+08:00", SITE, NOW) == datetime(2026, 5, 20, 3, 59, tzinfo=UTC)
    assert moment_or_sequence("17", SITE, NOW, 17) == 17
    assert moment_or_sequence("2026-05-01", SITE, NOW, 17) == moment("2026-05-01", SITE, NOW)


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ("2026-05-21", "还没有到"),
        ("2026-05-20T12:00:01+08:00", "还没有到"),
        ("9999-12-31", "不是日期"),
        ("2026-02-30", "不是日期"),
        ("明天", "不是日期"),
        ("", "不是日期"),
        ("2026-05-01T08:30:00", "时区"),
        ("18", "没有第 18 号"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(said: str, because: str) -> None:
    """The future above all; the sentence says what would do."""
    with pytest.raises(QuestionError, match=because):
        moment_or_sequence(said, SITE, NOW, 17)
