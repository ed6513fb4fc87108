"""History under another policy 推演: every hazard walked twice, under the policy that it has and under the given one.

A share of the hazards is the work of one process, in two rounds. In the first it keeps their events packed and tells
what they add to the counts across hazards; in the second it knows what all shares told, and walks. What counts as late
again follows from proposals, which are walks' own: in the first round they are made as if nobody had been late before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from zlib import crc32

from contracts import subjects
from contracts.envelope import Envelope, decode
from contracts.events import HazardEscalated, InspectionRecorded, InspectionWithdrawn, PolicyAdopted
from contracts.policy import Counting
from services.journal.library import Notification
from services.notifier.counts.counting import LATE, Entry, Key, added, added_by_visit
from services.notifier.rules import Rules, compiled
from services.notifier.simulations.across import Across
from services.notifier.simulations.adopted import Adopted
from services.notifier.simulations.comparing import compare
from services.notifier.simulations.packing import Packed
from services.notifier.simulations.shapes import Chosen
from services.notifier.simulations.simulation import Added, Counted, Plan, Result, Shown
from services.notifier.simulations.supposed import Said, unstored
from services.notifier.simulations.walking import INSTANT, ChosenOf, Walker, is_past, shown
from services.notifier.timing.firing import Firing

History = list[tuple[int, int, Envelope]]
"""Sequence, version, event."""


class Share:
    """The hazards of one process: those whose subjects fall to it."""

    def __init__(self, plan: Plan, number: int = 0, of: int = 1) -> None:
        self._plan = plan
        self._number, self._of = number, of
        given = compiled(plan.policy, plan.version)
        self._given, self._given_late = Chosen(given), Chosen(only_late(given))
        self._adopted = Adopted(lambda rules: Chosen(rules, given))
        self._adopted_late = Adopted(lambda rules: Chosen(only_late(rules), self._given_late.rules))
        self._packed = Packed()
        self._visits: dict[str, Added] = {}

    def take(self, batch: Iterable[Notification]) -> None:
        """What the stream gives, in its order."""
        for one in batch:
            subject = str(one.originator_id)
            kind = subject.split(".", 2)[1]
            if kind == subjects.HAZARD:
                if crc32(subject.encode()) % self._of == self._number:
                    self._packed.keep(subject, (one.id, one.originator_version, one.state))
            elif kind == subjects.POLICY:
                self._adopt(subject, one)
            elif kind == subjects.INSPECTION and self._number == 0:
                self._visit(subject, one)

    def first(self) -> Counted:
        """What all of it adds to the counts."""
        counted = Counted([entry for visit in self._visits.values() for entry in visit], [], [])
        for subject in self._packed:
            history = self._history(subject)
            present = self._walk(self._adopted_late.of, Across(), history, counted.told)
            given = self._walk(lambda _: self._given_late, Across(), history) if present.differs else present
            counted.before.extend(late(present.said))
            counted.after.extend(late(given.said))
        return counted

    def second(self, counted: Counted) -> Result:
        """With what all shares counted: what the policies say of each hazard, and what that comes to."""
        before, after = Across(counted.told, counted.before), Across(counted.told, counted.after)
        late_alike = sorted(map(_place, counted.before)) == sorted(map(_place, counted.after))
        result = Result()
        for subject in self._packed:
            one = self._compared(self._history(subject), before, before if late_alike else after)
            if one.case.stage is None or self._plan.hazard not in {None, one.case.id}:
                continue
            result.tally.add(firings(one.before), firings(one.after), one.changes)
            result.tally.unreadable += one.case.unreadable
            if (one.changes or self._plan.hazard) and len(result.shown) < self._plan.most:
                result.shown.append(one)
        return result

    def _compared(self, history: History, before: Across, after: Across) -> Shown:
        """Walked once where the policies have the same to say on the whole way."""
        before.looked_at.clear()
        present = self._walk(self._adopted.of, before, history)
        said, sequence = self._within(present), present.case.found_sequence
        if not present.differs and (before is after or Counting.LATE_AGAIN not in before.looked_at):
            return Shown(sequence, present.case, said, said, [])
        given = self._within(self._walk(lambda _: self._given, after, history))
        changes = compare(firings(said), firings(given))
        return Shown(sequence, present.case, said, given, changes)

    def _walk(self, chosen: ChosenOf, across: Across, history: History, told: Added | None = None) -> Walker:
        """`told` is filled with what the events add to the counts."""
        walker = Walker(chosen, self._plan.calendar, across.of)
        for sequence, version, envelope in history:
            event = shown(envelope.event, as_it_happened=self._plan.as_it_happened)
            if is_past(event, self._plan.until):
                break
            walker.hear(envelope.aggregate_id, event, version, sequence)
            if told is not None and not isinstance(event, HazardEscalated):
                told.extend(one for one in added(envelope, walker.case, sequence) if one[1].kind != "watches")
        walker.reach(self._plan.until + INSTANT)
        return walker

    def _within(self, walker: Walker) -> list[Said]:
        since = self._plan.since
        return [one for one in walker.said if since is None or one.firing.occurred_at >= since]

    def _history(self, subject: str) -> History:
        return [(sequence, version, decode(body)) for sequence, version, body in self._packed.history(subject)]

    def _adopt(self, subject: str, one: Notification) -> None:
        event = decode(one.state).event
        if isinstance(event, PolicyAdopted):
            area = subjects.birth_area(subjects.parse_events_subject(subject)[1])
            self._adopted.enter(one.id, area, event)
            self._adopted_late.enter(one.id, area, event)

    def _visit(self, subject: str, one: Notification) -> None:
        envelope = decode(one.state)
        if isinstance(envelope.event, InspectionRecorded):
            self._visits[subject] = list(added_by_visit(envelope.event, envelope.aggregate_id, one.id))
        elif isinstance(envelope.event, InspectionWithdrawn):
            known = self._visits.get(subject, [])
            known += [(key, replace(entry, sequence=one.id, kind="void")) for key, entry in known]


def firings(said: Iterable[Said]) -> list[Firing]:
    """Without how the hazard stood."""
    return [one.firing for one in said]


def only_late(rules: Rules) -> Rules:
    """Of a policy the rule whose proposals are counted, with those that it follows; under the same version."""
    wanted: set[str | None] = {LATE}
    for rule in reversed(rules.families):
        if rule.rule.id in wanted:
            wanted.add(rule.rule.follows)
    return replace(rules, families=tuple(family for family in rules.families if family.rule.id in wanted))


def late(said: Iterable[Said]) -> Iterator[tuple[Key, Entry]]:
    """What proposals add to the counts."""
    for one in said:
        number = (one.case.found_sequence << 32) + crc32(one.event.proposal.encode())
        yield from added(unstored(one.event, one.case.id), one.case, number)


def _place(one: tuple[Key, Entry]) -> tuple[Key, int, datetime]:
    key, entry = one
    return key, entry.sequence, entry.at
