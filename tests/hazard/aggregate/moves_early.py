"""What finding, grading, planning, reporting and the paper beside them might say."""

from datetime import timedelta
from decimal import Decimal

from contracts.acts.intake import Determination, NameCorrection
from contracts.parties import BodyRef
from contracts.terms import (
    AssignmentKind,
    BasisKind,
    Grade,
    Origin,
    PartyChange,
    PartyKind,
    RegradeKind,
    Role,
    Verdict,
    WithdrawalKind,
    WorkersBody,
)
from tests.hazard.aggregate.cast import (
    PAPER,
    PARTIES,
    PHOTO,
    POLICIES,
    SECTORS,
    SITE,
    STANDARD,
    person,
    sign,
    with_roles,
)
from tests.hazard.aggregate.scene import LEADS, NUMBERED, WORDS, Fields, Scene

ORIGINS = {
    Role.VILLAGE_OFFICER: (Origin.PATROL,),
    Role.TOWNSHIP_CHECKER: (Origin.PATROL, Origin.INSPECTION, Origin.ASSISTANCE, Origin.TRANSFERRED_IN),
    Role.EXPERT: (Origin.ASSISTANCE,),
    Role.INTAKE_OFFICER: (Origin.REPORT,),
    Role.REGULATOR: (Origin.INSPECTION, Origin.TRANSFERRED_IN, Origin.ASSISTANCE),
    Role.OFFICER: (Origin.INSPECTION, Origin.TRANSFERRED_IN),
    Role.SUPERIOR_INSPECTOR: (Origin.INSPECTION,),
}
ASSIGNMENTS = {
    Role.OFFICER: AssignmentKind.ORDER,
    Role.ENTERPRISE_HEAD: AssignmentKind.INTERNAL,
    Role.SAFETY_MANAGER: AssignmentKind.INTERNAL,
    Role.VILLAGE_OFFICER: AssignmentKind.NOTICE,
    Role.TOWNSHIP_CHECKER: AssignmentKind.NOTICE,
    Role.REGULATOR: AssignmentKind.NOTICE,
}


def find(at: Scene) -> Fields:
    """By an enterprise of itself, by others of anybody."""
    own = [party for party in PARTIES if at.actor.enterprise == party.id]
    own = own or [party for party in PARTIES if party.body and party.body == at.actor.body]
    likely = (at.beside.party, at.beside.party, *PARTIES, None)
    return {
        "area": SITE,
        "description": "粉尘作业场所未规范清扫",
        "place": "一车间",
        "origin": at.rng.choice(ORIGINS.get(at.actor.roles[0], (Origin.SELF, Origin.SELF_AFTER_NOTICE))),
        "party": at.rng.choice(own or likely),
        "suspected_major": at.one_in(4),
        "sector": at.rng.choice((None, "industry_trade", *SECTORS)),
        "photos": (PHOTO,) if at.one_in(2) else (),
        "notice": "通〔2026〕1号",
    }


def _basis(at: Scene) -> Determination:
    return Determination(
        kind=at.rng.choice(list(BasisKind)),
        standard=STANDARD[0],
        version=STANDARD[1],
        article=3,
        item=1,
        reasons=WORDS,
        opinion=PAPER,
        decided_by=person(at.actor),
    )


def grade(at: Scene) -> Fields:
    """Either way."""
    return {"grade": at.rng.choice((Grade.GENERAL, Grade.MAJOR, *Grade)), "basis": _basis(at)}


def regrade(at: Scene) -> Fields:
    """Up or down."""
    return {
        "grade": at.rng.choice(list(Grade)),
        "kind": at.rng.choice((RegradeKind.MISJUDGED, *RegradeKind)),
        "reasons": WORDS,
        "basis": _basis(at),
        "determined_by": at.pair(),
        "opinion": PAPER,
    }


def correct(at: Scene) -> Fields:
    """By whoever wrote it."""
    version = at.rng.randrange(len(at.record.history)) + 1
    author = at.record.history[version - 1].actor
    names = (NameCorrection(id=author.id, name=author.name),)
    what = {"place": "二车间"} if version == 1 else {"names": names}
    return {"actor": author, "corrects": version, "reasons": WORDS, **what}


def merge(at: Scene) -> Fields:
    """Into the other one."""
    return {"survivor": at.beside_id, "reasons": WORDS}


def withdraw(at: Scene) -> Fields:
    """With two names."""
    return {"kind": at.rng.choice(list(WithdrawalKind)), "reasons": WORDS, "names": at.pair()}


def rule_on_origin(at: Scene) -> Fields:
    """Another origin, or the same."""
    return {"origin": at.rng.choice(list(Origin)), "reasons": WORDS, "ruled_by": at.pair(), "evidence": (PAPER,)}


def object_to(at: Scene) -> Fields:
    """To a body of the case."""
    bodies = [event.actor.body or "county-em" for event in at.record.history]
    return {"statement": WORDS, "to_body": at.rng.choice(bodies)}


def answer_objection(at: Scene) -> Fields:
    """By a lead of the body objected to."""
    objected = [event for event in at.record.history if event.type == "hazard.objection_recorded"]
    body = getattr(at.rng.choice(objected), "to_body", None) if objected else at.actor.body
    actor = at.of_body(body, *LEADS, Role.LISTING_AUTHORITY, Role.REGULATOR, Role.TOWNSHIP_CHECKER)
    return {"actor": actor, "verdict": Verdict.ADOPTED, "reasons": WORDS, "answered_by": (sign(actor),)}


def assign(at: Scene) -> Fields:
    """As the actor's office is used to."""
    return {
        "kind": ASSIGNMENTS.get(at.actor.roles[0], AssignmentKind.HANDOVER),
        "due": at.today + timedelta(days=at.rng.choice((3, 5, 10, 20))),
        "party": None if at.record.party else at.rng.choice(PARTIES),
        "to_body": BodyRef(id="county-roads", name="县公路中心"),
        "document": NUMBERED,
        "basis": "安全生产法第六十五条",
        "officers": at.pair(),
    }


def plan(at: Scene) -> Fields:
    """All seven items."""
    completer, acceptor = at.rng.sample(at.people, 2)
    if at.one_in(10):
        acceptor = completer
    return {
        "responsible": at.rng.choice(at.people),
        "measures": WORDS,
        "due": at.record.deadline or at.today + timedelta(days=5),
        "completer": completer,
        "acceptor": acceptor,
        "funds": Decimal(at.rng.choice((0, 5000))),
        "funds_reason": "自有人力",
        "contingency": "停机撤人",
        "signed_by": at.rng.choice(at.people) if at.one_in(8) else at.head,
        "attachments": (PAPER,),
    }


def change_party(at: Scene) -> Fields:
    """A new name told by the party, anything by others."""
    if at.record.party and (at.actor.enterprise or at.one_in(3)):
        changes = {"name": "新名称有限公司", "staff": at.rng.choice((at.record.party.staff, None, 1))}
        return {"kind": PartyChange.RENAMED, "party": at.record.party.model_copy(update=changes)}
    kind = at.rng.choice((PartyChange.CO_PARTY_ADDED, *PartyChange))
    return {"kind": kind, "party": at.rng.choice(PARTIES), "reasons": WORDS, "document": NUMBERED}


def tell_regulator(_: Scene) -> Fields:
    """The county's."""
    return {"receiver": BodyRef(id="county-em", name="县应急局"), "content": WORDS}


def acknowledge(at: Scene) -> Fields:
    """By the county's."""
    return {"actor": at.of_body("county-em", Role.REGULATOR, Role.OFFICER), "receipt": "收〔2026〕1号"}


def tell_workers(at: Scene) -> Fields:
    """An assembly, more often than not."""
    employing = {PartyKind.ENTERPRISE, PartyKind.SOLE_TRADER}
    untold = [party.id for party in at.record.parties if party.kind in employing and party.id not in at.record.told]
    tellers = [actor for actor in with_roles(Role.ENTERPRISE_HEAD) if actor.enterprise in untold]
    return {
        "actor": at.rng.choice(tellers) if tellers and at.one_in(2) else at.actor,
        "body": at.rng.choice((*[WorkersBody.ASSEMBLY] * 4, *WorkersBody)),
        "held_on": at.today,
        "present": 2,
        "total": 2,
        "signed_sheet": PAPER,
        "minutes": PAPER,
        "countersigned_by": at.rng.choice(at.people),
        "confirmed_by": sign(at.rng.choice(with_roles(Role.REGULATOR, Role.TOWNSHIP_CHECKER))),
    }


def move_policy(at: Scene) -> Fields:
    """An adopted one, or not."""
    return {"policy": at.rng.choice([*POLICIES, "d" * 64]), "reasons": WORDS}
