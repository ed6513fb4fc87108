"""责任链: who did what of a hazard or a visit, in what capacity, and whom the act names: a line for each of them.

谁排查谁负责、谁治理谁负责、谁管控谁负责. The actor's line comes first; who reported 举报 stands in no event.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from contracts import events, words
from contracts.events import Event
from contracts.parties import Actor, Person, Signatory
from contracts.terms import Flag, Role
from services.projection.entries import Entry
from services.projection.facets import bypassing, capacities, naming, walking
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page, Row, Value

COLUMNS: Final = (
    Column("number", "编号"),
    Column("area", "区划"),
    Column("name", "姓名"),
    Column("capacity", "身份"),
    Column("role", "角色"),
    Column("unit", "单位", bodies=True),
    Column("on_behalf_of", "为谁代录"),
    Column("act", "事项"),
    Column("occurred_at", "发生时间", Kind.MOMENT),
    Column("recorded_at", "记录时间", Kind.MOMENT),
    Column("document", "文书"),
    Column("certificate", "执法证号"),
    Column("flags", "标记"),
    Column("bypass", "越级报告"),
)


def enter(event: Event, entry: Entry, page: Page) -> None:
    """A line for the actor, one for whom he enters it, one for each person named."""
    naming.learn(event, entry, page)
    shared = _shared(event, entry)
    bypass = bypassing.past_the_head(event, entry, page)
    for place, (who, told) in enumerate(_lines(event, page)):
        row = page.row(entry, f"{entry.version}-{place:02}" if place else str(entry.version))
        row.state["id"] = who
        if bypass:
            row.state["bypass"] = True
            row.set(entry, bypass="越级报告（不向企业主要负责人显示）")
        row.set(entry, **shared, **told)
    if event.actor.on_behalf_of is not None:
        page.row(entry, str(entry.version)).state["for"] = event.actor.on_behalf_of.person.id
    if isinstance(event, events.HazardCorrected | events.InspectionCorrected) and event.names:
        _rename(entry, page, {one.id: one.name for one in event.names})


def _shared(event: Event, entry: Entry) -> dict[str, Value]:
    flags = "、".join(words.flag(Flag(flag)) for flag in event.flags) if event.flags else None
    return {
        "number": walking.number(entry.aggregate),
        "area": entry.aggregate.partition("-")[0],
        "act": _act(type(event)),
        "occurred_at": entry.moment(event.occurred_at),
        "recorded_at": entry.moment(event.recorded_at),
        "document": naming.document(event),
        "flags": flags,
    }


def _lines(event: Event, page: Page) -> Iterator[tuple[str, dict[str, Value]]]:
    actor = event.actor
    yield actor.id, _actor(actor, page)
    if actor.on_behalf_of is not None:
        principal = actor.on_behalf_of.person
        unit = naming.unit(page, None, actor.on_behalf_of.enterprise)
        yield principal.id, {"name": principal.name, "capacity": capacities.PRINCIPAL, "unit": unit}
    for path, person in walking.people(event):
        told: dict[str, Value] = {"name": person.name, "capacity": capacities.capacity(type(event), path)}
        yield person.id, told | _office(event, path, person, page)


def _actor(actor: Actor, page: Page) -> dict[str, Value]:
    principal = actor.on_behalf_of.person if actor.on_behalf_of is not None else None
    return {
        "name": actor.name,
        "capacity": capacities.ACTOR if principal is None else capacities.RECORDER,
        "role": _roles(actor.roles),
        "unit": naming.unit(page, actor.body, actor.enterprise),
        "on_behalf_of": principal.name if principal is not None else None,
        "certificate": actor.certificate,
    }


def _office(event: Event, path: walking.Path, person: Person, page: Page) -> dict[str, Value]:
    """As he signs; else the actor's own unit, or the party that he heads or whose work it is."""
    if isinstance(person, Signatory):
        role = _roles((person.role,)) if person.role is not None else None
        return {"role": role, "unit": naming.unit(page, person.body), "certificate": person.certificate}
    if path[-1] == "head":
        return {"unit": next(party.name for party in walking.parties(event))}
    if person.id == event.actor.id:
        return {"unit": naming.unit(page, event.actor.body, event.actor.enterprise)}
    return {"unit": naming.only_party(page)} if (type(event), path[-1]) in capacities.PARTYS_OWN else {}


def _rename(entry: Entry, page: Page, names: Mapping[str, str]) -> None:
    """A typing error in a name is mended wherever the name stands."""
    for row in page.others():
        _mend(row, entry, "name", names.get(row.state["id"]))
        _mend(row, entry, "on_behalf_of", names.get(row.state.get("for", "")))


def _mend(row: Row, entry: Entry, column: str, name: str | None) -> None:
    if name is not None and row.get(column) != name:
        row.set(entry, **{column: name})


@cache
def _roles(several: tuple[Role, ...]) -> str:
    return "、".join(words.role(Role(one)) for one in several)


_act: Final = cache(words.act)

LEDGER: Final = Ledger(
    name="accountability",
    title="责任链",
    version=2,
    columns=COLUMNS,
    every=enter,
    kinds=frozenset({"hazard", "inspection"}),
)
