"""What the generator tells: events like any other, in the order of their recording, that say what the plan says."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime

import pytest

from contracts import events, subjects
from contracts.base import local_day
from contracts.envelope import decode
from contracts.events import Event
from contracts.terms import Grade, Origin
from services.journal import chain
from services.journal.api import call
from services.journal.connection import connect
from services.journal.events import EventStore
from services.journal.wire import MAX_BATCH
from tests import servers as real
from tests.lives import Totals, benchmark_lives, generate, store
from tests.lives.moments import SITE
from tests.lives.places import COUNTIES
from tests.lives.storing import recorded
from tests.servers import Servers

SHAPES = 30
"""Kinds of event that the lives are made of."""


def test_every_event_reads_back_as_it_was_told() -> None:
    """A copy of a template is no less an event: every shape survives encoding, decoding and validation."""
    stream = list(generate(3, 800, days=120))
    kinds = set()
    for told, stored in zip(stream, recorded(stream), strict=True):
        envelope = decode(stored.state)
        assert envelope.event == told.event
        kinds.add(envelope.type)
    assert len(kinds) == SHAPES, sorted(kinds)


def test_events_come_in_the_order_of_their_recording() -> None:
    """One after another, each hazard's versions without a gap, nothing before it happened, all within the days told."""
    versions: Counter[str] = Counter()
    last = datetime(2024, 1, 1, tzinfo=SITE)
    for told in generate(7, 1_000, days=60):
        versions[told.aggregate_id] += 1
        assert told.version == versions[told.aggregate_id]
        assert last < told.event.recorded_at < datetime(2024, 3, 1, tzinfo=SITE)
        assert told.event.occurred_at <= told.event.recorded_at
        last = told.event.recorded_at
    assert len(versions) == 1_000


def test_lives_are_as_various_as_life() -> None:
    """Thirty counties, seven origins, a third major by the end, some entered late, some behind what was known."""
    histories: defaultdict[str, list[Event]] = defaultdict(list)
    for told in generate(7, 2_000):
        histories[told.aggregate_id].append(told.event)
    found = [history[0] for history in histories.values() if isinstance(history[0], events.HazardFound)]
    assert {event.area[:6] for event in found} == set(COUNTIES)
    assert {event.origin for event in found} == set(Origin)
    owners = Counter(event.party.id for event in found if event.party)
    assert owners.most_common(1)[0][1] >= 5
    assert sum(event.party is None for event in found) > 50
    late = [event for history in histories.values() for event in history if _days_late(event) >= 2]
    assert len(late) > 500
    backwards = [history for history in histories.values() if _occurred(history) != sorted(_occurred(history))]
    assert 0.1 < len(backwards) / len(found) < 0.6
    grades = [[event.grade for event in history if hasattr(event, "grade")] for history in histories.values()]
    assert 0.3 < sum(each[-1:] == [Grade.MAJOR] for each in grades) / len(found) < 0.4


def _days_late(event: Event) -> int:
    return (event.recorded_at - event.occurred_at).days


def _occurred(history: Sequence[Event]) -> list[datetime]:
    return [event.occurred_at for event in history]


def test_the_same_seed_tells_the_same_lives() -> None:
    """To the last byte; another seed tells others."""
    first, again, other = ([body.state for body in recorded(generate(seed, 50, days=90))] for seed in (1, 1, 2))
    assert first == again != other


def test_what_is_known_on_a_day_is_what_was_recorded_by_its_end() -> None:
    """A day stands for the position of the last event recorded on it at the site."""
    totals = Totals()
    days = [local_day(told.event.recorded_at) for told in generate(5, 300, days=40, totals=totals)]
    assert totals.told == len(days)
    for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 20), date(2024, 2, 9), date(2025, 1, 1)):
        assert totals.position(day) == sum(each <= day for each in days)


def test_only_so_many_counties_are_known() -> None:
    """More than there are is a mistake of whoever asks."""
    with pytest.raises(ValueError, match="30"):
        next(generate(1, 1, counties=31))


def test_lives_for_measuring_are_plain() -> None:
    """About six events each, one hazard in a hundred with overlays."""
    told = Counter(told.event.type for told in benchmark_lives(3_000))
    assert 5.5 < told.total() / 3_000 < 6.5
    assert 15 <= told["hazard.listed"] == told["hazard.extension_granted"] <= 45


@pytest.fixture
async def filled(single: Servers) -> AsyncIterator[EventStore]:
    """A store on a fresh stream."""
    nc = await connect(single.url, name="test")
    stream = await real.fresh_stream(nc, 1)
    yield EventStore(nc, stream.name, subject_of=lambda subject: stream.subject(str(subject)))
    await call(nc, f"STREAM.DELETE.{stream.name}")
    await nc.close()


async def test_what_was_told_is_stored_in_that_order(filled: EventStore) -> None:
    """In several batches; each hazard's history is whole, and chained as whoever checks it wants it."""
    told = list(generate(7, 300, days=60))
    assert await store(filled, told) == len(told) > MAX_BATCH
    batches = [batch async for batch in filled.follow(until=len(told))]
    read = [decode(notification.state) for batch in batches for notification in batch]
    assert [(each.aggregate_id, each.version, each.event) for each in read] == [one[1:] for one in told]
    histories = Counter(one.aggregate_id for one in told)
    for aggregate, length in histories.items():
        subject = subjects.events_subject(subjects.HAZARD, aggregate)
        history = await filled.load(subject)
        entries = [chain.Entry(subject, each.topic, each.originator_version, each.state) for each in history]
        assert len(entries) == length
        assert chain.check(entries, lambda body: decode(body).previous_hash) == []
