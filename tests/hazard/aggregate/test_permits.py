"""policy.md section 4, written down a second time: who may do what, when; and that the rules keep to it.

`POLICY` is transcribed from the page, not from policy.py. Where the page names a body rather than a role ("the body
objected to"), the roles that act for such a body stand here. Visits stand in its sections 2 and 7.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final, get_args

import pytest

from contracts import commands as do
from contracts.commands import COMMANDS, Command
from contracts.envelope import Unreadable
from contracts.parties import Actor
from contracts.terms import Role, Stage
from services.hazard.aggregate.decisions import decide
from services.hazard.aggregate.policy import PERMITS, permitted_roles
from services.hazard.aggregate.refusals import NotPermitted, Refusal, RuleBroken, Unclear, WrongStage
from tests import props as p
from tests.hazard.aggregate.specimens import OTHER_WORLD, SPECIMENS, before
from tests.scenario import days, given

RP = "enterprise_head safety_manager party_officer"
RECORDED = "代录"
RECORDERS: Final = "township_checker village_officer regulator officer"
OFFICE = "officer regulator regulator_lead township_checker township_lead"
"""Who acts for a department or township."""
FINDERS = f"worker_representative {RP} village_officer township_checker regulator officer superior_inspector expert"
OTHER_VISITORS: Final = "village_officer safety_committee listing_authority superior_inspector expert"
EVERYBODY = " ".join(role for role in Role if role not in {Role.NOTIFIER, Role.AUDITOR})
F_V, F_C, G_S, ANY = "F G A R S V", "F G A R S V C", "G A R S", "F G A R S V C W M"

POLICY: Final = {
    do.FindHazard: (f"worker {FINDERS} intake_officer {RECORDED}", "-"),
    do.GradeHazard: (f"{FINDERS} intake_officer", "F A R S V"),
    do.RegradeHazard: (f"{FINDERS} intake_officer", "F G A R S"),
    do.CorrectHazard: (EVERYBODY, ANY),
    do.MergeHazard: (f"regulator officer township_checker {RP}", "F G A R"),
    do.WithdrawHazard: (
        f"safety_manager enterprise_head {OFFICE} village_officer superior_inspector intake_officer",
        "F G A R",
    ),
    do.RuleOnOrigin: ("regulator_lead", ANY),
    do.RecordObjection: (f"{RP} {RECORDED}", ANY),
    do.AssignHazard: (
        f"enterprise_head safety_manager village_officer {OFFICE} safety_committee",
        "F G A R",
    ),
    do.ChangeResponsibleParty: (f"{OFFICE} enterprise_head", F_V),
    do.RecordInterimControl: (f"{RP} officer {RECORDED}", "F G A R S"),
    do.PlanRectification: (f"{RP} {RECORDED}", "G A R"),
    do.StartRectification: (f"{RP} {RECORDED}", "A"),
    do.ReportProgress: (f"{RP} {RECORDED}", "A R S"),
    do.ReportToRegulator: (f"enterprise_head safety_manager {RECORDED}", F_V),
    do.ReportToWorkers: (f"enterprise_head worker_representative {RECORDED}", F_C),
    do.ProposeListing: ("township_lead regulator_lead safety_committee", G_S),
    do.DeclineListing: ("listing_authority safety_committee", ANY),
    do.ListHazard: ("listing_authority", G_S),
    do.PublishListing: ("listing_authority safety_committee", "G A R S V C"),
    do.ApplyForDelisting: (f"{RP} {OFFICE} {RECORDED}", "S V"),
    do.RefuseDelisting: ("listing_authority", "R S V"),
    do.DelistHazard: ("listing_authority", ANY),
    do.OrderSuspension: ("officer", F_V),
    do.ApplyForResumption: (f"{RP} {RECORDED}", "R S V"),
    do.RefuseResumption: ("officer regulator regulator_lead township_lead", ANY),
    do.ResumeOperations: ("officer regulator regulator_lead township_lead", "R S V"),
    do.RevokeOrder: (f"{OFFICE} listing_authority", ANY),
    do.RequestExtension: (f"{RP} {RECORDED}", "A R S"),
    do.GrantExtension: ("enterprise_head township_lead regulator_lead listing_authority", "A R S"),
    do.RefuseExtension: ("enterprise_head township_lead regulator_lead listing_authority", "A R S"),
    do.SubmitRectification: (f"{RP} {RECORDED}", "F G A R"),
    do.PassVerification: (f"enterprise_head safety_manager village_officer {OFFICE}", "A R S"),
    do.FailVerification: (f"enterprise_head safety_manager village_officer {OFFICE} superior_inspector", "A R S"),
    do.CloseHazard: (f"enterprise_head safety_manager village_officer {OFFICE}", F_V),
    do.ReopenHazard: (f"{RP} {OFFICE}", "V C W"),
    do.TransferHazard: ("regulator_lead township_lead officer", "F G A R S"),
    do.AcceptTransfer: (OFFICE, ANY),
    do.RefuseTransfer: (OFFICE, ANY),
    do.AssignCompetence: ("safety_committee listing_authority superior_inspector", "F G A R S"),
    do.ReportResult: (OFFICE, "V C"),
    do.FileListing: ("listing_authority safety_committee", "G A R S V C"),
    do.ConfirmSuspension: (f"{RP} officer {RECORDED}", ANY),
    do.SignDocument: (EVERYBODY, ANY),
    do.PauseClock: ("regulator_lead", F_V),
    do.ResumeClock: ("regulator_lead", F_V),
    do.AnswerObjection: (f"{OFFICE} village_officer listing_authority safety_committee", ANY),
    do.AcknowledgeReport: (OFFICE, ANY),
    do.WithdrawPublication: ("listing_authority safety_committee", "G A R S V C"),
    do.MovePolicy: ("regulator_lead", F_V),
    do.AdoptPolicy: ("regulator_lead", "-"),
    do.RecordInspection: (
        f"worker {FINDERS} township_lead safety_committee listing_authority {RECORDED}",
        "-",
    ),
    do.GiveExpertOpinion: ("expert township_checker regulator officer", ""),
    do.SignInspection: (
        f"{RP} {OFFICE} {OTHER_VISITORS} {RECORDED}",
        "",
    ),
    do.DeclineOffer: (f"enterprise_head safety_manager village_officer {OFFICE} superior_inspector expert", ""),
    do.CorrectInspection: (EVERYBODY, ""),
    do.WithdrawInspection: (
        f"enterprise_head safety_manager {OFFICE} {OTHER_VISITORS}",
        "",
    ),
    do.EscalateHazard: ("notifier", F_C),
    do.RecordMeasure: (OFFICE, ANY),
    do.DeclineMeasure: ("regulator_lead township_lead", ANY),
}

DELIBERATE: Final = {
    do.RegradeHazard: ({"regulator_lead"}, "the lead is one of the determining body's two"),
    do.ApplyForDelisting: ({"safety_committee"}, "安委办 may be the supervising body"),
    do.RefuseDelisting: ({"safety_committee"}, "安委会 lists too, and its office answers for it"),
    do.RevokeOrder: ({"safety_committee", "legal_reviewer"}, "they enter a court's or review body's document"),
    do.ReopenHazard: (
        {"village_officer", "superior_inspector"},
        "the village goes back to what it verified itself; a superior's 回头看 is an officer's fact",
    ),
    do.ReportResult: ({"intake_officer"}, "the intake officer tells the reporter, by receipt number"),
    do.SignDocument: ({"worker"}, "a worker issues no document"),
    do.GrantExtension: ({"safety_committee"}, "whoever handed it over with a day answers for that day"),
    do.RefuseExtension: ({"safety_committee"}, "whoever handed it over with a day answers for that day"),
    do.PassVerification: ({"worker", "worker_representative"}, "class E is the acceptor's, whoever the plan names"),
    do.FailVerification: ({"worker", "worker_representative"}, "class E is the acceptor's, whoever the plan names"),
    do.AnswerObjection: ({"legal_reviewer"}, "法制审核 answers for its body, being no officer of the case"),
    do.RecordMeasure: (
        {"legal_reviewer", "safety_committee", "listing_authority"},
        "约谈 and 通报 are measures of 安委办 and government; a penalty needs the body's power besides",
    ),
    do.DeclineMeasure: ({"safety_committee", "listing_authority"}, "a proposal to list or 约谈 is theirs to decline"),
}
"""By command: the roles in which policy.py differs from the page, and why."""

LETTERS: Final = dict(
    zip("-FGARSVCWM", (None, *(stage for stage in Stage)), strict=True)  # Stage is in life order
)
KINDS: Final = sorted(COMMANDS.values(), key=lambda kind: kind.__name__)
VISITS: Final = frozenset(get_args(do.InspectionCommands))
ABOUT_A_HAZARD: Final = [kind for kind in KINDS if kind is not do.AdoptPolicy and kind not in VISITS]


def allowed(kind: type[Command]) -> set[str]:
    """The roles of the page's line, without recorders."""
    return set(POLICY[kind][0].split()) - {RECORDED}


def admits(kind: type[Command], actor: Actor) -> bool:
    """Whether policy.py admits the actor."""
    try:
        permitted_roles(kind.model_construct(actor=actor))
    except NotPermitted:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_roles_are_the_pages(kind: type[Command]) -> None:
    """Each of the 19 roles is admitted or not as the page says; a difference is listed with its reason, or fails."""
    here = {str(role) for role in Role if admits(kind, p.owner.model_copy(update={"roles": (role,)}))}
    differing, reason = DELIBERATE.get(kind, (set(), ""))
    assert here ^ allowed(kind) == differing, reason


@pytest.mark.parametrize("kind", KINDS)
def test_recorders_are_the_pages(kind: type[Command]) -> None:
    """代录 where the page says so, by its four kinds of recorder, and with a principal only."""
    for role in RECORDERS.split():
        recorder = p.for_(p.owner, p.cadre.model_copy(update={"roles": (Role(role),)}))
        may = RECORDED in POLICY[kind][0] or role in allowed(kind) | DELIBERATE.get(kind, (set(), ""))[0]
        assert admits(kind, recorder) is may, role


@pytest.mark.parametrize("kind", KINDS)
def test_stages_are_the_pages(kind: type[Command]) -> None:
    """Letter by letter."""
    stages = {LETTERS[letter] for letter in POLICY[kind][1].split()}
    assert {stage for stage in LETTERS.values() if PERMITS[kind].at(stage)} == stages


def test_every_command_has_a_permit_and_a_line() -> None:
    """No command without a line of the page, none in the table that does not exist."""
    assert set(COMMANDS.values()) == set(PERMITS) == set(POLICY)
    assert set(DELIBERATE) <= set(POLICY)


def test_every_command_has_a_specimen() -> None:
    """And so a case in which it is accepted."""
    assert set(SPECIMENS) == set(ABOUT_A_HAZARD)


@pytest.mark.parametrize("kind", ABOUT_A_HAZARD)
def test_each_command_is_accepted_by_whom_it_should(kind: type[Command]) -> None:
    """In its specimen; the event says who, when, and that nothing else changed."""
    deed = SPECIMENS[kind][1]
    outcome = before(kind).when(deed)
    assert outcome.event is not None, outcome.refusal
    assert (outcome.event.actor, outcome.event.occurred_at) == (deed.actor, outcome.after.now)


ROLE_CASES: Final = [
    (kind, role)
    for kind in ABOUT_A_HAZARD
    for role in Role
    if str(role) not in allowed(kind) | DELIBERATE.get(kind, (set(), ""))[0]
]


@pytest.mark.parametrize(("kind", "role"), ROLE_CASES)
def test_nobody_else_does_it(kind: type[Command], role: Role) -> None:
    """The same deed by the same person in any other office, auditor and notifier among them, is refused."""
    deed = SPECIMENS[kind][1]
    stranger = deed.actor.model_copy(update={"roles": (role,)})
    before(kind).when(deed.but(actor=stranger)).then_refused(NotPermitted, because="无此权限", code="role")


@pytest.mark.parametrize("kind", [kind for kind in ABOUT_A_HAZARD if kind is not do.EscalateHazard])
@pytest.mark.parametrize("second", [Role.AUDITOR, Role.NOTIFIER])
def test_auditor_and_notifier_wear_no_second_hat(kind: type[Command], second: Role) -> None:
    """Never any other command: not with another role beside either."""
    deed = SPECIMENS[kind][1]
    two_hats = deed.actor.model_copy(update={"roles": (*deed.actor.roles, second)})
    before(kind).when(deed.but(actor=two_hats)).then_refused(NotPermitted, code="role")


STAGE_CASES: Final = [(kind, stage) for kind in ABOUT_A_HAZARD for stage in Stage if not PERMITS[kind].at(stage)]


@pytest.mark.parametrize(("kind", "stage"), STAGE_CASES)
def test_not_at_another_stage(kind: type[Command], stage: Stage) -> None:
    """The same deed at a stage that its line does not name is refused, and not for want of anything else."""
    known = before(kind)
    command = SPECIMENS[kind][1].command(known.now)
    with pytest.raises(WrongStage) as refused:
        decide(command, known.hazard.but(stage=stage, version=9), OTHER_WORLD)  # type: ignore[arg-type]
    assert refused.value.code in {"stage", "exists"}


@pytest.mark.parametrize("kind", [kind for kind in ABOUT_A_HAZARD if kind is not do.EscalateHazard])
def test_not_from_elsewhere(kind: type[Command]) -> None:
    """The same deed by the same office of another county, or by another enterprise, is refused."""
    deed = SPECIMENS[kind][1]
    elsewhere = {"enterprise": "rival"} if deed.actor.enterprise else {"body": "neighbour", "area": "320684"}
    stranger = deed.actor.model_copy(update=elsewhere)
    before(kind).when(deed.but(actor=stranger)).then_refused(NotPermitted, because="不在管辖范围", code="area")


@pytest.mark.parametrize("kind", ABOUT_A_HAZARD)
@pytest.mark.parametrize("why", ["newer_schema", "damaged"])
def test_nobody_decides_on_what_he_cannot_read(kind: type[Command], why: str) -> None:
    """An event of a newer program, or a damaged one, stops every command on that hazard."""
    strange = Unreadable(why, "hazard.foreseen 9")  # type: ignore[arg-type]
    code = {"newer_schema": "newer_schema", "damaged": "damaged_history"}[why]
    before(kind).and_then(strange).when(SPECIMENS[kind][1]).then_refused(Unclear, code=code)


@pytest.mark.parametrize("kind", ABOUT_A_HAZARD)
def test_nothing_happens_tomorrow(kind: type[Command]) -> None:
    """What has not happened yet is not recorded; clocks may differ by five minutes."""
    known = before(kind)
    here = replace(OTHER_WORLD, now=known.now)
    deed = SPECIMENS[kind][1]
    assert decide(deed.command(known.now + timedelta(minutes=4)), known.hazard, here)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken) as refused:
        decide(deed.command(known.now + timedelta(minutes=6)), known.hazard, here)  # type: ignore[arg-type]
    assert refused.value.code == "future"


@pytest.mark.parametrize("kind", [kind for kind in ABOUT_A_HAZARD if kind is not do.FindHazard])
def test_nothing_happens_before_the_finding(kind: type[Command]) -> None:
    """A hazard's life begins with its finding."""
    known = before(kind)
    command = SPECIMENS[kind][1].command(days(-1))
    with pytest.raises(Refusal) as refused:
        decide(command, known.hazard, OTHER_WORLD)  # type: ignore[arg-type]
    assert refused.value.code == "before_finding"


@pytest.mark.parametrize("kind", [kind for kind in ABOUT_A_HAZARD if kind is not do.FindHazard])
def test_nothing_is_done_to_a_hazard_that_nobody_found(kind: type[Command]) -> None:
    """Not even by whom it should."""
    given(world=OTHER_WORLD).when(SPECIMENS[kind][1]).then_refused(RuleBroken, code="unknown_hazard")
