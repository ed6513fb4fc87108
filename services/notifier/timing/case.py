"""What the rules look at in one hazard: its present standing, and when which fact began or ended a clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Self

from contracts.parties import BodyRef, Party, Person, Signatory
from contracts.policy import Fact
from contracts.terms import AssignmentKind, Grade, Ladder, Origin, Stage

ORDER: Final = "order:"
"""How the keys of orders to rectify begin: each body's own, so that no other body's word replaces it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A fact that happened: which event said it, and when."""

    fact: Fact
    version: int
    at: datetime
    """When it happened, by its actor's account."""
    recorded_at: datetime
    historical: bool = False
    key: str | None = None
    """Which listing, suspension, report, objection or proposal it is of; absent: of the hazard as a whole."""
    answers: str | None = None
    """The proposal that a listing answers."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day set for the party, and by which event."""

    day: date
    version: int
    at: datetime
    recorded_at: datetime
    historical: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """The clocks stood, or stand, still: from a moment to the end of a day, or to a moment."""

    since: datetime
    until: date
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """A step that was proposed."""

    rule: str
    step: str
    version: int
    """Of the event that started its clock."""


@dataclass(frozen=True, slots=True)
class Open:
    """A proposal of the machine that waits for its answer."""

    rule: str
    step: str
    level: int
    ladder: Ladder
    at: datetime
    draft: str | None = None
    chases: bool = False
    """Other proposals that wait: nobody is chased for it in turn."""


@dataclass(frozen=True)
class Case:
    """The folded history; `Case()` is one that has not been found."""

    id: str = ""
    version: int = 0
    unreadable: bool = False
    """Something in it is newer than this program, or damaged: no rule is applied to what is not understood."""
    found_sequence: int = 0
    """Of the finding in the stream: policies adopted before it count."""
    policy: str | None = None
    """That it was moved to."""
    moved_at: datetime | None = None
    """When that was recorded: its rules propose nothing before."""

    area: str = ""
    stage: Stage | None = None
    origin: Origin | None = None
    """As ruled, where two names ruled on it."""
    found_at: datetime | None = None
    found_recorded_at: datetime | None = None
    description: str = ""
    place: str | None = None
    sector: str | None = None
    clause: str | None = None
    """`standard/version/article/item` on which it was graded."""
    checklist_item: str | None = None
    """`checklist/version/no` that it answers."""
    grade: Grade | None = None
    suspected: bool = False
    party: Party | None = None
    co_parties: tuple[Party, ...] = ()
    named: Mapping[str, int] = field(default_factory=dict)
    """Who was ever a party, and at which version first."""
    tenant_since: int = 0
    """At which version a new tenant took over: what the old one did before is not his doing."""
    finders: tuple[Person, ...] = ()
    found_by: tuple[BodyRef, ...] = ()
    confidential: bool = False
    """A report 举报 that was not put to the enterprise yet: nobody of the enterprise is told."""

    competent: str | None = None
    """The body whose hazard it is."""
    assigned_as: AssignmentKind | None = None
    assigned_by: str | None = None
    """The body that assigned or ordered last."""
    ordered_by: str | None = None
    """The body whose order is in force, the last one."""
    responsible: tuple[Person, ...] = ()
    acceptor: Person | None = None
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    """By `order:<body>`, `assignment`, `internal`, or the listing's id, as the hazard service keeps them."""
    undated: frozenset[str] = frozenset()
    """Keys under which it was assigned or ordered without a day."""
    listings: Mapping[str, str | None] = field(default_factory=dict)
    """Open ones, with the body that supervises (or else listed)."""
    suspensions: frozenset[str] = frozenset()
    """Open ones."""
    extension_by: tuple[str, ...] = ()
    """Whose deadlines an extension is asked for that waits: keys as of `deadlines`."""
    extension_by_head: bool = False
    transfer_from: str | None = None
    transfer_to: str | None = None
    told_workers: frozenset[str] = frozenset()
    reported: bool = False
    controlled: bool = False
    """Controlled meanwhile, or stopped."""
    verified_on: datetime | None = None
    verified_against: Deadline | None = None
    """The deadline that was in force when it was verified."""
    self_accepted: bool = False
    verifiers: tuple[Signatory, ...] = ()
    failures: int = 0
    """Verifications that failed since it was found or reopened."""
    reopened: Mark | None = None
    pauses: tuple[Pause, ...] = ()
    marks: tuple[Mark, ...] = ()
    """All facts in order that can start or stop a clock, deadlines apart."""
    fired: frozenset[Fired] = frozenset()
    proposals: Mapping[str, Open] = field(default_factory=dict)
    """Unanswered ones from L2 up, by id."""

    @property
    def parties(self) -> tuple[Party, ...]:
        """Lead and co-parties."""
        return (*((self.party,) if self.party else ()), *self.co_parties)

    @property
    def is_major(self) -> bool:
        """Major or suspected so; an ungraded hazard counts as general unless its finder suspects."""
        return self.suspected if self.grade is None else self.grade is not Grade.GENERAL

    @property
    def is_graded(self) -> bool:
        """Somebody with the power decided; a suspicion is still to be decided."""
        return self.grade is not None and self.grade is not Grade.SUSPECTED_MAJOR

    @property
    def is_ordered(self) -> bool:
        """An order to rectify is in force, with a day or without."""
        return any(key.startswith(ORDER) for key in (*self.deadlines, *self.undated))

    @property
    def deadline(self) -> Deadline | None:
        """The one in force: the earliest of orders and listings, or else of what was merely assigned."""
        strict = [one for key, one in self.deadlines.items() if key.startswith(ORDER) or key in self.listings]
        return min(strict or self.deadlines.values(), key=lambda one: (one.day, one.version), default=None)

    def but(self, **changes: object) -> Self:
        """A copy with some fields changed."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.__dict__.update(changes)
        return copy


UNFOUND = Case()
"""What a history starts from."""
