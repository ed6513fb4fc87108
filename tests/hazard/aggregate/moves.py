"""What anybody might try next: a command that may well fit the hazard as its record stands, or one that does not."""

from collections.abc import Callable
from datetime import timedelta
from typing import get_args

from pydantic import ValidationError

from contracts import commands as do
from contracts import events
from contracts.commands import Command, HazardCommands
from contracts.events import Event
from contracts.parties import Actor, Person, Principal
from contracts.terms import PartyKind, Role, Stage
from services.hazard.aggregate.policy import PERMITS
from tests.hazard.aggregate import arbitrary
from tests.hazard.aggregate import moves_closing as closing
from tests.hazard.aggregate import moves_early as early
from tests.hazard.aggregate import moves_overlays as overlays
from tests.hazard.aggregate.cast import ACTORS, PAPER, PARTIES, sign, with_roles
from tests.hazard.aggregate.history import Record
from tests.hazard.aggregate.scene import WORDS, Fields, Scene

MANY = 2
KINDS: tuple[type[Command], ...] = get_args(HazardCommands)
ENTERPRISE = {
    Role.ENTERPRISE_HEAD,
    Role.SAFETY_MANAGER,
    Role.PARTY_OFFICER,
    Role.WORKER,
    Role.WORKER_REPRESENTATIVE,
}
RECORDERS = (Role.TOWNSHIP_CHECKER, Role.VILLAGE_OFFICER, Role.REGULATOR, Role.OFFICER)
DECIDED: dict[type[Command], tuple[type[Event], str | None]] = {
    do.DeclineListing: (events.ListingProposed, None),
    do.ListHazard: (events.ListingProposed, None),
    do.RefuseDelisting: (events.DelistingApplied, None),
    do.DelistHazard: (events.DelistingApplied, "signed_by"),
    do.RefuseResumption: (events.ResumptionApplied, None),
    do.ResumeOperations: (events.ResumptionApplied, None),
    do.GrantExtension: (events.ExtensionRequested, "decided_by"),
    do.RefuseExtension: (events.ExtensionRequested, "decided_by"),
    do.AcceptTransfer: (events.HazardTransferred, None),
    do.AnswerObjection: (events.ObjectionRecorded, None),
}
"""What answers which request, and where the decider signs."""
BY_POWER = {do.OrderSuspension, do.TransferHazard, do.ReportResult}
"""Acts of the body whose hazard it is."""

MAINLINE: dict[Stage, tuple[type[Command], ...]] = {
    Stage.FOUND: (do.GradeHazard, do.GradeHazard, do.GradeHazard, do.AssignHazard, do.SubmitRectification),
    Stage.GRADED: (do.AssignHazard, do.AssignHazard, do.PlanRectification, do.ListHazard, do.SubmitRectification),
    Stage.ASSIGNED: (
        do.PlanRectification,
        do.StartRectification,
        do.SubmitRectification,
        do.SubmitRectification,
        do.PassVerification,
        do.RequestExtension,
        do.OrderSuspension,
    ),
    Stage.RECTIFYING: (do.SubmitRectification, do.SubmitRectification, do.PassVerification, do.RequestExtension),
    Stage.SUBMITTED: (do.PassVerification, do.PassVerification, do.PassVerification, do.FailVerification),
    Stage.VERIFIED: (do.CloseHazard,),
    Stage.CLOSED: (do.ReopenHazard,),
    Stage.WITHDRAWN: (do.ReopenHazard,),
    Stage.MERGED: (do.RuleOnOrigin,),
}
"""What usually comes next."""


def propose(at: Scene, wild: int) -> Command:
    """One command; `wild` per cent of them have something out of place."""
    kind = _kind(at)
    at.actor = _actor(at, kind)
    fields = {"actor": at.actor, "occurred_at": at.now, "command_id": f"c-{len(at.record.history)}"}
    if kind is not do.FindHazard:
        fields["hazard_id"] = arbitrary.HAZARDS[1]
    if kind in MAKERS:
        fields |= MAKERS[kind](at)
    if kind in DECIDED and at.one_in(10):
        fields |= _by_the_asker(at, kind)
    if at.rng.randrange(100) < wild:
        fields = _disturb(at, kind, fields)
    try:
        return kind(**fields)
    except ValidationError:
        return arbitrary.contract(kind, at.rng, actor=at.actor, occurred_at=at.now)


def _by_the_asker(at: Scene, kind: type[Command]) -> Fields:
    """Who asked tries to decide as well."""
    asked, signs = DECIDED[kind]
    askers = [event.actor for event in at.record.history if isinstance(event, asked)]
    if not askers:
        return {}
    asker = at.rng.choice(askers).model_copy(update={"on_behalf_of": None})
    return {"actor": asker} | ({signs: sign(asker)} if signs else {})


def _kind(at: Scene) -> type[Command]:
    if at.record.stage is None:
        return do.FindHazard
    if at.one_in(3):
        return at.rng.choice(KINDS)
    waiting = _waiting(at.record)
    if waiting and not at.one_in(2):
        return at.rng.choice(waiting)
    kind = at.rng.choice(MAINLINE[at.record.stage])
    late = at.now - at.record.found.occurred_at > timedelta(hours=24)
    if kind is do.SubmitRectification and late and at.record.plan is None:
        return do.PlanRectification
    return kind


def _waiting(record: Record) -> list[type[Command]]:
    """What an open overlay or a missing paper waits for."""
    verified = record.stage is Stage.VERIFIED
    working = record.stage in {Stage.RECTIFYING, Stage.SUBMITTED, Stage.VERIFIED}
    employing = {party.id for party in record.parties if party.kind in {PartyKind.ENTERPRISE, PartyKind.SOLE_TRADER}}
    answers: list[tuple[object, tuple[type[Command], ...]]] = [
        (record.extension, (do.GrantExtension, do.GrantExtension, do.RefuseExtension, do.ReportToRegulator)),
        (record.transfer, (do.AcceptTransfer, do.RefuseTransfer)),
        (record.listings and working, (do.ApplyForDelisting, do.RefuseDelisting)),
        (record.listings and (verified or record.closed), (do.DelistHazard, do.DelistHazard, do.DelistHazard)),
        (record.suspensions and working, (do.ApplyForResumption, do.RefuseResumption, do.ResumeOperations)),
        (record.suspensions and verified, (do.ResumeOperations, do.ResumeOperations)),
        (record.orders or record.listings or record.suspensions, (do.RevokeOrder,)),
        (record.is_major and employing - record.told, (do.ReportToWorkers,)),
        (record.is_major and employing and not record.reported, (do.ReportToRegulator,)),
        (record.is_major and len(record.listings) < MANY, (do.ListHazard,)),
        (record.is_major and not record.proposals, (do.ProposeListing,)),
        (record.handed_down_by and verified, (do.ReportResult, do.ReportResult)),
    ]
    return [kind for there, kinds in answers if there for kind in kinds]


def _actor(at: Scene, kind: type[Command]) -> Actor:
    if at.one_in(12):
        return at.rng.choice(ACTORS)
    permit = PERMITS[kind]
    if permit.recorded and at.record.stage and at.one_in(6):
        return _recorder(at)
    fit = with_roles(*permit.who)
    close = [actor for actor in fit if _is_close(actor, at.record)]
    if kind in BY_POWER and at.record.stage:
        close = [actor for actor in close if actor.body in at.competent] or close
    return at.rng.choice(close or fit)


def _is_close(actor: Actor, record: Record) -> bool:
    if record.stage is None:
        return actor.body not in {"elsewhere", "town-b"}
    if set(actor.roles) & ENTERPRISE:
        ids = {party.id for party in record.parties} | {party.body for party in record.parties}
        return bool({actor.enterprise, actor.body} & (ids - {None}))
    return actor.area is not None and record.found.area.startswith(actor.area)


def _recorder(at: Scene) -> Actor:
    officials = [actor for actor in with_roles(*RECORDERS) if _is_close(actor, at.record)]
    party = at.record.party or at.rng.choice(PARTIES)
    signed = party.head or Person(id="somebody", name="某人")
    principal = Principal(person=signed, enterprise=party.id, paper=None if at.one_in(8) else PAPER)
    return at.rng.choice(officials or with_roles(*RECORDERS)).model_copy(update={"on_behalf_of": principal})


def _disturb(at: Scene, kind: type[Command], fields: Fields) -> Fields:
    """One field left out, emptied, or with any other valid value; or another hour; or an old record."""
    dice = at.rng.randrange(8)
    if dice == 0:
        return {**fields, "historical": "2025年台账第3页"}
    if dice == 1:
        return {**fields, "occurred_at": at.now + timedelta(hours=at.rng.choice((-500, -30, -1, 1, 30)))}
    name = at.rng.choice([name for name in fields if name not in {"command_id", "hazard_id", "occurred_at"}])
    other = at.rng.choice(ACTORS) if name == "actor" else getattr(arbitrary.contract(kind, at.rng), name)
    if dice == 2 and not kind.model_fields[name].is_required():
        other = kind.model_fields[name].get_default()
    if dice == 3 and isinstance(fields[name], tuple) and fields[name]:
        other = fields[name][:1] * len(fields[name])
    return {**fields, name: other}


def _said(field: str, **more: str | int) -> Callable[[Scene], Fields]:
    return lambda _: {field: WORDS, **more}


MAKERS: dict[type[Command], Callable[[Scene], Fields]] = {
    do.FindHazard: early.find,
    do.GradeHazard: early.grade,
    do.RegradeHazard: early.regrade,
    do.CorrectHazard: early.correct,
    do.MergeHazard: early.merge,
    do.WithdrawHazard: early.withdraw,
    do.RuleOnOrigin: early.rule_on_origin,
    do.RecordObjection: early.object_to,
    do.AnswerObjection: early.answer_objection,
    do.AssignHazard: early.assign,
    do.RecordInterimControl: _said("measures"),
    do.PlanRectification: early.plan,
    do.ReportProgress: _said("done"),
    do.ChangeResponsibleParty: early.change_party,
    do.ReportToRegulator: early.tell_regulator,
    do.AcknowledgeReport: early.acknowledge,
    do.ReportToWorkers: early.tell_workers,
    do.ProposeListing: _said("reasons"),
    do.DeclineListing: _said("reasons"),
    do.ListHazard: overlays.list_hazard,
    do.FileListing: overlays.of_listing,
    do.PublishListing: overlays.publish,
    do.WithdrawPublication: overlays.recall,
    do.ApplyForDelisting: overlays.apply_for_delisting,
    do.RefuseDelisting: overlays.refuse_delisting,
    do.DelistHazard: overlays.delist,
    do.OrderSuspension: overlays.suspend,
    do.ConfirmSuspension: _said("scope_found"),
    do.ApplyForResumption: overlays.apply_for_resumption,
    do.RefuseResumption: overlays.refuse_resumption,
    do.ResumeOperations: overlays.resume,
    do.RevokeOrder: overlays.revoke,
    do.RequestExtension: overlays.request_extension,
    do.GrantExtension: overlays.grant_extension,
    do.RefuseExtension: overlays.refuse_extension,
    do.SubmitRectification: closing.submit,
    do.PassVerification: closing.pass_,
    do.FailVerification: closing.fail,
    do.CloseHazard: closing.close,
    do.ReopenHazard: closing.reopen,
    do.TransferHazard: overlays.transfer,
    do.AcceptTransfer: overlays.accept,
    do.RefuseTransfer: overlays.send_back,
    do.AssignCompetence: overlays.hand_down,
    do.ReportResult: overlays.report_result,
    do.EscalateHazard: _said("draft", rule="overdue", level=1, policy_version="c" * 64),
    do.RecordMeasure: overlays.measure,
    do.DeclineMeasure: _said("reasons"),
    do.SignDocument: overlays.sign_document,
    do.PauseClock: overlays.pause,
    do.ResumeClock: _said("reasons"),
    do.MovePolicy: early.move_policy,
}
