"""Lives written by hand for reports: what happened, when, and when it was entered; then the form that comes of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from contracts import events
from contracts.events import Event
from contracts.parties import Actor, Party
from contracts.terms import ClosureKind, Grade, Origin, Trigger, VisitKind
from services.journal.events import EventStore
from services.projection.database import Database, default_url
from services.projection.lanes import Writer
from services.projection.reports.makers import MAKERS
from services.projection.reports.report import Desk
from services.projection.runner import Runner
from tests import props as p
from tests.lives import Told, store
from tests.projection.folding import SITE

TOWN, FIRST, SECOND, ELSEWHERE = "320623104", "320623104201", "320623104202", "320623105201"
NOW = datetime(2026, 5, 20, 12, tzinfo=SITE)
LEDGERS = tuple({ledger.name: ledger for ledgers, _ in MAKERS.values() for ledger in ledgers}.values())
NAMES = {TOWN: "甲镇人民政府", FIRST: "甲村", SECOND: "乙村"}


def on(day: str, hour: int = 9) -> datetime:
    """03-05 of 2026, by the site's clock."""
    return datetime.fromisoformat(f"2026-{day}T{hour:02}:00:00+08:00")


class Tale:
    """What is entered, in that order."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self._versions: dict[str, int] = {}

    def say(self, of: str, kind: type[Event], day: str, /, *, entered: str = "", **said: Any) -> None:  # noqa: ANN401
        """It happened that day, and was entered an hour later, or on the day `entered`."""
        happened = on(day)
        recorded = on(entered, 18) if entered else happened + timedelta(hours=1)
        told = {"actor": p.officer, "occurred_at": happened, "recorded_at": recorded} | said
        self._versions[of] = version = self._versions.get(of, 0) + 1
        self.told.append(Told(kind.aggregate, of, version, kind.model_validate(told)))

    def found(
        self,
        number: int,
        day: str,
        *,
        area: str = FIRST,
        origin: Origin = Origin.INSPECTION,
        party: Party | None = p.FACTORY,
        grade: Grade | None = Grade.MAJOR,
        entered: str = "",
        actor: Actor = p.officer,
        **said: Any,  # noqa: ANN401
    ) -> str:
        """A hazard, graded at once; gives its id."""
        hazard = f"{area}-5f0c1d2e-0000-5000-8000-{number:012}"
        words = {"area": area, "description": f"第{number}处隐患", "place": f"{number}号车间", "party": party}
        self.say(hazard, events.HazardFound, day, entered=entered, actor=actor, origin=origin, **words | said)
        if grade is not None:
            self.say(hazard, events.HazardGraded, day, entered=entered, actor=actor, grade=grade)
        return hazard

    def submitted(self, hazard: str, day: str) -> None:
        """Said to be done."""
        self.say(hazard, events.RectificationSubmitted, day, actor=p.safety, statement="已整改")

    def passed(self, hazard: str, day: str, *, entered: str = "") -> None:
        """Seen to be done."""
        said = {"trigger": Trigger.SUBMISSION, "verification_class": "M", "verifiers": p.sign(p.officer)}
        self.say(hazard, events.VerificationPassed, day, entered=entered, **said)

    def ceased(self, hazard: str, day: str) -> None:
        """Gone with its place."""
        self.say(hazard, events.HazardClosed, day, kind=ClosureKind.CEASED, grounds="已拆除")

    def listed(self, hazard: str, day: str, listing: str = "listing-1", **said: Any) -> None:  # noqa: ANN401
        """挂牌."""
        self.say(hazard, events.HazardListed, day, listing=listing, **{"actor": p.mayor} | said)

    def visited(
        self,
        number: int,
        day: str,
        *,
        area: str = FIRST,
        party: Party | None = p.FACTORY,
        **said: Any,  # noqa: ANN401
    ) -> str:
        """A visit; gives its id."""
        visit = f"{area}-7a0c1d2e-0000-5000-8000-{number:012}"
        usual = {"area": area, "kind": VisitKind.INSPECTION, "place": "厂区", "party": party, "actor": p.checker}
        by = {"visited_by": p.finder(p.TOWN), "inspectors": p.sign(p.checker, p.second_checker)}
        self.say(visit, events.InspectionRecorded, day, **usual | by | said)
        return visit


@asynccontextmanager
async def desk(kept: EventStore, told: Sequence[Told], folder: Path, url: str | None = None) -> AsyncIterator[Desk]:
    """Everything entered in the order of its recording, and ledgers that are up to date."""
    await store(kept, sorted(told, key=lambda one: one.event.recorded_at))
    writer = Writer(Database(url or default_url(folder)), SITE)
    try:
        runner = Runner(kept, writer, LEDGERS)
        await runner.prepare()
        await runner.catch_up()
        yield Desk(kept, writer.database, None, SITE, NOW, "统计员", names=NAMES)
    finally:
        writer.close()
        writer.database.close()


def known_by(told: Sequence[Told], day: str) -> int:
    """How many were entered before the end of that day."""
    return sum(one.event.recorded_at < on(day, 0) + timedelta(days=1) for one in told)
