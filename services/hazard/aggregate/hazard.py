"""What later decisions need to know of a hazard, and nothing that only screens show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Self

from contracts.acts.planning import Plan
from contracts.parties import Party, Person, Signatory
from contracts.terms import AssignmentKind, ClosureKind, Grade, Origin, PartyKind, Stage, SuspensionKind, VisitKind

OPEN = frozenset({Stage.FOUND, Stage.GRADED, Stage.ASSIGNED, Stage.RECTIFYING, Stage.SUBMITTED, Stage.VERIFIED})
SELF_FOUND = frozenset({Origin.SELF, Origin.SELF_AFTER_NOTICE})
EMPLOYERS = frozenset({PartyKind.ENTERPRISE, PartyKind.SOLE_TRADER})
PUBLIC = frozenset({PartyKind.PUBLIC_BODY, PartyKind.VILLAGE})
WEIGHT = {Grade.GENERAL: 0, Grade.SUSPECTED_MAJOR: 1, Grade.MAJOR: 2}


@dataclass(frozen=True, slots=True)
class Author:
    """On whose side an event was written, and what in it can be corrected: by that side alone."""

    body: str | None
    enterprise: str | None
    person: str | None = None
    """The actor's id."""
    said: frozenset[str] = frozenset()
    """Which of the fields that may be corrected it carries; mostly one shared set."""
    names: tuple[str, ...] = ()
    """Ids of the persons that it names."""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with the body that set it; internal ones have none."""

    day: date | None
    kind: AssignmentKind
    body: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """挂牌督办 by one body."""

    body: str | None
    deadline: date | None
    supervisor: str | None = None
    applicants: tuple[Person, ...] = ()
    """Who asked for its end; empty: nobody has."""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Suspension:
    """责令停产停业 by one body."""

    body: str | None
    kind: SuspensionKind
    ordered_at: datetime
    number_pending: bool = False
    applicants: tuple[Person, ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something asked for by a person or by the machine, until it is answered."""

    body: str | None
    askers: tuple[Person, ...]
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """A notice in a medium."""

    body: str | None
    listing: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """A request that waits."""

    askers: tuple[Person, ...]
    until: date
    of: tuple[str, ...]
    by_head: bool = False
    """Asked by the head himself: somebody outside the enterprise decides."""
    reported_since: bool = False
    """Whether the regulator was told after the request (an internal extension for a major hazard needs it)."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """An offer that waits for its receiver."""

    from_body: str | None
    to_body: str | None
    askers: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """向部门报告, with its receiver."""

    receiver: str | None
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What the enterprise last submitted."""

    signed_by: Person | None
    completer: Person | None
    acceptor: Person | None
    accepted: bool
    """With an acceptance report."""
    paper: bool
    """With the party's signature or a photo."""


@dataclass(frozen=True)
class Hazard:
    """The folded history; `Hazard()` is one that has not been found."""

    version: int = 0
    unreadable: Literal["newer_schema", "damaged"] | None = None
    authors: tuple[Author, ...] = ()
    recorders: tuple[Person, ...] = ()
    """Who entered something for the party 代录."""
    live: bool = False
    """Something was recorded here as it happened: from then on nothing is 历史补录 any more."""

    stage: Stage | None = None
    area: str = ""
    origin: Origin | None = None
    found_at: datetime | None = None
    recorded_at: datetime | None = None
    """Of the finding: the earlier record survives a merger."""
    found_by: tuple[str, ...] = ()
    joint: bool = False
    finders: tuple[Person, ...] = ()
    photographed: bool = False
    sector: str | None = None
    visit: str | None = None
    """That found it: an id of ours, or any other number."""
    visit_kind: VisitKind | None = None
    """Of the visit that found it, where one is known."""
    suspected: bool = False
    grade: Grade | None = None
    graded_by: str | None = None
    """The determining body; none where the enterprise graded."""
    party: Party | None = None
    co_parties: tuple[Party, ...] = ()

    competent: str | None = None
    """The body whose hazard it is, once somebody took it, ordered, or was assigned."""
    binding: bool = False
    dues: Mapping[str, Due] = field(default_factory=dict)
    """`order:<body>` for each order in force, `assignment` for a notice or handover, `internal` for the party's own."""
    officers: frozenset[str] = frozenset()
    """Ids of who acted in the case for an authority."""
    plan: Plan | None = None
    claim: Claim | None = None
    verifiers: tuple[Signatory, ...] = ()
    """Of the last pass; kept after a reopening."""
    verified_class: str | None = None
    verified_as_major: bool = False

    listing_proposals: Mapping[str, Proposal] = field(default_factory=dict)
    listings: Mapping[str, Listing] = field(default_factory=dict)
    publications: Mapping[str, Publication] = field(default_factory=dict)
    suspensions: Mapping[str, Suspension] = field(default_factory=dict)
    extension: Extension | None = None
    transfer: Transfer | None = None
    transfers_refused: int = 0
    handed_down_by: tuple[str, ...] = ()
    """The superiors that wait for a result."""
    reports: Mapping[str, Report] = field(default_factory=dict)
    workers_told: frozenset[str] = frozenset()
    """Ids of the parties that told their workers."""
    objections: Mapping[str, Proposal] = field(default_factory=dict)
    escalations: Mapping[str, Proposal] = field(default_factory=dict)
    paused_until: date | None = None
    """The last day on which the clocks stand still."""
    closure: ClosureKind | None = None

    def but(self, **changes: object) -> Self:
        """A copy with some fields changed: `dataclasses.replace`, five times faster on this many fields."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.__dict__.update(changes)
        return copy

    @property
    def is_open(self) -> bool:
        """F to V."""
        return self.stage in OPEN

    @property
    def is_major(self) -> bool:
        """Major or suspected so; an ungraded hazard counts as general unless its finder suspects."""
        return self.grade in {Grade.MAJOR, Grade.SUSPECTED_MAJOR} or (self.grade is None and self.suspected)

    @property
    def parties(self) -> tuple[Party, ...]:
        """Lead and co-parties."""
        return (*((self.party,) if self.party else ()), *self.co_parties)

    @property
    def is_public(self) -> bool:
        """The responsible party is a public body or a village: it never verifies its own."""
        return self.party is not None and self.party.kind in PUBLIC

    @property
    def needs_dual_report(self) -> bool:
        """双报告: major, with an enterprise among the parties (安全生产法 art. 41)."""
        return self.is_major and any(party.kind in EMPLOYERS for party in self.parties)

    @property
    def not_told(self) -> tuple[Party, ...]:
        """Enterprises whose own workers have not been told: 厂中厂, each tells its own."""
        return tuple(party for party in self.parties if party.kind in EMPLOYERS and party.id not in self.workers_told)

    @property
    def party_ids(self) -> frozenset[str]:
        """Under which ids a responsible party acts: its own, and the directory's where it is a public body."""
        return frozenset(name for party in self.parties for name in (party.id, party.body) if name)

    @property
    def public_ids(self) -> frozenset[str]:
        """The same, of the public bodies and villages among them."""
        public = [party for party in self.parties if party.kind in PUBLIC]
        return frozenset(name for party in public for name in (party.id, party.body) if name)

    @property
    def orders(self) -> dict[str, Due]:
        """Orders to rectify that are in force."""
        return {key: due for key, due in self.dues.items() if due.kind is AssignmentKind.ORDER}

    @property
    def open_listings(self) -> dict[str, Listing]:
        """Listings that have not ended."""
        return {key: listing for key, listing in self.listings.items() if not listing.ended}

    @property
    def open_suspensions(self) -> dict[str, Suspension]:
        """Suspensions neither fully resumed nor revoked."""
        return {key: suspension for key, suspension in self.suspensions.items() if not suspension.ended}

    def deadlines(self) -> dict[str, date]:
        """Deadlines of orders and listings by their id; what was merely assigned counts where there are none."""
        days = {key: due.day for key, due in self.orders.items()}
        days |= {key: listing.deadline for key, listing in self.open_listings.items()}
        known = {key: day for key, day in days.items() if day}
        return known or {key: due.day for key, due in self.dues.items() if due.day}

    @property
    def deadline(self) -> date | None:
        """The deadline in force: the earliest."""
        return min(self.deadlines().values(), default=None)

    def is_overdue(self, day: date) -> bool:
        """The due day itself still counts; a verified hazard is not overdue, a submitted one may be."""
        return self.is_open and self.stage is not Stage.VERIFIED and self.deadline is not None and day > self.deadline


UNFOUND = Hazard()
"""What a history starts from."""
