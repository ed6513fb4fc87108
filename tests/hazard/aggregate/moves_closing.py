"""What submitting, verifying, closing and reopening might say."""

from contracts.parties import Actor, Signatory
from contracts.terms import (
    ClosureKind,
    FailureResult,
    PartyKind,
    ReopeningKind,
    Role,
    Stage,
    Trigger,
    VerificationMode,
)
from tests.hazard.aggregate.cast import ACTORS, PAPER, PHOTO, sign
from tests.hazard.aggregate.scene import LEADS, NUMBERED, WORDS, Fields, Scene

OFFICIALS = (Role.OFFICER, Role.REGULATOR, Role.TOWNSHIP_CHECKER)
PARTY = (Role.ENTERPRISE_HEAD, Role.SAFETY_MANAGER, Role.PARTY_OFFICER)


def submit(at: Scene) -> Fields:
    """As planned; or on the spot while it may be."""
    completer, acceptor = at.rng.sample(at.people, 2)
    plan = at.record.plan
    spot = at.record.stage in {Stage.FOUND, Stage.GRADED} or plan is None
    planned = plan is not None and not spot
    return {
        "statement": WORDS,
        "signed_by": plan.responsible if plan and planned else at.rng.choice(at.people),
        "completer": None if planned else completer,
        "acceptor": None if planned else acceptor,
        "on_the_spot": spot,
        "before": (PHOTO,),
        "after": (PHOTO,),
        "acceptance_report": PAPER,
    }


def verify(at: Scene) -> Fields:
    """By the acceptor where the enterprise acts; else by two of a body whose hazard it is."""
    accepting = at.record.plan or at.record.claim
    acceptor = accepting and accepting.acceptor
    claimed = at.record.stage is Stage.SUBMITTED
    mode = VerificationMode.ON_SITE if not at.one_in(5) else at.rng.choice(list(VerificationMode))
    told = {
        "trigger": Trigger.SUBMISSION if claimed else at.rng.choice((Trigger.SPOT_CHECK, *Trigger)),
        "mode": mode,
        "evidence": (PHOTO,),
        "document": NUMBERED,
    }
    if at.actor.enterprise and acceptor and not at.record.is_major:
        return {**told, "verifiers": (Signatory(id=acceptor.id, name=acceptor.name),)}
    bodies = sorted(at.competent)
    actor = at.of_body(at.rng.choice(bodies), *OFFICIALS) if bodies and not _is_minor(at) else at.actor
    names = at.pair(actor)
    if at.one_in(5):
        names = (names[0], _involved(at, actor))
    return {**told, "actor": actor, "verifiers": names}


def _involved(at: Scene, actor: Actor) -> Signatory:
    """Somebody who had a part in it, on the document as if he were an officer."""
    plan, claim = at.record.plan, at.record.claim
    involved = [plan.responsible, plan.completer] if plan else []
    involved += [person for person in (claim.signed_by, claim.completer) if person] if claim else []
    involved = involved or at.people
    public = [other for other in ACTORS if other.body and other.body in at.record.public_ids]
    if public and at.one_in(2):
        return sign(at.rng.choice(public))
    person = at.rng.choice(involved)
    return Signatory(id=person.id, name=person.name, body=actor.body, certificate="苏-involved")


def _is_minor(at: Scene) -> bool:
    origins = {"self", "self_after_notice", "assistance", "patrol"}
    lead = at.record.party
    public = lead is not None and lead.kind in {PartyKind.PUBLIC_BODY, PartyKind.VILLAGE}
    return at.record.found.origin in origins and not (at.record.is_major or at.record.orders or public)


def pass_(at: Scene) -> Fields:
    """With the lead's leave where it is remote."""
    told = verify(at)
    return {**told, "remote_approved_by": at.lead(told.get("actor"))}


def fail(at: Scene) -> Fields:
    """With what is left to do."""
    return {**verify(at), "result": at.rng.choice(list(FailureResult)), "remaining": WORDS}


def close(at: Scene) -> Fields:
    """Rectified once verified; or gone."""
    rectified = at.record.stage is Stage.VERIFIED and not at.one_in(8)
    told = {"kind": ClosureKind.RECTIFIED if rectified else ClosureKind.CEASED, "grounds": "车间已拆除"}
    bodies = sorted(at.competent)
    if rectified and at.record.is_major and bodies:
        return {**told, "actor": at.of_body(at.rng.choice(bodies), *LEADS)}
    seen = at.of_body(at.rng.choice(bodies), *OFFICIALS) if bodies else at.actor
    return {**told, "seen_by": at.pair(seen), **({} if rectified else {"actor": seen})}


def reopen(at: Scene) -> Fields:
    """A relapse told by the party; a look back by those whose hazard it is."""
    told = {"reasons": WORDS, "officers": at.pair(), "statement_heard": WORDS, "evidence": (PAPER,)}
    if at.record.stage is Stage.WITHDRAWN:
        bodies = sorted(at.competent)
        actor = at.of_body(at.rng.choice(bodies), *OFFICIALS) if bodies else at.actor
        return {**told, "actor": actor, "kind": ReopeningKind.WITHDRAWN_IN_ERROR}
    if at.actor.enterprise or set(at.actor.roles) & set(PARTY):
        return {**told, "kind": ReopeningKind.SELF_REPORTED}
    kinds = (ReopeningKind.LOOK_BACK, ReopeningKind.CLOSED_IN_ERROR, ReopeningKind.FALSE_RECTIFICATION)
    bodies = sorted(at.competent)
    actor = at.of_body(at.rng.choice(bodies), *OFFICIALS) if bodies else at.actor
    return {**told, "actor": actor, "officers": at.pair(actor), "kind": at.rng.choice(kinds)}
