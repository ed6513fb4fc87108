"""Where the lives are led: counties, their townships and villages, by codes of the statistics bureau's form."""

from random import Random
from typing import Final

COUNTIES: Final = (
    *("320623", "320685", "320612", "320581", "320582", "320583", "320981", "330781", "330782", "330122"),
    *("330127", "350525", "350583", "360121", "370211", "370283", "410122", "420222", "420281", "430181"),
    *("450123", "500229", "510681", "520121", "530112", "130123", "141123", "210112", "220122", "230123"),
)
"""Thirty, of which some share a city and some a province, so that every prefix has neighbours."""

AT_TOWNSHIP: Final = 0.03
"""The share of hazards whose birth area is a township, no village of it."""


class Places:
    """Townships and villages of the first so many counties; where a hazard is found is drawn from them."""

    def __init__(self, rng: Random, counties: int) -> None:
        if not 1 <= counties <= len(COUNTIES):
            raise ValueError(f"between 1 and {len(COUNTIES)} counties are known, not {counties}")
        self.townships = {
            f"{county}{100 + number}": rng.randint(4, 9)
            for county in COUNTIES[:counties]
            for number in range(rng.randint(5, 12))
        }
        """By code, how many villages each has."""
        self._codes = list(self.townships)

    def draw(self, rng: Random) -> str:
        """A village of twelve digits, seldom a township of nine."""
        township = rng.choice(self._codes)
        if rng.random() < AT_TOWNSHIP:
            return township
        return f"{township}{201 + rng.randrange(self.townships[township])}"
