"""Finding, grading, correcting, merging, withdrawing, ruling on the origin, objections."""

from contracts import commands, events, words
from contracts.acts.intake import Determination
from contracts.commands import Command
from contracts.parties import Finder, Person
from contracts.terms import BasisKind, Flag, Grade, Origin, Power, RegradeKind, Role, Stage
from services.hazard.aggregate.authorship import check_correction
from services.hazard.aggregate.clauses import TEXT_MISSING
from services.hazard.aggregate.hazard import EMPLOYERS, SELF_FOUND, UNFOUND, WEIGHT, Hazard
from services.hazard.aggregate.merging import merge, withdraw
from services.hazard.aggregate.persons import check_own_name, keep_apart, keep_apart_ids, require_role, require_two
from services.hazard.aggregate.policy import ENTERPRISE_ROLES, RECORDERS
from services.hazard.aggregate.record import missing, overlay_id, pick, record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from services.hazard.aggregate.scope import (
    belongs,
    check_recorder,
    is_competent,
    reaches,
    require_colleagues,
    require_power,
)
from services.hazard.aggregate.visiting import rests_on_notice, visit_of_finding
from services.hazard.aggregate.world import World

__all__ = ["answer_objection", "correct", "find", "grade", "merge", "record_objection", "regrade", "rule", "withdraw"]

COUNTY_DIGITS = 6

FINDERS: dict[Origin, tuple[Role, ...]] = {
    Origin.SELF: (*ENTERPRISE_ROLES,),
    Origin.SELF_AFTER_NOTICE: (*ENTERPRISE_ROLES,),
    Origin.ASSISTANCE: (Role.EXPERT, Role.TOWNSHIP_CHECKER, Role.REGULATOR, Role.OFFICER),
    Origin.PATROL: (Role.VILLAGE_OFFICER, Role.TOWNSHIP_CHECKER),
    Origin.INSPECTION: (Role.TOWNSHIP_CHECKER, Role.REGULATOR, Role.OFFICER, Role.SUPERIOR_INSPECTOR),
    Origin.REPORT: (Role.INTAKE_OFFICER,),
    Origin.TRANSFERRED_IN: (Role.TOWNSHIP_CHECKER, Role.REGULATOR, Role.OFFICER),
}
"""Who may say that it came to light that way; a village patrols and does not inspect."""


def find(command: commands.FindHazard, hazard: Hazard, world: World) -> list[events.HazardFound]:
    """A first record. Where it came from is stated once and stays for ever."""
    if hazard.stage is not None or hazard.version:
        raise WrongStage("该隐患已登记：it exists already", code="exists")
    _check_finder(command, world)
    _check_reporter(command)
    require(command, place=command.place)
    found_by = _check_found_by(command, world)
    visit = visit_of_finding(command, world) if command.visit or command.visit_kind or command.offer else None
    if command.origin is Origin.SELF_AFTER_NOTICE and not rests_on_notice(command, visit):
        require(command, notice=command.notice)
    finders = command.finders
    entered = command.historical or command.actor.on_behalf_of or command.origin is Origin.REPORT
    if not finders and not entered:
        finders = (Person(id=command.actor.id, name=command.actor.name),)
    unknown = None if command.party else Flag.PARTY_UNKNOWN
    told = {"visit_kind": visit.kind} if visit else {}
    contradicts = visit is not None and visit.none_found and command.origin is not Origin.SELF_AFTER_NOTICE
    contradicted = Flag.NONE_WAS_STATED if contradicts else None
    return record(events.HazardFound, command, world, unknown, contradicted, found_by=found_by, finders=finders, **told)


def _check_found_by(command: commands.FindHazard, world: World) -> tuple[Finder, ...]:
    """A self-check has none; else the actor's body is one of them: nobody finds in another body's name."""
    if command.origin in SELF_FOUND:
        if command.found_by:
            raise RuleBroken("企业自查没有发现单位，请勿填写", code="self_found", field="found_by")
        return ()
    body = world.directory.body(command.actor.body)
    found_by = command.found_by or ((Finder(id=body.id, name=body.name, lead=True),) if body else ())
    require(command, found_by=found_by)
    own = command.actor.body
    if own and command.origin is not Origin.TRANSFERRED_IN and own not in {finder.id for finder in found_by}:
        raise NotPermitted("经办人所在单位须是发现单位之一", code="other_body", field="found_by")
    return found_by


def _check_reporter(command: commands.FindHazard) -> None:
    """举报: no field may hold the reporter."""
    if command.origin is Origin.REPORT and (command.finders or command.actor.on_behalf_of):
        field = "finders" if command.finders else "actor.on_behalf_of"
        raise RuleBroken(
            "举报人不得载入记录，请删去：the reporter is in no record", code="reporter_hidden", field=field
        )


def _check_finder(command: commands.FindHazard, world: World) -> None:
    actor, roles = command.actor, set(command.actor.roles)
    fit = roles & set(FINDERS[command.origin])
    recorder = command.actor.on_behalf_of is not None and roles & set(RECORDERS) and command.origin in SELF_FOUND
    if not fit and not recorder:
        raise NotPermitted(words.refused("role", 角色=words.roles(FINDERS[command.origin])), field="origin")
    if command.origin in SELF_FOUND:
        if command.party is None:
            raise missing("责任单位", "party")
        if command.party.kind not in EMPLOYERS and command.party.body is None:
            raise RuleBroken("企业自查的责任单位须是企业或个体工商户", code="other_party", field="party.kind")
    if fit and fit <= ENTERPRISE_ROLES:
        if not belongs(actor, UNFOUND.but(party=command.party)):
            raise NotPermitted(words.refused("area"), code="area", field="party")
    elif not reaches(actor, command.area, world):
        raise NotPermitted(words.refused("area"), code="area", field="area")
    check_recorder(command, UNFOUND.but(party=command.party))


def grade(command: commands.GradeHazard, hazard: Hazard, world: World) -> list[events.HazardGraded]:
    """Once. Major rests on a clause, an expert's written opinion or the definition, and names its decider.

    A hazard that comes back from 撤销 keeps its grade: it may be said again or raised here, not lowered.
    """
    now = hazard.grade
    if now is not None and (hazard.stage is not Stage.FOUND or WEIGHT[command.grade] < WEIGHT[now]):
        raise WrongStage(f"已判定为{words.grade(now)}，请用“调整等级”", code="graded_already")
    if hazard.stage is Stage.VERIFIED and command.grade is not Grade.GENERAL and not hazard.is_major:
        raise WrongStage("已按一般隐患复查合格，请先“重新立项”再判定为重大", code="reopen_first")
    _check_grader(command, command.grade, hazard, world)
    return record(events.HazardGraded, command, world, _check_basis(command, command.grade, command.basis, world))


def _check_grader(command: Command, to: Grade, hazard: Hazard, world: World) -> None:
    roles = set(command.actor.roles)
    if to is Grade.SUSPECTED_MAJOR or (to is Grade.GENERAL and not hazard.suspected and _is_finder(roles, hazard)):
        return None
    if roles & {Role.REGULATOR, Role.OFFICER, Role.REGULATOR_LEAD}:
        return None
    if roles & {Role.ENTERPRISE_HEAD, Role.SAFETY_MANAGER} and hazard.origin in SELF_FOUND:
        return None
    if Role.TOWNSHIP_CHECKER in roles:
        return require_power(command, Power.ORDER_CORRECTION, hazard, world)
    raise NotPermitted(words.refused("role", 角色=words.roles((Role.REGULATOR, Role.OFFICER))), field="grade")


def _is_finder(roles: set[Role], hazard: Hazard) -> bool:
    """An enterprise calls general what it found itself or was helped to find; a village not what others inspected."""
    if roles <= ENTERPRISE_ROLES:
        return hazard.origin in SELF_FOUND | {Origin.ASSISTANCE}
    if roles <= ENTERPRISE_ROLES | {Role.VILLAGE_OFFICER}:
        return hazard.origin in SELF_FOUND | {Origin.ASSISTANCE, Origin.PATROL}
    return True


def _check_basis(command: Command, to: Grade, basis: Determination | None, world: World) -> Flag | None:
    if to is not Grade.MAJOR and basis is None:
        return None
    require(command, basis=basis)
    if basis is None:
        return None
    require(command, decided_by=basis.decided_by)
    match basis.kind:
        case BasisKind.EXPERT_OPINION:
            require(command, opinion=basis.opinion)
        case BasisKind.GENERAL_DEFINITION:
            require(command, reasons=basis.reasons)
        case BasisKind.CLAUSE:
            return _check_clause(basis, world)
    return None


def _check_clause(basis: Determination, world: World) -> Flag | None:
    if world.clauses.standard(basis.standard, basis.version) is None:
        known = "；".join(f"{title}（{number}）" for title, number in world.clauses.standards) or "无"
        reason = f"判定标准库没有该标准或版本，现有：{known}"
        raise RuleBroken(reason, code="unknown_standard", field="basis.standard")
    text = world.clauses.text(basis.standard, basis.version, basis.article, basis.item)
    if text is None:
        raise RuleBroken("该标准没有这一条（项），请核对条款号", code="unknown_clause", field="basis.article")
    return Flag.CLAUSE_TEXT_MISSING if text == TEXT_MISSING else None


def regrade(command: commands.RegradeHazard, hazard: Hazard, world: World) -> list[events.HazardRegraded]:
    """Up as grading; down only to mend a mistake, by two of the determining body, never while listed or suspended."""
    now = hazard.grade
    if now is None:
        raise WrongStage("尚未判定等级，请用“判定等级”", code="ungraded")
    if command.grade is now:
        raise RuleBroken(f"已是{words.grade(now)}", code="same_grade", field="grade")
    if WEIGHT[command.grade] < WEIGHT[now]:
        _check_downgrade(command, hazard, world)
    else:
        _check_grader(command, command.grade, hazard, world)
    return record(events.HazardRegraded, command, world, _check_basis(command, command.grade, command.basis, world))


def _check_downgrade(command: commands.RegradeHazard, hazard: Hazard, world: World) -> None:
    if hazard.open_listings or hazard.open_suspensions:
        raise RuleBroken("挂牌或停产停业期间不得调低等级", code="listed_or_suspended")
    if command.kind not in {RegradeKind.MISJUDGED, RegradeKind.CLAUSE_MISAPPLIED}:
        raise RuleBroken("调低等级只能更正误判，不能奖励部分整改", code="not_a_mistake", field="kind")
    require_role(command.actor, Role.REGULATOR, Role.OFFICER, Role.REGULATOR_LEAD, Role.TOWNSHIP_CHECKER)
    require(command, opinion=command.opinion)
    require_two(command.actor, command.determined_by, "determined_by", certified=False, historical=command.historical)
    for name in command.determined_by:
        by = hazard.graded_by
        settles = by is None or hazard.grade is Grade.SUSPECTED_MAJOR
        above = name.body == by or world.directory.is_above(name.body, by)
        own = (by is not None and above) or (settles and is_competent(name.body, hazard, world))
        if not own and not (command.historical and name.body is None):
            raise NotPermitted(f"{name.name}不属于原判定单位或其上级", code="other_body", field="determined_by")


def correct(command: commands.CorrectHazard, hazard: Hazard, world: World) -> list[events.HazardCorrected]:
    """Only by the side that wrote it, only what it wrote, and only what identifies."""
    check_correction(command, hazard.authors, hazard.officers)
    return record(events.HazardCorrected, command, world)


def rule(command: commands.RuleOnOrigin, hazard: Hazard, world: World) -> list[events.OriginRuled]:
    """Two names of the county or above, on evidence, none of them a finder; the recorded origin stays."""
    body = world.directory.body(command.actor.body)
    area = body.area if body else command.actor.area or ""
    if len(area) > COUNTY_DIGITS:
        raise NotPermitted("来源认定应由县级以上监管部门办理", code="area", field="actor.area")
    require(command, ruled_by=command.ruled_by)
    require_two(command.actor, command.ruled_by, "ruled_by", certified=False, historical=command.historical)
    for name in command.ruled_by:
        keep_apart(name, "发现人", *hazard.finders)
    if not command.evidence:
        raise missing("证据材料", "evidence")
    return record(events.OriginRuled, command, world)


def record_objection(command: commands.RecordObjection, hazard: Hazard, world: World) -> list[events.ObjectionRecorded]:
    """Heard at any stage."""
    return record(events.ObjectionRecorded, command, world, objection=overlay_id("objection", hazard))


def answer_objection(command: commands.AnswerObjection, hazard: Hazard, world: World) -> list[events.ObjectionAnswered]:
    """By the body objected to, but not by the officers of the case."""
    waiting = [key for key, objection in hazard.objections.items() if not objection.answered]
    key = pick(command.objection, waiting, "陈述申辩")
    objection = hazard.objections[key]
    if command.actor.body != objection.body:
        raise NotPermitted("应由被申辩单位答复", code="other_body", field="actor.body")
    require(command, answered_by=command.answered_by)
    check_own_name(command.actor, command.answered_by, "answered_by")
    require_colleagues(command, command.answered_by, "answered_by", hazard)
    for name in command.answered_by:
        keep_apart_ids(name, "本案执法人员", hazard.officers)
        keep_apart(name, "申辩人", *objection.askers)
    return record(events.ObjectionAnswered, command, world, objection=key)
