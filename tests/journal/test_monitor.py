"""A server that acknowledges before its disk has the event is refused before the first write."""

import asyncio
from pathlib import Path

import pytest

from services.journal import monitor, wire
from tests import servers as real
from tests.servers import Servers


async def test_servers_that_sync_always_are_accepted(servers: Servers) -> None:
    """One address each, as a list or in one text with commas."""
    await monitor.check_servers([node.monitor_url for node in servers.nodes])
    await monitor.check_servers(" , ".join(node.monitor_url for node in servers.nodes))


async def test_a_server_that_syncs_now_and_then_is_refused_by_name(single: Servers, tmp_path: Path) -> None:
    """One of two is enough to refuse, and it is named."""
    lazy = real.single(tmp_path, sync_interval="2m").nodes[0]
    lazy.start()
    try:
        await lazy.ready()
        with pytest.raises(wire.UnsafeServer, match=f"^{lazy.name}: sync_interval must be always"):
            await monitor.check_servers([single.nodes[0].monitor_url, lazy.monitor_url])
    finally:
        lazy.kill()


async def test_a_server_that_does_not_answer_is_refused() -> None:
    """What cannot be seen is not trusted."""
    url = f"http://127.0.0.1:{real.free_ports(1)[0]}"
    with pytest.raises(wire.UnsafeServer, match=f"{url} does not answer"):
        await monitor.check_servers(url)


async def test_a_server_that_is_away_is_waited_for_and_then_looked_at(single: Servers, tmp_path: Path) -> None:
    """It acknowledges nothing meanwhile; back with another setting, it is named."""
    away = real.single(tmp_path, sync_interval="2m").nodes[0]
    looking = asyncio.create_task(monitor.check_again([single.nodes[0].monitor_url, away.monitor_url], pause=0.05))
    await asyncio.sleep(0.5)
    assert not looking.done()
    away.start()
    try:
        with pytest.raises(wire.UnsafeServer, match=f"^{away.name}: sync_interval must be always"):
            await asyncio.wait_for(looking, 10)
    finally:
        away.kill()
    await asyncio.wait_for(monitor.check_again(single.nodes[0].monitor_url), 5)


async def test_no_address_is_refused() -> None:
    """The sentence says which setting to give."""
    with pytest.raises(wire.UnsafeServer, match="NATS_MONITOR_URLS"):
        await monitor.check_servers("")


@pytest.mark.parametrize(
    ("varz", "fault"),
    [
        ({"version": "2.13.9", "jetstream": {"config": {"sync_always": True}}}, "version 2.13.9 must be"),
        ({"version": "2.15.1", "jetstream": {}}, "JetStream is off"),
        ({"version": "2.15.1", "jetstream": {"config": {"sync_interval": 1}}}, "sync_interval must be always"),
    ],
)
def test_each_fault_is_a_clause(varz: dict[str, object], fault: str) -> None:
    """Old, without JetStream, or lazy: said so that it can be mended."""
    (found,) = monitor._faults("http://x", {"server_name": "n1", **varz})
    assert found.startswith("n1: ")
    assert fault in found
