"""Notifiers that are killed in turn, under clocks that are a day slow, right and a day fast."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from itertools import cycle
from typing import Final

from benchmarks.deadlines import Bench, bench_of, find, moments
from benchmarks.measure import sure
from services.hazard.app import clock
from tests.notifier.chased import SHIFTS, Mortals, Verdict, judge, mortals

A_SECOND: Final = 50
EVERY: Final = 1.5
"""Seconds between two kills."""
PATIENCE: Final = 300.0
"""Seconds after the last deadline."""


async def killed(outer: Bench) -> None:
    """On a server of its own: each deadline is recorded once and told, none early, none lost."""
    folder, count = outer.folder / "killed", outer.sized(10_000, 600)
    folder.mkdir()
    async with bench_of(folder, quick=outer.quick) as bench, mortals(bench.server.url, folder) as notifiers:
        due = moments(count, count / A_SECOND, outer.sized(60, 10))
        hazards = await find(bench, due)
        for hours in SHIFTS:
            await notifiers.start(hours)
        await asyncio.sleep((due[0] - clock()).total_seconds())
        kills = await _kill_in_turn(notifiers, count)
        late = (clock() - due[-1]).total_seconds()
        verdict = await judge(bench.nc)
        letters = notifiers.letters()
    outer.table.head(f"{count:,} deadlines, three notifiers killed in turn {kills} times, clocks a day slow and fast")
    faults = _faults(hazards, verdict, letters)
    outer.table.tell("not recorded, or more than once", f"{faults['recorded']:,}", "0", met=not faults["recorded"])
    outer.table.tell("recorded early", f"{len(verdict.early):,}", "0", met=not verdict.early)
    outer.table.tell("not claimed, or more than once", f"{faults['claimed']:,}", "0", met=not faults["claimed"])
    outer.table.tell("never sent", f"{faults['unsent']:,}", "0", met=not faults["unsent"])
    outer.table.tell("letters that went twice, under one notice id", f"{faults['twice']:,}")
    outer.table.tell("the last letter, after the last deadline", f"{late:.1f} s")


async def _kill_in_turn(notifiers: Mortals, count: int) -> int:
    """Until all letters were written; how many were killed."""
    kills, turns = 0, cycle(SHIFTS)
    async with asyncio.timeout(count / A_SECOND + PATIENCE):
        while len(notifiers.letters()) < count:
            await asyncio.sleep(EVERY)
            hours = next(turns)
            notifiers.kill(hours)
            await notifiers.start(hours)
            kills += 1
    sure(kills > len(SHIFTS), f"only {kills} were killed")
    await asyncio.sleep(5)
    return kills


def _faults(hazards: Collection[str], verdict: Verdict, letters: Mapping[str, int]) -> dict[str, int]:
    wanted = Counter([*hazards])
    return {
        "recorded": _differing(wanted, verdict.recorded),
        "claimed": _differing(wanted, verdict.hazards) + sum(one != 1 for one in verdict.claims.values()),
        "unsent": len(verdict.claims.keys() - verdict.sent.keys()) + len(verdict.claims.keys() - letters.keys()),
        "twice": sum(one > 1 for one in letters.values()),
    }


def _differing(wanted: Counter[str], found: Counter[str]) -> int:
    return sum(wanted[one] != found[one] for one in wanted.keys() | found.keys())
