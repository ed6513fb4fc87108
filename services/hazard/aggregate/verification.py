"""Who verifies: the six classes of the policy, and what each demands of the names on the document.

E enterprise acceptance · S self-acceptance of the smallest · P patrol · O enforcement · M major · X by another body.
The authority may verify from `assigned` on, without plan or submission: the gap becomes a flag.
"""

from collections.abc import Callable

from contracts import commands, events, words
from contracts.events import VerificationClass
from contracts.parties import Person, Signatory
from contracts.terms import Flag, Origin, PartyKind, Role, Stage, Trigger, VerificationMode
from services.hazard.aggregate.hazard import SELF_FOUND, Hazard
from services.hazard.aggregate.persons import (
    PAIR,
    check_own_name,
    distinct,
    is_same,
    keep_apart,
    require_named,
    require_role,
    require_two,
    sided,
)
from services.hazard.aggregate.policy import ACCEPTORS, AUTHORITY, ENTERPRISE_ROLES, LEADS
from services.hazard.aggregate.record import missing, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from services.hazard.aggregate.scope import belongs, is_competent
from services.hazard.aggregate.world import World

SMALLEST = 2
"""Staff up to which class S applies; a project default."""
SEPARATE_FROM = 10
"""Staff from which the verifier may not be the person responsible."""

Verification = commands.PassVerification | commands.FailVerification


def verification_class(hazard: Hazard) -> VerificationClass:
    """By party, grade, order and origin, in that order."""
    if hazard.is_public:
        return "X"
    if hazard.is_major:
        return "M"
    if hazard.orders or hazard.origin in {Origin.INSPECTION, Origin.REPORT, Origin.TRANSFERRED_IN}:
        return "O"
    if hazard.origin is Origin.PATROL:
        return "P"
    return "S" if is_smallest(hazard) else "E"


def is_class_s(hazard: Hazard) -> bool:
    """自验: the one exception to 完成人 ≠ 验收人 and verifier ≠ 完成人."""
    return verification_class(hazard) == "S"


def is_smallest(hazard: Hazard) -> bool:
    """Sole trader, or at most two people."""
    party = hazard.party
    return party is not None and (
        party.kind is PartyKind.SOLE_TRADER or (party.staff is not None and party.staff <= SMALLEST)
    )


def pass_(command: commands.PassVerification, hazard: Hazard, world: World) -> list[events.VerificationPassed]:
    """Seen to be done, by the names of its class."""
    klass = verification_class(hazard)
    require(command, mode=command.mode)
    flags = _check(command, hazard, world, klass)
    if klass in {"O", "M", "X"}:
        require(command, number=command.document.number if command.document else None)
    if hazard.is_major and command.trigger is Trigger.SUBMISSION:
        accepted = hazard.claim is not None and hazard.claim.accepted
        require(command, acceptance_report=accepted or None)
    return record(events.VerificationPassed, command, world, *flags, verification_class=klass)


def fail(command: commands.FailVerification, hazard: Hazard, world: World) -> list[events.VerificationFailed]:
    """Seen not to be done: by its class, or by two superior inspectors. The deadline stays."""
    klass = verification_class(hazard)
    require(command, result=command.result, mode=command.mode)
    if Role.SUPERIOR_INSPECTOR in command.actor.roles:
        require_two(command.actor, command.verifiers, "verifiers", historical=command.historical)
        _check_trigger(command, hazard, world)
        _keep_party_out(command, hazard)
        flags = _gaps(command, hazard, world)
    else:
        flags = _check(command, hazard, world, klass)
    return record(events.VerificationFailed, command, world, *flags, verification_class=klass)


def _check(command: Verification, hazard: Hazard, world: World, klass: VerificationClass) -> list[Flag]:
    claimed = hazard.stage is Stage.SUBMITTED
    may_begin = {*AUTHORITY, Role.VILLAGE_OFFICER} if klass in {"P", "S"} else {*AUTHORITY}
    if not claimed and not set(command.actor.roles) & may_begin:
        raise WrongStage(words.refused("stage", 环节=words.stage(hazard.stage or Stage.FOUND)))
    if _is_employee(command) and klass != "E":
        raise NotPermitted(words.refused("role", 角色=words.roles((*ACCEPTORS[:2], *AUTHORITY))), field="actor.roles")
    _check_trigger(command, hazard, world)
    require(command, verifiers=command.verifiers)
    check_own_name(command.actor, command.verifiers, "verifiers")
    _keep_party_out(command, hazard)
    flags = _gaps(command, hazard, world) + _CLASSES[klass](command, hazard, world)
    _separate(command, hazard, klass)
    return flags


def _check_trigger(command: Verification, hazard: Hazard, world: World) -> None:
    """What is said to have made the authority come must be so; a spot check needs no reason."""
    if command.trigger is Trigger.SUBMISSION and hazard.stage is not Stage.SUBMITTED:
        raise WrongStage("企业尚未报告整改完成，复查事由应为整改期满或抽查", field="trigger")
    due = hazard.deadline
    if command.trigger is Trigger.EXPIRY and due and world.day(command.occurred_at) < due:
        raise RuleBroken(f"整改期限{due}未满，复查事由应为抽查", code="not_expired", field="trigger")


def _keep_party_out(command: Verification, hazard: Hazard) -> None:
    """A public body or village never verifies its own, as lead or as co-party."""
    for name in command.verifiers:
        if name.body in hazard.public_ids:
            reason = words.refused("separation", 姓名=name.name, 职="责任单位人员")
            raise NotPermitted(reason, code="separation", field="verifiers")
    if {command.actor.body, command.actor.enterprise} & hazard.public_ids:
        raise NotPermitted("责任单位不能复查本单位的隐患", code="separation", field="actor.body")


def _gaps(command: Verification, hazard: Hazard, world: World) -> list[Flag]:
    """What is missing in the file never stops the authority; it is written down."""
    spot = hazard.claim is not None and hazard.plan is None
    found = {
        Flag.UNGRADED: hazard.grade is None,
        Flag.NO_PLAN: hazard.plan is None and not (spot and hazard.stage is Stage.SUBMITTED),
        Flag.NO_SUBMISSION: hazard.stage is not Stage.SUBMITTED,
        Flag.OVERDUE: hazard.is_overdue(world.day(command.occurred_at)),
        Flag.REMOTE: command.mode is VerificationMode.REMOTE,
    }
    return [flag for flag, is_so in found.items() if is_so]


def _separate(command: Verification, hazard: Hazard, klass: VerificationClass) -> None:
    claim, plan = hazard.claim, hazard.plan
    completers = (plan.completer if plan else None, claim.completer if claim else None)
    responsible = (plan.responsible if plan else None, claim.signed_by if claim else None)
    apart = hazard.is_major or hazard.origin not in SELF_FOUND or not _is_small(hazard)
    for name in (sided(name, hazard) for name in command.verifiers):
        if klass != "S":
            keep_apart(name, words.word("completer"), *completers)
        if apart:
            keep_apart(name, words.word("responsible"), *responsible)
    _check_recorder(command, hazard, klass)


def _is_small(hazard: Hazard) -> bool:
    """Fewer than 10 staff; unknown is not small, but for a sole trader."""
    party = hazard.party
    if party is None or party.staff is None:
        return is_smallest(hazard)
    return party.staff < SEPARATE_FROM


def _check_recorder(command: Verification, hazard: Hazard, klass: VerificationClass) -> None:
    """Who entered papers for the party is not its only verifier, but for class P with the party's paper or a photo."""
    if not _is_sole_recorder(command, hazard):
        return
    paper = bool(command.evidence) or (hazard.claim is not None and hazard.claim.paper)
    if klass != "P" or not paper:
        name = command.verifiers[0].name
        raise NotPermitted(words.refused("separation", 姓名=name, 职="代录人"), code="separation", field="verifiers")


def _is_sole_recorder(command: Verification, hazard: Hazard) -> bool:
    """Nobody verifies but who recorded, whatever people of the party stand beside him."""
    party = _party_people(hazard)
    names = [name for name in command.verifiers if not any(is_same(sided(name, hazard), one) for one in party)]
    return bool(names) and all(any(is_same(name, one) for one in hazard.recorders) for name in names)


def _party_people(hazard: Hazard) -> list[Person]:
    plan, claim = hazard.plan, hazard.claim
    planned = (plan.responsible, plan.completer, plan.acceptor) if plan else ()
    claimed = (claim.signed_by, claim.completer, claim.acceptor) if claim else ()
    heads = (party.head for party in hazard.parties)
    return [person for person in (*planned, *claimed, *heads) if person]


def _by_enterprise(command: Verification, hazard: Hazard, world: World) -> list[Flag]:
    """E: the acceptor that plan or claim names; or the authority on its own initiative."""
    if command.actor.on_behalf_of is None and not set(command.actor.roles) & ENTERPRISE_ROLES:
        return _by_authority(command, *AUTHORITY)
    claim, plan = hazard.claim, hazard.plan
    acceptor = (plan.acceptor if plan else None) or (claim.acceptor if claim else None)
    if _is_employee(command):
        require_named(command.actor, command.verifiers if acceptor else (), "verifiers")
    if acceptor and command.verifiers and not any(is_same(_bare(name), acceptor) for name in command.verifiers):
        raise NotPermitted(f"应由方案的整改验收人{acceptor.name}验收", code="other_acceptor", field="verifiers")
    return []


def _is_employee(command: Verification) -> bool:
    """He verifies only as the acceptor whom the plan names."""
    return set(command.actor.roles) <= {Role.WORKER, Role.WORKER_REPRESENTATIVE}


def _by_smallest(command: Verification, hazard: Hazard, world: World) -> list[Flag]:
    """S: best somebody from outside; the owner himself, on the photos of his claim, flagged 自验."""
    if set(command.actor.roles) & {*AUTHORITY, Role.VILLAGE_OFFICER} and not command.actor.on_behalf_of:
        return _by_authority(command, Role.VILLAGE_OFFICER, *AUTHORITY)
    if _is_lessor(command, hazard):
        return []
    return [Flag.SELF_ACCEPTED]


def _is_lessor(command: Verification, hazard: Hazard) -> bool:
    """The safety manager of another party of the place 出租方, who signs himself."""
    other = command.actor.enterprise in {party.id for party in hazard.co_parties}
    signed = [name.id for name in command.verifiers] == [command.actor.id]
    return other and signed and Role.SAFETY_MANAGER in command.actor.roles


def _by_patrol(command: Verification, hazard: Hazard, world: World) -> list[Flag]:
    """P: one village officer or township checker, with a photo."""
    _by_authority(command, Role.VILLAGE_OFFICER, *AUTHORITY)
    require(command, evidence=command.evidence)
    return [Flag.RECORDER_VERIFIED] if _is_sole_recorder(command, hazard) else []


def _by_authority(command: Verification, *roles: Role) -> list[Flag]:
    require_role(command.actor, *roles)
    if command.actor.id not in {name.id for name in command.verifiers} and not command.historical:
        raise NotPermitted(f"经办人{command.actor.name}须是复查人员之一", code="not_named", field="verifiers")
    return []


def _by_officers(command: Verification, hazard: Hazard, world: World) -> list[Flag]:
    """O: two of the body that ordered, or has it; on site, or remotely for a general one if its lead allows."""
    _check_two(command, hazard, world)
    match command.mode:
        case VerificationMode.DOCUMENTS:
            raise RuleBroken("应现场复查；一般隐患经负责人同意可以照片、视频复查", code="on_site", field="mode")
        case VerificationMode.REMOTE:
            _check_remote(command, hazard, world)
        case VerificationMode.ON_SITE:
            pass
    return []


def _by_competent(command: Verification, hazard: Hazard, world: World) -> list[Flag]:
    """M: two of the competent body; on documents only if self-found, with no order, listing or suspension."""
    _check_two(command, hazard, world)
    quiet = (
        hazard.origin in SELF_FOUND and not hazard.orders and not hazard.open_listings and not hazard.open_suspensions
    )
    on_documents = quiet and command.mode is VerificationMode.DOCUMENTS
    if command.mode not in {None, VerificationMode.ON_SITE} and not on_documents:
        raise RuleBroken("重大事故隐患应现场核查", code="on_site", field="mode")
    return []


def _by_another_body(command: Verification, hazard: Hazard, world: World) -> list[Flag]:
    """X: as O or M; that it is never the party's own body was looked at before (_keep_party_out)."""
    return (_by_competent if hazard.is_major else _by_officers)(command, hazard, world)


_CLASSES: dict[VerificationClass, Callable[[Verification, Hazard, World], list[Flag]]] = {
    "E": _by_enterprise,
    "S": _by_smallest,
    "P": _by_patrol,
    "O": _by_officers,
    "M": _by_competent,
    "X": _by_another_body,
}


def _check_two(command: Verification, hazard: Hazard, world: World) -> None:
    if set(command.actor.roles) <= ENTERPRISE_ROLES | {Role.VILLAGE_OFFICER} or belongs(command.actor, hazard):
        raise NotPermitted(words.refused("role", 角色=words.roles(AUTHORITY)), field="actor.roles")
    if command.historical:
        return
    require_two(command.actor, command.verifiers, "verifiers")
    names = distinct(command.verifiers)
    ours = [name for name in names if is_ours(name, hazard, world)]
    joined = [name for name in names if hazard.joint and name.body in hazard.found_by and name not in ours]
    if not ours or len(ours) + len(joined) < PAIR:
        raise NotPermitted("复查人员须来自下达指令或有管辖权的单位", code="other_body", field="verifiers")


def is_ours(name: Signatory, hazard: Hazard, world: World) -> bool:
    """Of the body that ordered or has it, or one above; for a public party's own hazard also of the level above it."""
    ordering = {due.body for due in hazard.orders.values()}
    if hazard.is_public and hazard.party:
        ordering |= {hazard.party.body}
    if name.body in ordering - hazard.public_ids or any(world.directory.is_above(name.body, body) for body in ordering):
        return True
    return is_competent(name.body, hazard, world)


def _check_remote(command: Verification, hazard: Hazard, world: World) -> None:
    """By photo or video, with the leave of the verifying body's lead, who is none of the verifiers."""
    if isinstance(command, commands.FailVerification):
        return
    lead = command.remote_approved_by
    shown = command.evidence or (hazard.claim is not None and hazard.claim.paper) or None
    require(command, remote_approved_by=lead, evidence=shown)
    if lead is None:
        return
    if lead.role not in LEADS and not (command.historical and lead.role is None):
        raise missing("负责人同意非现场复查（职务）", "remote_approved_by.role")
    if lead.body is not None and not is_ours(lead, hazard, world):
        raise NotPermitted("应由复查单位负责人同意非现场复查", code="other_body", field="remote_approved_by")
    keep_apart(lead, words.word("verifier"), *command.verifiers)


def _bare(name: Person) -> Person:
    """Within the enterprise a body does not tell people apart."""
    return Person(id=name.id, name=name.name)
