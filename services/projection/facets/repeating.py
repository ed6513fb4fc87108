"""The lines of a clause: one for each party with its hazards, one for all of them; shown once something recurs."""

from collections.abc import Iterable
from typing import Any, Final

from contracts.subjects import area_levels
from services.projection.entries import Entry
from services.projection.pages import Page, Row

SAME_PLACE: Final = "一地重发"
ELSEWHERE: Final = "异地重发"
NAMED: Final = 10
"""Parties that the line of a clause names, places that the line of a party names."""
TOWN: Final = 9
"""Digits of a township's code: the line of a clause speaks of no smaller area."""


def settle(entry: Entry, page: Page, state: dict[str, Any]) -> None:
    """Leave the lines where the hazard no longer belongs, join those where it does."""
    stands = state.get("clause") and "party" in state and "found_at" in state and not state.get("gone")
    target = [state["clause"], state["party"]] if stands else None
    counted = state.get("counted")
    if target != counted:
        state["counted"] = target
        if counted is not None:
            _leave(entry, page, *counted)
        if target is not None:
            _join(entry, page, state)
    elif target is not None and state["name"] != state["called"]:
        _call(entry, page.book.page(target[0]), target[1], state["name"])
    elif target is not None and state["place"] != state["placed"]:
        _locate(entry, page, state)
    state["called"], state["placed"] = state.get("name"), state.get("place")


def _join(entry: Entry, page: Page, state: dict[str, Any]) -> None:
    lines, found_at, area = page.book.page(state["clause"]), state["found_at"], state["area"]
    whole, one = lines.row(entry, shown=False), lines.row(entry, state["party"], shown=False)
    for row, kind in ((whole, ELSEWHERE), (one, SAME_PLACE)):
        if not row.cells:
            row.set(entry, kind=kind, clause=state["words"])
    newly = 0 if one.get("hazards") else 1
    one.state.setdefault("found", {})[page.key] = [found_at, area, state.get("place")]
    for row in (one, whole):
        page.count_in(entry, row, "hazards", page.key)
    _span(entry, one, _extents(one), _areas(one))
    _place(entry, one)
    _span(entry, whole, [_extent(whole), (found_at, found_at)], _town(whole, area, 1))
    _call(entry, lines, state["party"], state["name"], newly=newly)
    _show(entry, whole, one)


def _leave(entry: Entry, page: Page, clause: str, party: str) -> None:
    lines = page.book.page(clause)
    whole, one = lines.row(entry, shown=False), lines.row(entry, party, shown=False)
    found_at, area, _ = one.state["found"].pop(page.key)
    for row in (one, whole):
        page.count_out(entry, row, "hazards", page.key)
    _span(entry, one, _extents(one), _areas(one))
    _place(entry, one)
    at_an_end = found_at in _extent(whole)
    extents = [_extent(row) for row in lines if row is not whole] if at_an_end else [_extent(whole)]
    _span(entry, whole, extents, _town(whole, area, -1))
    if not one.get("hazards"):
        _call(entry, lines, party, None, newly=-1)
    _show(entry, whole, one)


def _call(entry: Entry, lines: Page, party: str, name: str | None, *, newly: int = 0) -> None:
    """What the party is called, in its line and in that of the clause; None: it has no such hazard any more."""
    whole, one = lines.row(entry, shown=False), lines.row(entry, party, shown=False)
    if name is not None and name != one.get("party"):
        one.set(entry, party=name)
    if newly:
        lines.book.count(entry, whole, "parties", party, joined=newly > 0)
    before: list[str] = whole.state.get("named", [])
    if (newly > 0 and len(before) < NAMED) or (newly < 0 and one.key in before):
        there = sorted((row.born, row.key) for row in lines if row is not whole and row.get("hazards"))
        whole.state["named"] = [key for _, key in there[:NAMED]]
    named: list[str] = whole.state.get("named", [])
    count = whole.get("parties") or 0
    told = "、".join(lines.rows[key].get("party") for key in named) + (f"等{count}家" if count > len(named) else "")
    if (told or None) != whole.get("party"):
        whole.set(entry, party=told or None)


def _locate(entry: Entry, page: Page, state: dict[str, Any]) -> None:
    """A slip in the place is mended."""
    one = page.book.page(state["clause"]).row(entry, state["party"], shown=False)
    one.state["found"][page.key][2] = state["place"]
    _place(entry, one)


def _place(entry: Entry, one: Row) -> None:
    """一地: where it was found, each place once."""
    places = list(dict.fromkeys(place for _, _, place in one.state["found"].values() if place))
    told = "、".join(places[:NAMED]) + (f"等{len(places)}处" if len(places) > NAMED else "")
    if (told or None) != one.get("place"):
        one.set(entry, place=told or None)


Extent = tuple[str | None, str | None]
"""First and last found."""


def _extent(row: Row) -> Extent:
    return row.get("first_at"), row.get("last_at")


def _extents(one: Row) -> list[Extent]:
    return [(at, at) for at, _, _ in one.state["found"].values()]


def _areas(one: Row) -> list[str]:
    return [area for _, area, _ in one.state["found"].values()]


def _town(whole: Row, area: str, more: int) -> list[str] | None:
    """One hazard more or less in its township; those that have any, None where they are the same as before."""
    towns: dict[str, int] = whole.state.setdefault("towns", {})
    town = area[:TOWN]
    before = towns.get(town, 0)
    towns[town] = before + more
    if not towns[town]:
        del towns[town]
    return list(towns) if not before or town not in towns else None


def _span(entry: Entry, row: Row, extents: Iterable[Extent], areas: list[str] | None) -> None:
    """From the first to the last, and where; `areas`: None leaves it as it is."""
    known = list(extents)
    first = min((at for at, _ in known if at), default=None)
    last = max((at for _, at in known if at), default=None)
    area = row.get("area") if areas is None else common(areas)
    changes = {"first_at": first, "last_at": last, "area": area}
    row.set(entry, **{column: value for column, value in changes.items() if value != row.get(column)})


def common(areas: Iterable[str]) -> str | None:
    """The smallest area that holds them all; None where they share not even a province."""
    shared = ""
    for levels in zip(*map(area_levels, areas), strict=False):
        if len(set(levels)) > 1:
            break
        shared += levels[0]
    return shared or None


def _show(entry: Entry, whole: Row, one: Row) -> None:
    one.show(entry, shown=(one.get("hazards") or 0) > 1)
    whole.show(entry, shown=(whole.get("parties") or 0) > 1)
