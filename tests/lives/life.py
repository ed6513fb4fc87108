"""One hazard's life as it is planned: dated steps, each with the shape of its event and its word for the count."""

from datetime import date, timedelta
from typing import NamedTuple, Self

from contracts.events import Event
from contracts.terms import Grade, Origin
from tests.lives.cast import Company, Office
from tests.lives.moments import MINUTE, day_of, site_moment, utc_moment
from tests.lives.told import Told
from tests.lives.words import Word


class Step(NamedTuple):
    """An event to be: cheap to keep until its turn comes."""

    recorded: int
    occurred: int
    holds_from: int
    """As `occurred`, but of a correction when that occurred which it corrects."""
    shape: Event
    changes: dict[str, object]
    word: Word | None


class Life:
    """A hazard, who deals with it, and its steps so far; `at` sets the clock for the acts that follow."""

    def __init__(self, aggregate_id: str, origin: Origin, office: Office, company: Company | None) -> None:
        self.id = aggregate_id
        self.area = aggregate_id.partition("-")[0]
        self.origin = origin
        self.office = office
        self.company = company
        self.steps: list[Step] = []
        self.grade: Grade | None = None
        self.listings: list[str] = []
        """Those in force."""
        self._recorded = self._occurred = 0

    @property
    def version(self) -> int:
        """Of its last step."""
        return len(self.steps)

    def at(self, recorded: int, occurred: int | None = None) -> Self:
        """What follows is entered at that instant, and happened then, or earlier by the account of who enters it."""
        self._recorded, self._occurred = recorded, recorded if occurred is None else occurred
        return self

    def say(self, shape: Event, *, word: Word | None = None, corrects: int | None = None, **changes: object) -> None:
        """The next step: an event of that shape, but for these fields, and what it means for the count."""
        occurred = self._occurred
        if corrects is not None:
            changes["corrects"] = corrects
        holds_from = occurred if corrects is None else self.steps[corrects - 1].holds_from
        self.steps.append(Step(self._recorded, occurred, holds_from, shape, changes, word))

    def in_days(self, days: int) -> date:
        """A day at the site so many days after what is being entered."""
        return day_of(self._occurred) + timedelta(days=days)

    def told(self, version: int, kind: str, recorded: int) -> Told:
        """Its event of that version, entered at that instant."""
        step = self.steps[version - 1]
        # A ninth of the accounts are written in UTC, whose day is another one until eight in the morning.
        occurred = utc_moment(step.occurred) if step.occurred // MINUTE % 9 == 0 else site_moment(step.occurred)
        told = {"occurred_at": occurred, "recorded_at": utc_moment(recorded), **step.changes}
        return Told(kind, self.id, version, step.shape.model_copy(update=told))
