"""One aggregate as far as this process has read it: folded state, version, chain, and what was answered to whom.

It may be behind the store: compare-and-set protects what is accepted, `Hazards` confirms what is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from pydantic_core import from_json

from contracts.envelope import GENESIS, Envelope, Unreadable, decode
from contracts.events import Event
from contracts.replies import Accepted, RecordedEvent
from contracts.subjects import events_subject
from contracts.terms import Flag
from services.hazard.answers import command_id_reused
from services.hazard.decider import Decider
from services.journal import chain
from services.journal.library import Notification

Line = tuple[str, str, int, int, tuple[Flag, ...]]
"""An event as the reply names it: id, type, version, sequence, flags. A tuple, since thousands are kept."""


class Address(NamedTuple):
    """Which aggregate: the rules of its kind, its id, the literal subject of its events."""

    decider: Decider[Any]
    id: str
    subject: str


def address(decider: Decider[Any], aggregate_id: str) -> Address:
    """By id; raises ValueError where it is none."""
    return Address(decider, aggregate_id, events_subject(decider.kind, aggregate_id))


@dataclass(slots=True)
class Known:
    """Folded in the order of the store; what comes twice counts once."""

    at: Address
    _state: Any
    _unfolded: list[Event | Unreadable] = field(default_factory=list)
    sequence: int = 0
    """Of its last event in the stream; 0: none."""
    version: int = 0
    tip: str = GENESIS
    """Hash of its last event, which the next one names."""
    answered: dict[str, tuple[str, list[Line]]] = field(default_factory=dict)
    """By command id: the hash of the command's body, and the events that it yielded."""

    @property
    def state(self) -> Any:  # noqa: ANN401 (whatever the rules of its kind fold)
        """As of `sequence`. Folded when asked for: most findings are never looked at again by this process."""
        for event in self._unfolded:
            self._state = self.at.decider.evolve(self._state, event)
        self._unfolded.clear()
        return self._state

    def answer(self, command_id: str, command_hash: str) -> Accepted | None:
        """The answer that this command once got; raises Refusal where its id stood for another command."""
        found = self.answered.get(command_id)
        if found is None:
            return None
        if found[0] != command_hash:
            raise command_id_reused(command_id)
        events = tuple(
            RecordedEvent(id=id_, type=type_, version=version, sequence=sequence, flags=flags)
            for id_, type_, version, sequence, flags in found[1]
        )
        last = events[-1]
        return Accepted(hazard_id=self.at.id, version=last.version, sequence=last.sequence, events=events)

    def read(self, history: Sequence[Notification]) -> None:
        """Fold what was loaded; it must begin no later than after our last event."""
        news = [stored for stored in history if stored.id > self.sequence]
        for stored in news:
            envelope = _in_place(decode(stored.state), stored.originator_version, self.version + 1)
            self._fold(envelope, stored.id, _flags(envelope, stored.state))
            if stored is news[-1]:
                place = self.at.subject, stored.topic, stored.originator_version
                self.tip = chain.link(envelope.previous_hash, *place, stored.state)
        _ = self.state

    def wrote(self, envelope: Envelope, sequence: int, tip: str) -> None:
        """Fold what we stored ourselves, unless a reader was faster."""
        if sequence > self.sequence:
            self._fold(envelope, sequence, _flags(envelope, b""))
            self.tip = tip

    def _fold(self, envelope: Envelope, sequence: int, flags: tuple[Flag, ...]) -> None:
        self._unfolded.append(envelope.event)
        self.version += 1
        self.sequence = sequence
        if envelope.command_id:
            line = (envelope.id, envelope.type, self.version, sequence, flags)
            self.answered.setdefault(envelope.command_id, (envelope.command_hash, []))[1].append(line)


def unread(at: Address) -> Known:
    """An aggregate of which nothing was read yet, or that does not exist."""
    return Known(at, at.decider.initial)


def _in_place(envelope: Envelope, told: int, place: int) -> Envelope:
    """The version beside the body says which event this is; where it says another, or none, somebody was there."""
    if told == place or isinstance(envelope.event, Unreadable):
        return envelope
    return replace(envelope, event=Unreadable("damaged", f"stored as version {told} where {place} belongs"))


def _flags(envelope: Envelope, body: bytes) -> tuple[Flag, ...]:
    """Also those of an event that we cannot read: its answer was given by somebody who can, and stays the same."""
    if not isinstance(envelope.event, Unreadable):
        return envelope.event.flags
    try:
        data: Any = from_json(body)
        return tuple(Flag(flag) for flag in data["data"]["flags"])
    except (ValueError, TypeError, KeyError):
        return ()
