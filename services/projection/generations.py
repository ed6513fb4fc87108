"""Generations of ledgers: begun, retried, switched. Each function is one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from services.projection import positions
from services.projection.database import Database
from services.projection.ledger import Ledger
from services.projection.positions import Position
from services.projection.shelf import Shelf
from services.projection.volume import Volume


def all_positions(database: Database) -> dict[positions.Key, Position]:
    """Every generation of every ledger."""
    with database.reading() as connection:
        return positions.positions(connection)


def wanted(database: Database, ledgers: Mapping[str, Ledger]) -> dict[str, Position]:
    """For each ledger the generation that its present rules write; begun where there is none.

    A ledger that a newer program has is left to that program.
    """
    there: Mapping[positions.Key, Position] = all_positions(database)
    found = _wanted(there, ledgers)
    if found.keys() | newer(there, ledgers) == ledgers.keys():
        return found
    with database.writing() as connection:
        there = positions.positions(connection, lock=True)
        found = _wanted(there, ledgers)
        left = newer(there, ledgers)
        for ledger in ledgers.values():
            if ledger.name not in found and ledger.name not in left:
                if (old := positions.building(there, ledger.name)) is not None:
                    positions.remove(connection, old)
                    Shelf(database, ledger, old.generation).drop(connection)
                found[ledger.name] = begin(database, ledger, connection)
    return found


def _wanted(there: Mapping[positions.Key, Position], ledgers: Mapping[str, Ledger]) -> dict[str, Position]:
    found = {}
    for name, ledger in ledgers.items():
        for position in (positions.current(there, name), positions.building(there, name)):
            if position is not None and position.version == ledger.version:
                found[name] = position
                break
    return found


def newer(there: Mapping[positions.Key, Position], ledgers: Mapping[str, Ledger]) -> set[str]:
    """Those of these ledgers that a newer program has built, or is building, with its rules."""
    return {one.name for one in there.values() if one.name in ledgers and one.version > ledgers[one.name].version}


def belongs_to_newer(names: Iterable[str]) -> str:
    """What is said of ledgers that are left to a newer program."""
    return (
        f"台账 {'、'.join(sorted(names))} 由更新版本的程序建立，本程序不读也不写：请升级本程序，或改用新的台账数据库。"
        "It belongs to a newer version; upgrade."
    )


def begin(database: Database, ledger: Ledger, connection: Connection) -> Position:
    """A new generation with empty tables."""
    position = positions.begin(connection, ledger.name, ledger.version)
    Shelf(database, ledger, position.generation).create(connection)
    return position


def retry(database: Database, ledgers: Mapping[str, Ledger]) -> list[str]:
    """Let stopped ledgers try their event again; gives their names."""
    with database.writing() as connection:
        there = positions.positions(connection, lock=True)
        stopped = [one for one in there.values() if one.stopped_at is not None and _ours(one, ledgers)]
        positions.advance(connection, [replace(one, stopped_at=None, stopped_why=None) for one in stopped])
    return [one.name for one in stopped]


def _ours(one: Position, ledgers: Mapping[str, Ledger]) -> bool:
    return one.name in ledgers and one.version <= ledgers[one.name].version


def switch(database: Database, volume: Volume) -> None:
    """Readers see this generation from now on; the one before is gone."""
    name = volume.ledger.name
    with database.writing() as connection:
        there = positions.positions(connection, lock=True).get((name, volume.position.generation))
        if there is None or there.version != volume.ledger.version or there.standing == positions.CURRENT:
            return
        before = positions.switch(connection, there)
        if before is not None:
            Shelf(database, volume.ledger, before.generation).drop(connection)
    volume.take(replace(there, standing=positions.CURRENT))


def note(database: Database, name: str, value: str | None) -> None:
    """A fact for `bihuan ledger status`."""
    with database.writing() as connection:
        positions.note(connection, name, value)
