"""Services in processes of their own, asked over NATS."""

from nats.aio.client import Client
from pydantic_core import to_json

from benchmarks import children
from benchmarks.bench import Bench
from benchmarks.measure import Rounds, finding, rate, sure
from contracts import subjects
from contracts.replies import Accepted, Replies


async def over_nats(bench: Bench) -> None:
    """Request and reply with services in processes of their own, 64 in flight."""
    count, rounds = bench.sized(4_000, 1_000), Rounds()
    bare = ["-m", "benchmarks.bare", bench.server.url]
    for _ in range(bench.sized(5, 2)):
        async with children.child(bare, bench.server, bench.folder):
            rounds.add("bare", await _requests(bench.nc, count))
        for number in (1, 2):
            async with children.services(number, bench.server, bench.folder):
                rounds.add(f"ours {number}", await _requests(bench.nc, count))
    part = rounds.ratio("ours 1", "bare")
    bench.table.head("Commands a second over request/reply, 64 in flight")
    bench.table.tell("bare FastStream handler: decode and append", f"{rounds.middle('bare'):,.0f}/s")
    bench.table.tell(
        "one service process", f"{rounds.middle('ours 1'):,.0f}/s = {part:.2f}", ">= 0.80 of bare", met=part >= 0.8
    )
    bench.table.tell("two service processes", f"{rounds.middle('ours 2'):,.0f}/s")


async def in_batches(bench: Bench) -> None:
    """`commands.hazard.batch`, a thousand commands a message, and what the service holds after all of them."""
    total, size = bench.sized(100_000, 10_000), 1_000
    batches = [_batch(size) for _ in range(10)]
    async with children.services(1, bench.server, bench.folder) as [process]:
        await _ask_batch(bench.nc, _batch(100))
        began = children.memory(process)
        speed = size * await rate(len(batches), lambda number: _ask_batch(bench.nc, batches[number]), at_once=2)
        for _ in range(total // size - len(batches)):
            await _ask_batch(bench.nc, _batch(size))
        held = children.memory(process)
    bench.table.head("Batches of 1,000 commands, one service process")
    bench.table.tell("commands a second, 2 batches in flight", f"{speed:,.0f}/s", ">= 5,000/s", met=speed >= 5_000)
    told = f"{held:.0f} MiB (began {began:.0f})"
    bench.table.tell(f"memory of the service after {total:,} commands", told, "<= 200 MiB", met=held <= 200)


async def _requests(nc: Client, count: int) -> float:
    bodies = [finding().model_dump_json(exclude_none=True).encode() for _ in range(count + 64)]
    subject = subjects.command_subject("find_hazard")

    async def ask(number: int) -> None:
        reply = await nc.request(subject, bodies[number], timeout=10)
        sure(b'"sequence"' in reply.data, reply.data)

    await rate(64, lambda number: ask(count + number))
    return await rate(count, ask)


def _batch(size: int) -> bytes:
    return to_json(
        {"commands": [{"command": "find_hazard", "body": finding()} for _ in range(size)]}, exclude_none=True
    )


async def _ask_batch(nc: Client, body: bytes) -> None:
    reply = await nc.request(subjects.BATCH, body, timeout=60)
    answers = Replies.model_validate_json(reply.data).replies
    sure(all(isinstance(answer, Accepted) for answer in answers), answers[0])
