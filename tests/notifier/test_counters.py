import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from nats.aio.client import Client

from contracts import subjects
from contracts.policy import Counting
from services.journal.bucket import Bucket
from services.notifier.counts import counters
from services.notifier.counts.counters import Counters
from services.notifier.counts.counting import Entry, Key
from services.notifier.timing.case import UNFOUND, Case
from tests import props as p

PENALTIES = Key(Counting.PENALTIES, (p.FACTORY.id,))
CASE = UNFOUND.but(id=p.HAZARD_ID, party=p.FACTORY)


def entry(number: int, *, days: int | None = None) -> Entry:
    """A penalty of that number; its day is the number unless it is said."""
    at = p.MORNING + timedelta(days=number if days is None else days)
    return Entry(number, at, f"hazard-{number}", p.FACTORY.id)


@pytest.fixture
def bucket(post: Client) -> Bucket:
    """The notifiers' own, empty."""
    return Bucket(post, subjects.NOTIFIER)


async def numbers(one: Counters, case: Case = CASE) -> list[str]:
    """The hazards that count."""
    return sorted(found.hazard for found in (await one.of(case, [Counting.PENALTIES]))[Counting.PENALTIES])


async def test_an_entry_counts_once_in_any_order_however_often(bucket: Bucket) -> None:
    """Redelivered, or counted again from the start: the fold is the same."""
    expected = None
    for number, order in enumerate(permutations([entry(1), entry(2), entry(3)])):
        key = Key(Counting.PENALTIES, (f"party-{number}",))
        one = Counters(bucket)
        for each in (*order, *order):
            await one.add([(key, each)])
        held = await bucket.get(counters.name(key))
        assert held is not None
        assert expected in {None, held.value}
        expected = held.value


async def test_only_what_comes_late_sends_back_to_others(bucket: Bucket) -> None:
    """Those whose moment is later are looked at again, once; and once more where whoever counted may have died."""
    one = Counters(bucket)
    assert await one.add([(PENALTIES, entry(2)), (PENALTIES, entry(4))]) == {"hazard-2", "hazard-4"}
    assert await one.add([(PENALTIES, entry(5))]) == {"hazard-5"}
    assert await one.add([(PENALTIES, entry(3))]) == {"hazard-3", "hazard-4", "hazard-5"}
    assert await one.add([(PENALTIES, entry(3))]) == set()
    assert await one.add([(PENALTIES, entry(3))], redelivered=True) == {"hazard-3", "hazard-4", "hazard-5"}


async def test_who_watches_hears_of_what_comes_late(bucket: Bucket) -> None:
    """In its key nothing was counted yet; what comes after its moment is no news to it."""
    one = Counters(bucket)
    watcher = replace(entry(3), kind="watches")
    assert await one.add([(PENALTIES, watcher)]) == set()
    assert await one.add([(PENALTIES, entry(4))]) == {"hazard-4"}
    assert await one.add([(PENALTIES, entry(2))]) == {"hazard-2", "hazard-3", "hazard-4"}
    assert await numbers(one) == ["hazard-2", "hazard-4"]


async def test_many_count_at_once_and_nothing_is_lost(bucket: Bucket) -> None:
    """Compare-and-set, tried again: twelve notifiers that count the same thing."""
    await asyncio.gather(*(Counters(bucket).add([(PENALTIES, entry(number))]) for number in range(1, 13)))
    assert await numbers(Counters(bucket)) == sorted(f"hazard-{number}" for number in range(1, 13))


async def test_what_no_rule_can_look_back_to_is_dropped(bucket: Bucket) -> None:
    """400 days before the newest; the newest thousand."""
    one = Counters(bucket)
    await one.add([(PENALTIES, entry(1)), (PENALTIES, entry(2, days=402))])
    assert await numbers(one) == ["hazard-2"]
    await one.add([(PENALTIES, entry(1))])
    assert await numbers(one) == ["hazard-2"]
    await one.add([(PENALTIES, entry(number, days=403)) for number in range(10, 1010)])
    assert len(await numbers(one)) == counters.MOST
    assert "hazard-2" not in await numbers(one)


async def test_of_two_parties_each_penalty_counts_once(bucket: Bucket) -> None:
    """Lead and tenant share the dust system, and its penalty."""
    one = Counters(bucket)
    both = CASE.but(co_parties=(p.TENANT,))
    tenants = Key(Counting.PENALTIES, (p.TENANT.id,))
    await one.add([(PENALTIES, entry(1)), (tenants, entry(1)), (tenants, entry(2))])
    assert await numbers(one, both) == ["hazard-1", "hazard-2"]
    assert await numbers(one) == ["hazard-1"]
