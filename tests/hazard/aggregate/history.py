"""What a history says, read from its raw events alone and nowhere from the folded Hazard: the second opinion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from contracts import events
from contracts.events import Event
from contracts.parties import Party
from contracts.terms import AssignmentKind, Grade, Origin, PartyChange, PartyKind, ReopeningKind, Stage, SuspensionKind

F, G, A, R = Stage.FOUND, Stage.GRADED, Stage.ASSIGNED, Stage.RECTIFYING
S, V, C, W, M = Stage.SUBMITTED, Stage.VERIFIED, Stage.CLOSED, Stage.WITHDRAWN, Stage.MERGED
OPEN = (F, G, A, R, S, V)

MOVES: dict[type[Event], dict[Stage, Stage]] = {
    events.HazardGraded: {F: G},
    events.HazardAssigned: {F: A, G: A},
    events.RectificationStarted: {A: R},
    events.RectificationSubmitted: {F: S, G: S, A: S, R: S},
    events.VerificationPassed: {A: V, R: V, S: V},
    events.VerificationFailed: {S: R},
    events.HazardClosed: dict.fromkeys(OPEN, C),
    events.HazardReopened: {V: R, C: R, W: F},
    events.HazardWithdrawn: dict.fromkeys((F, G, A, R), W),
    events.HazardMerged: dict.fromkeys((F, G, A, R), M),
}
"""design.md section 4, "Which event moves the stage"; whatever is not here leaves it where it is."""


@dataclass
class Record:
    """The facts of one history; every field is set by the events named beside it."""

    history: tuple[Event, ...] = ()
    stage: Stage | None = None
    grade: Grade | None = None
    suspected: bool = False
    party: Party | None = None
    co_parties: list[Party] = field(default_factory=list)
    orders: dict[str, date | None] = field(default_factory=dict)
    """By `order:<body>`, at most 128 characters of it."""
    ordered_by: dict[str, str | None] = field(default_factory=dict)
    competent: str | None = None
    """Who accepted it, was assigned it, or ordered first."""
    assignments: dict[str, tuple[date | None, str | None]] = field(default_factory=dict)
    """What is no order, by its key: (due, body)."""
    listings: dict[str, tuple[str | None, date | None]] = field(default_factory=dict)
    """Open ones: (body, deadline)."""
    ended_listings: dict[str, str | None] = field(default_factory=dict)
    suspensions: dict[str, str | None] = field(default_factory=dict)
    """Open ones, by the body that ordered."""
    delisting_asked: dict[str, Event] = field(default_factory=dict)
    resumption_asked: dict[str, Event] = field(default_factory=dict)
    proposals: dict[str, Event] = field(default_factory=dict)
    """Listing proposals, answered or not."""
    extension: events.ExtensionRequested | None = None
    transfer: events.HazardTransferred | None = None
    plan: events.RectificationPlanned | None = None
    claim: events.RectificationSubmitted | None = None
    passed: events.VerificationPassed | None = None
    handed_down_by: set[str] = field(default_factory=set)
    """Superiors that wait for a result."""
    reported: bool = False
    told: set[str] = field(default_factory=set)
    """Ids of the enterprises that told their workers."""
    closed: events.HazardClosed | None = None

    @property
    def found(self) -> events.HazardFound:
        """The first event."""
        first = self.history[0]
        assert isinstance(first, events.HazardFound)
        return first

    @property
    def is_major(self) -> bool:
        """Or suspected so; while ungraded, as the finder suspects."""
        return self.suspected if self.grade is None else self.grade is not Grade.GENERAL

    @property
    def parties(self) -> list[Party]:
        """Lead and co-parties."""
        return [*([self.party] if self.party else []), *self.co_parties]

    @property
    def public_ids(self) -> set[str | None]:
        """Ids under which a public body or village among the parties acts."""
        public = [party for party in self.parties if party.kind in {PartyKind.PUBLIC_BODY, PartyKind.VILLAGE}]
        return {party.id for party in public} | {party.body for party in public if party.body}

    @property
    def standing(self) -> dict[str, date]:
        """Deadlines of orders and open listings; where there are none, of what was merely assigned."""
        days = self.orders | {key: day for key, (_, day) in self.listings.items()}
        known = {key: day for key, day in days.items() if day}
        return known or {key: day for key, (day, _) in self.assignments.items() if day}

    @property
    def deadline(self) -> date | None:
        """The deadline in force: the earliest."""
        return min(self.standing.values(), default=None)

    def of(self, kind: type[Event]) -> list[Event]:
        """Every event of that kind."""
        return [event for event in self.history if isinstance(event, kind)]


def read(history: Sequence[Event]) -> Record:
    """Everything, from the first event."""
    record = Record(tuple(history))
    for event in history:
        _stage(record, event)
        _intake(record, event)
        _listings(record, event)
        _suspensions(record, event)
        _dues(record, event)
        _competence(record, event)
        _life(record, event)
    return record


def asked_by(event: Event) -> set[str]:
    """The ids of who asked: the actor, and for whom he entered it."""
    principal = event.actor.on_behalf_of
    return {event.actor.id} | ({principal.person.id} if principal else set())


def _stage(record: Record, event: Event) -> None:
    if isinstance(event, events.HazardFound):
        record.stage = F
    elif record.stage and type(event) in MOVES:
        record.stage = MOVES[type(event)].get(record.stage, record.stage)


def _intake(record: Record, event: Event) -> None:
    match event:
        case events.HazardFound():
            record.party, record.suspected = event.party, event.suspected_major
            record.competent = event.actor.body if event.origin is Origin.TRANSFERRED_IN else None
        case events.HazardGraded() | events.HazardRegraded():
            record.grade = event.grade
        case events.HazardAssigned():
            record.party = record.party or event.party
        case events.ResponsiblePartyChanged(kind=PartyChange.CO_PARTY_ADDED):
            record.co_parties.append(event.party)
        case events.ResponsiblePartyChanged():
            known = {party.id: number for number, party in enumerate(record.parties)}
            party = _completed(event.party, {party.id: party for party in record.parties}.get(event.party.id))
            number = known.get(party.id, 0) - (1 if record.party else 0)
            if party.id in known and number >= 0:
                record.co_parties[number] = party
            else:
                record.party = party


def _completed(party: Party, known: Party | None) -> Party:
    """A new name does not unsay the headcount."""
    if known is None:
        return party
    silent = [name for name in ("credit_code", "staff", "head", "body") if getattr(party, name) is None]
    return party.model_copy(update={name: getattr(known, name) for name in silent})


def _listings(record: Record, event: Event) -> None:
    match event:
        case events.ListingProposed():
            record.proposals[event.proposal] = event
        case events.HazardListed():
            record.listings[event.listing] = (event.actor.body, event.deadline)
        case events.DelistingApplied():
            record.delisting_asked[event.listing] = event
        case events.DelistingRefused():
            record.delisting_asked.pop(event.listing, None)
        case events.HazardDelisted():
            record.ended_listings[event.listing] = record.listings.pop(event.listing)[0]
            record.delisting_asked.pop(event.listing, None)


def _suspensions(record: Record, event: Event) -> None:
    match event:
        case events.SuspensionOrdered():
            told = event.kind is SuspensionKind.OTHER_BODY
            others = [name.body for name in event.officers if name.body] if told else []
            record.suspensions[event.suspension] = others[0] if others else event.actor.body
        case events.ResumptionApplied():
            record.resumption_asked[event.suspension] = event
        case events.ResumptionRefused():
            record.resumption_asked.pop(event.suspension, None)
        case events.OperationsResumed():
            record.resumption_asked.pop(event.suspension, None)
            if not event.trial:
                record.suspensions.pop(event.suspension)
        case events.OrderRevoked():
            _revoked(record, event.target or "")


def _revoked(record: Record, target: str) -> None:
    record.orders.pop(target, None)
    record.suspensions.pop(target, None)
    if target in record.listings:
        record.ended_listings[target] = record.listings.pop(target)[0]


def _dues(record: Record, event: Event) -> None:
    match event:
        case events.HazardAssigned(kind=AssignmentKind.ORDER):
            record.orders[f"order:{event.actor.body}"[:128]] = event.due
            record.ordered_by[f"order:{event.actor.body}"[:128]] = event.actor.body
            record.competent = record.competent or event.actor.body
        case events.HazardAssigned():
            key = "internal" if event.kind is AssignmentKind.INTERNAL else "assignment"
            record.assignments[key] = (event.due, event.actor.body)
        case events.ExtensionRequested():
            record.extension = event
        case events.ExtensionGranted():
            _moved(record, event.of, event.until)
            record.extension = None
        case events.ExtensionRefused() | events.VerificationPassed():
            record.extension = None


def _moved(record: Record, keys: Iterable[str], day: date) -> None:
    for key in keys:
        if key in record.orders:
            record.orders[key] = day
        if key in record.listings:
            record.listings[key] = (record.listings[key][0], day)
        if key in record.assignments:
            record.assignments[key] = (day, record.assignments[key][1])


def _competence(record: Record, event: Event) -> None:
    match event:
        case events.HazardTransferred():
            record.transfer = event
        case events.TransferRefused():
            record.transfer = None
        case events.TransferAccepted():
            record.transfer, record.competent = None, event.by_body
        case events.CompetenceAssigned():
            record.transfer, record.competent = None, event.to_body.id
            if event.from_superior:
                record.handed_down_by.add(event.actor.body or "somebody above")
        case events.ResultReported():
            record.handed_down_by.discard(event.to_body.id or "")


def _life(record: Record, event: Event) -> None:
    match event:
        case events.RectificationPlanned():
            record.plan = event
        case events.RectificationSubmitted():
            record.claim = event
        case events.VerificationPassed():
            record.passed = event
        case events.HazardClosed():
            record.closed = event
        case events.HazardReopened():
            record.closed = record.claim = None
            assert (event.kind is ReopeningKind.WITHDRAWN_IN_ERROR) is (record.stage is F)
        case events.ReportedToRegulator():
            record.reported = True
        case events.ReportedToWorkers():
            principal = event.actor.on_behalf_of
            teller = event.actor.enterprise or (principal and principal.enterprise)
            record.told.add(teller or (record.party.id if record.party else ""))
