import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client

from services.hazard import app as hazard
from services.hazard.deciders import RULES
from services.hazard.hazards import Hazards
from services.hazard.library import load_library
from services.hazard.settings import Settings
from services.journal.connection import connect
from services.journal.events import EventStore
from services.journal.monitor import check_again
from tests import servers as real
from tests.notifier.chased import DAY, PEOPLE, SHIFTS, find, judged, mortals
from tests.servers import Node

HAZARDS = 300
LEAD = timedelta(seconds=4)
SPREAD = timedelta(seconds=6)
KILLS = 9
BETWEEN = 0.8


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    """A server of one's own."""
    [own] = real.single(tmp_path).nodes
    own.start()
    await own.ready()
    await check_again(own.monitor_url, pause=0.05)
    yield own
    own.kill()


@pytest.fixture
async def nc(node: Node) -> AsyncIterator[Client]:
    """A connection to it."""
    connection = await connect(node.url)
    yield connection
    await connection.close()


async def test_every_deadline_counts_once_whoever_is_killed(node: Node, nc: Client, tmp_path: Path) -> None:
    """Three notifiers, a day slow, right and a day fast, killed in turn over 300 deadlines: each is proposed once.

    None early, none lost; each notice is claimed once, and sent at least once under one id.
    """
    settings = Settings(nats_url=node.url, nats_monitor_urls=node.monitor_url)
    async with (
        hazard.build(nc, settings, directory=PEOPLE),
        mortals(node.url, tmp_path) as notifiers,
    ):
        begin = datetime.now(UTC) + LEAD  # noqa: TID251 (deadlines that fall due while the test runs)
        yesterday = Hazards(EventStore(nc), PEOPLE, load_library(), lambda: begin + SPREAD - DAY, rules=RULES)
        found = await find(yesterday, [begin + SPREAD * number / HAZARDS for number in range(HAZARDS)])
        for hours in SHIFTS:
            await notifiers.start(hours)
        for number in range(KILLS):
            await asyncio.sleep(BETWEEN)
            hours = SHIFTS[number % len(SHIFTS)]
            notifiers.kill(hours)
            await notifiers.start(hours)
        verdict = await judged(nc, HAZARDS)
        letters = notifiers.letters()
    assert verdict.recorded == Counter(found)
    assert verdict.early == []
    assert verdict.hazards == Counter(found)
    assert set(verdict.claims.values()) == {1}
    assert verdict.sent.keys() == verdict.claims.keys() == letters.keys()
