import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from nats.aio.client import Client
from runner_props import ALL, DIARY, Teller, Undisturbed, body, fresh, golden, subject, tables, told

from contracts.events import EVENTS, Event
from services.journal import wire
from services.journal.events import EventStore
from services.projection.entries import Entry
from services.projection.generations import all_positions
from services.projection.lanes import Writer
from services.projection.ledger import Column, Kind, Ledger, Rule
from services.projection.pages import Page
from services.projection.positions import Position
from services.projection.runner import Runner
from tests.servers import Stream

EVERYBODY = {"hazards", "tally", "diary"}
EVERY_HAZARD = {"hazards", "diary"}
OWN = "320623104-00000000-0000-0000-0000-000000000064"
Spoil = Callable[[dict[str, Any]], object]


class Poison(NamedTuple):
    """An event that nobody can enter."""

    name: str
    type: str
    spoil: Spoil | bytes
    """What is changed in a sound body; or the body."""
    stops: set[str]
    because: str
    header: str | None = None
    """The type as it stands beside the body, if it is not the event's."""
    place: str = ""
    """The subject, if it is not its hazard's."""


def put(path: str, value: object) -> Spoil:
    """Another value at that place of the body."""

    def spoil(stored: dict[str, Any]) -> None:
        *steps, last = path.split("/")
        for step in steps:
            stored = stored[step]
        stored[last] = value

    return spoil


def drop(path: str) -> Spoil:
    """Nothing at that place of the body."""

    def spoil(stored: dict[str, Any]) -> None:
        *steps, last = path.split("/")
        for step in steps:
            stored = stored[step]
        del stored[last]

    return spoil


CLOSED, GRADED, PLANNED = "hazard.closed", "hazard.graded", "hazard.rectification_planned"
POISONS = (
    Poison("written by a newer program", CLOSED, put("schema_version", 9), EVERYBODY, "newer_schema"),
    Poison("newer, and of a type that few read", GRADED, put("schema_version", 9), EVERY_HAZARD, "newer_schema"),
    Poison("of an unknown type", GRADED, put("type", "hazard.gone"), EVERY_HAZARD, "newer_schema", "hazard.gone"),
    Poison("another visit's schema", "inspection.signed", put("schema_version", 9), {"diary"}, "newer_schema"),
    Poison("a list for a moment", CLOSED, put("data/occurred_at", [5]), EVERYBODY, "occurred_at"),
    Poison("a moment without a zone", CLOSED, put("data/occurred_at", "2026-03-02T09:00:00"), EVERYBODY, "occurred_at"),
    Poison("a day that no calendar has", PLANNED, put("data/due", "2026-02-30"), EVERY_HAZARD, "due"),
    Poison("nobody did it", CLOSED, drop("data/actor"), EVERYBODY, "actor"),
    Poison("a grade that there is none of", GRADED, put("data/grade", "awful"), EVERY_HAZARD, "grade"),
    Poison("a list for a text", PLANNED, put("data/measures", ["清理"]), EVERY_HAZARD, "measures"),
    Poison("a NUL in a text", PLANNED, put("data/measures", "清\x00理"), EVERY_HAZARD, "measures"),
    Poison("half a character", PLANNED, put("data/measures", "\ud800"), EVERY_HAZARD, "hex escape"),
    Poison("NaN yuan", PLANNED, put("data/funds", float("nan")), EVERY_HAZARD, "funds"),
    Poison("more yuan than there are", PLANNED, put("data/funds", "1e30"), EVERY_HAZARD, "funds"),
    Poison("no data", CLOSED, drop("data"), EVERYBODY, "data"),
    Poison("data that are a text", CLOSED, put("data", "关"), EVERYBODY, "data"),
    Poison("nothing", CLOSED, b"", EVERYBODY, "EOF"),
    Poison("no JSON", CLOSED, b"\xff\xfe\x00", EVERYBODY, "JSON"),
    Poison("torn", CLOSED, b'{"id":"e-1","type":"hazard.closed","sche', EVERYBODY, "EOF"),
    Poison("a list", CLOSED, b"[]", EVERYBODY, "object"),
    Poison("nested without end", CLOSED, b'{"data":' * 5_000, EVERYBODY, "recursion"),
    Poison("without its type beside it", CLOSED, drop("correlation_id"), EVERYBODY, "place", ""),
    Poison("under another type", CLOSED, drop("correlation_id"), EVERY_HAZARD, "place", GRADED),
    Poison("of another hazard", CLOSED, put("aggregate_id", OWN[:-1] + "5"), EVERYBODY, "place"),
    Poison("at no hazard's place", CLOSED, drop("correlation_id"), {"hazards", "tally"}, "place", None, "x"),
)


def spoilt(poison: Poison) -> bytes:
    """Its body."""
    if isinstance(poison.spoil, bytes):
        return poison.spoil
    stored = json.loads(body(golden(poison.type), OWN, 99, correlation_id="c-1"))
    poison.spoil(stored)
    return json.dumps(stored, separators=(",", ":")).encode()


async def publish(nc: Client, stream: Stream, poison: Poison) -> int:
    """As somebody with the right to publish could; its sequence."""
    kind = poison.type.partition(".")[0]
    place = f"{stream.root}.{poison.place}" if poison.place else subject(stream.root, 99, kind)
    header = poison.type if poison.header is None else poison.header
    headers = {wire.VERSION: "99", wire.TOPIC: header} if header else {wire.VERSION: "99"}
    return int(json.loads((await nc.request(place, spoilt(poison), headers=headers)).data)["seq"])


async def entered(store: EventStore, writer: Writer, ledgers: tuple[Ledger, ...] = ALL) -> dict[str, Position]:
    """How far each ledger came."""
    runner = Runner(store, writer, ledgers)
    await runner.prepare()
    await runner.catch_up()
    return {name: position for (name, _), position in all_positions(writer.database).items()}


@pytest.mark.parametrize("poison", POISONS, ids=lambda poison: poison.name)
async def test_a_poison_stops_those_who_read_it_and_nobody_else(
    poison: Poison,
    nc: Client,
    store: EventStore,
    stream: Stream,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """At its sequence, saying what is wrong; once it can be read they go on, and nothing is lost or counted twice."""
    teller = Teller(store, told(stream.root)[20:])
    await teller.tell(20)
    at = await publish(nc, stream, poison)
    until = await teller.tell(20)
    with fresh(sqlite_url) as writer:
        for _ in range(2):
            there = await entered(store, writer)
            assert {name for name, one in there.items() if one.stopped_at} == poison.stops
            for name, one in there.items():
                stopped = name in poison.stops
                assert (one.sequence, one.stopped_at) == ((at - 1, at) if stopped else (until, None))
                assert not stopped or poison.because in (one.stopped_why or "")
        read = Entry._read

        meant = poison.header if poison.header in EVENTS else poison.type

        def mended(entry: Entry) -> Event:
            return golden(meant) if entry.sequence == at else read(entry)

        monkeypatch.setattr(Entry, "_read", mended)
        await entered(store, writer)
        truth = Undisturbed(store, tmp_path)
        assert tables(writer.database, ALL) == {one.name: await truth.upto(one, until) for one in ALL}


def test_there_are_more_than_twenty_poisons() -> None:
    """Each with a name of its own."""
    assert len({poison.name for poison in POISONS}) == len(POISONS) > 20


def too_large(_: Event, entry: Entry, page: Page) -> None:
    """Of the last but one event of the test, so that nothing later overwrites it."""
    page.row(entry).set(entry, events=10**30 if entry.sequence == 39 else 1)


def wrong_rule(_: Event, entry: Entry, page: Page) -> None:
    """It divides by nothing, once."""
    page.row(entry).set(entry, events=1 // (39 - entry.sequence))


@pytest.mark.parametrize("rule", [too_large, wrong_rule])
async def test_a_value_or_a_rule_at_fault_stops_its_own_ledger(
    rule: Rule, store: EventStore, stream: Stream, database_url: str, tmp_path: Path
) -> None:
    """A number that the database does not take; a rule that divides by nothing. A mended version starts anew."""
    faulty = replace(DIARY, name="faulty", every=rule, sides=(), columns=(Column("events", "", Kind.NUMBER),))
    until = await Teller(store, told(stream.root)).tell(40)
    with fresh(database_url) as writer:
        there = await entered(store, writer, (faulty, *ALL))
        assert (there["faulty"].sequence, there["faulty"].stopped_at) == (38, 39)
        assert {there[one.name].sequence for one in ALL} == {until}
        mended = replace(DIARY, name="faulty", version=2)
        await entered(store, writer, (mended, *ALL))
        truth = Undisturbed(store, tmp_path)
        assert tables(writer.database, [mended])["faulty"] == await truth.upto(mended, until)
