"""Whom a step tells: of a reminder whoever it names, of a draft whoever may sign it; nobody signs one to himself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from contracts.directory import Directory
from contracts.policy import SIGNED_FROM, Told
from contracts.terms import Ladder, Role
from services.notifier.letters.recipients import Recipient, resolve
from services.notifier.rules import Rules
from services.notifier.timing.case import Case
from services.notifier.timing.firing import Firing

SIGNING: Final[tuple[Told, ...]] = (Role.REGULATOR_LEAD, Role.TOWNSHIP_LEAD)
"""Who is told where no policy that can be read says who: nobody of a party, as it might be confidential."""


@dataclass(frozen=True, slots=True)
class People:
    """Of one matter at one moment."""

    case: Case
    directory: Directory
    now: datetime
    zone: ZoneInfo
    withheld: bool
    urgent: bool

    def told(self, tell: Sequence[Told], above: Sequence[Sequence[Told]]) -> list[Recipient]:
        """Of a reminder."""
        return resolve(
            tell,
            self.case,
            self.directory,
            self.now,
            self.zone,
            above=above,
            withheld=self.withheld,
            urgent=self.urgent,
        )

    def addressed(self, tell: Sequence[Told]) -> list[Recipient]:
        """To whom a draft is written."""
        return resolve(tell, self.case, self.directory, self.now, self.zone, withheld=self.withheld)

    def signers(
        self, signs: Sequence[Told], above: Sequence[Sequence[Told]], addressed: Sequence[Told]
    ) -> list[Recipient]:
        """Nobody signs a letter to himself: where only he could, those of the next level do."""
        himself = {one.member.id for one in self.addressed(addressed)} if addressed else set()
        levels, ours = [signs, *above], replace(self, withheld=True)
        for at, named in enumerate(levels):
            found = ours.told(named, levels[at + 1 :])
            if others := [one for one in found if one.member.id not in himself]:
                return others
        return []


def told(
    firing: Firing, case: Case, rules: Rules, directory: Directory, now: datetime, zone: ZoneInfo
) -> list[Recipient]:
    """Whom a step would tell, were it proposed at that moment."""
    withheld = firing.confidential or case.confidential or firing.label is not None
    people = People(case, directory, now, zone, withheld=withheld, urgent=firing.urgent)
    above = above_of(rules, firing.ladder, firing.level)
    if firing.level < SIGNED_FROM:
        return people.told(firing.tell, above)
    return people.signers(firing.signs, above, firing.tell if firing.ladder is Ladder.AUTHORITY else ())


def above_of(rules: Rules | None, ladder: Ladder, level: int) -> list[Sequence[Told]]:
    """Whom the higher levels name: who signs there for drafts, who is told there for reminders."""
    if rules is None:
        return [SIGNING]
    higher = [rung for rung in rules.policy.ladders.get(ladder, ()) if rung.level > level]
    return [(rung.signs or rung.tell) if level >= SIGNED_FROM else rung.tell for rung in higher]
