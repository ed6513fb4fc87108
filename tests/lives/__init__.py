"""Hazards whose lives are made up, and what form B must print of them.

totals = Totals()
await store(EventStore(nc), generate(7, 200_000, totals=totals))
totals.count(date(2024, 6, 30), since=date(2024, 3, 1), known=date(2024, 6, 30), area="320623")
"""

from tests.lives.plain import benchmark_lives
from tests.lives.storing import store
from tests.lives.stream import generate, tell
from tests.lives.told import Told
from tests.lives.totals import Counts, Totals

__all__ = ["Counts", "Told", "Totals", "benchmark_lives", "generate", "store", "tell"]
