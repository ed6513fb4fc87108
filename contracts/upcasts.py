"""Old event JSON to new event JSON, a function per change; the store keeps what was written.

To change an event: raise its `schema_version`, write here the step from the version before, and add the golden pair to
tests/contracts/golden/upcasts/.
"""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def hazard_found_1(data: Json) -> Json:
    """Version 1 knew one finding body, by its name alone; since version 2 several may find together, one leads."""
    body = data.pop("found_by", None)
    return data | {"found_by": [{"id": None, "name": body, "lead": True}] if body else []}


UPCASTS: dict[tuple[str, int], Callable[[Json], Json]] = {
    ("hazard.found", 1): hazard_found_1,
}
"""By wire name and the version that the step starts from."""


def upcast(wire_name: str, version: int, data: Json, to: int) -> Json:
    """Every step from `version` up to `to`; data already there is returned as it is. KeyError: a step is missing."""
    for step in range(version, to):
        data = UPCASTS[wire_name, step](dict(data))
    return data
