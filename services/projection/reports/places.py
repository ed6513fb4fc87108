"""What areas are called, by the directory of bodies: a township by its government, a village by its committee."""

from typing import Final

from contracts.directory import Body, Directory

ENDINGS: Final = ("人民政府", "街道办事处", "管理委员会", "村民委员会", "居民委员会")
"""Of several bodies of one area, the one that is the area's."""


def names(directory: Directory) -> dict[str, str]:
    """By code; areas of which no body, or no such body among several, stands in the directory are left out."""
    by_area: dict[str, list[Body]] = {}
    for body in directory.bodies:
        by_area.setdefault(body.area, []).append(body)
    return {area: name for area, bodies in by_area.items() if (name := _name(bodies)) is not None}


def _name(bodies: list[Body]) -> str | None:
    governing = [body.name for body in bodies if body.name.endswith(ENDINGS)]
    if len(bodies) == 1:
        return bodies[0].name
    return governing[0] if len(governing) == 1 else None
