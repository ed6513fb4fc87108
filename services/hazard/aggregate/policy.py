"""Who may do what, and when: the table of the county's policy, a line per command, for an auditor to read.

F found, G graded, A assigned, R rectifying, S submitted, V verified, C closed, W withdrawn, `-` not found yet.
RP is the responsible party. A recorder (代录) may enter for RP what RP signed on paper. Every line is checked for scope
besides: own enterprise, own area, own competence (scope.py). What a command must carry, and who must not be whom, is
said with its rule, in the module named like its group of acts.
"""

from dataclasses import dataclass
from typing import Final

from contracts import commands as do
from contracts import words
from contracts.commands import Command
from contracts.terms import Role, Stage
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.refusals import NotPermitted, WrongStage

HEAD, MANAGER = Role.ENTERPRISE_HEAD, Role.SAFETY_MANAGER
WORKER, WORKERS = Role.WORKER, Role.WORKER_REPRESENTATIVE
PARTY_OFFICER, VILLAGE = Role.PARTY_OFFICER, Role.VILLAGE_OFFICER
TOWNSHIP, TOWNSHIP_LEAD = Role.TOWNSHIP_CHECKER, Role.TOWNSHIP_LEAD
REGULATOR, REGULATOR_LEAD = Role.REGULATOR, Role.REGULATOR_LEAD
OFFICER, LEGAL = Role.OFFICER, Role.LEGAL_REVIEWER
COMMITTEE, LISTING = Role.SAFETY_COMMITTEE, Role.LISTING_AUTHORITY
SUPERIOR, EXPERT, INTAKE = Role.SUPERIOR_INSPECTOR, Role.EXPERT, Role.INTAKE_OFFICER

RP: Final = (HEAD, MANAGER, PARTY_OFFICER)
RECORDERS: Final = (TOWNSHIP, VILLAGE, REGULATOR, OFFICER)
LEADS: Final = (REGULATOR_LEAD, TOWNSHIP_LEAD)
ENTERPRISE_ROLES: Final = frozenset({HEAD, MANAGER, WORKER, WORKERS, PARTY_OFFICER})
GRADERS: Final = (*RP, WORKERS, VILLAGE, TOWNSHIP, REGULATOR, OFFICER, SUPERIOR, EXPERT, INTAKE)
ALONE: Final = frozenset({Role.NOTIFIER, Role.AUDITOR})
"""Whoever is one of these is nothing else, and does nothing else."""
ACCEPTORS: Final = (HEAD, MANAGER, WORKERS, WORKER)
"""整改验收人: whom the plan names."""
AUTHORITY: Final = (OFFICER, REGULATOR, REGULATOR_LEAD, TOWNSHIP, TOWNSHIP_LEAD)

_LETTERS: Final = {
    "-": None,
    "F": Stage.FOUND,
    "G": Stage.GRADED,
    "A": Stage.ASSIGNED,
    "R": Stage.RECTIFYING,
    "S": Stage.SUBMITTED,
    "V": Stage.VERIFIED,
    "C": Stage.CLOSED,
    "W": Stage.WITHDRAWN,
    "M": Stage.MERGED,
}
ANY: Final = "F G A R S V C W M"


@dataclass(frozen=True, slots=True)
class Permit:
    """A line of the table."""

    who: tuple[Role, ...]
    stages: str
    recorded: bool = False
    """A recorder may enter it for RP 代录."""

    def at(self, stage: Stage | None) -> bool:
        """Whether the stage is one of the line's."""
        return stage in {_LETTERS[letter] for letter in self.stages.split()}


PERMITS: Final[dict[type[Command], Permit]] = {
    # Finding and grading
    do.FindHazard: Permit(
        (WORKER, WORKERS, *RP, VILLAGE, TOWNSHIP, REGULATOR, OFFICER, SUPERIOR, EXPERT, INTAKE), "-", recorded=True
    ),
    do.GradeHazard: Permit(GRADERS, "F A R S V"),
    do.RegradeHazard: Permit((*GRADERS, REGULATOR_LEAD), "F G A R S"),
    do.CorrectHazard: Permit(tuple(role for role in Role if role not in {Role.NOTIFIER, Role.AUDITOR}), ANY),
    do.MergeHazard: Permit((REGULATOR, OFFICER, TOWNSHIP, *RP), "F G A R"),
    do.WithdrawHazard: Permit((MANAGER, HEAD, *AUTHORITY, VILLAGE, SUPERIOR, INTAKE), "F G A R"),
    do.RuleOnOrigin: Permit((REGULATOR_LEAD,), ANY),
    do.RecordObjection: Permit(RP, ANY, recorded=True),
    do.AnswerObjection: Permit((*AUTHORITY, VILLAGE, LEGAL, COMMITTEE, LISTING), ANY),
    # Planning and rectifying
    do.AssignHazard: Permit(
        (HEAD, MANAGER, VILLAGE, TOWNSHIP, REGULATOR, OFFICER, TOWNSHIP_LEAD, REGULATOR_LEAD, COMMITTEE), "F G A R"
    ),
    do.RecordInterimControl: Permit((*RP, OFFICER), "F G A R S", recorded=True),
    do.PlanRectification: Permit(RP, "G A R", recorded=True),
    do.StartRectification: Permit(RP, "A", recorded=True),
    do.ReportProgress: Permit(RP, "A R S", recorded=True),
    do.ChangeResponsibleParty: Permit((*AUTHORITY, HEAD), "F G A R S V"),
    # Dual report
    do.ReportToRegulator: Permit((HEAD, MANAGER), "F G A R S V", recorded=True),
    do.AcknowledgeReport: Permit(AUTHORITY, ANY),
    do.ReportToWorkers: Permit((HEAD, WORKERS), "F G A R S V C", recorded=True),
    # Listing
    do.ProposeListing: Permit((TOWNSHIP_LEAD, REGULATOR_LEAD, COMMITTEE), "G A R S"),
    do.DeclineListing: Permit((LISTING, COMMITTEE), ANY),
    do.ListHazard: Permit((LISTING,), "G A R S"),
    do.FileListing: Permit((LISTING, COMMITTEE), "G A R S V C"),
    do.PublishListing: Permit((LISTING, COMMITTEE), "G A R S V C"),
    do.WithdrawPublication: Permit((LISTING, COMMITTEE), "G A R S V C"),
    do.ApplyForDelisting: Permit((*RP, *AUTHORITY, COMMITTEE), "S V", recorded=True),
    do.RefuseDelisting: Permit((LISTING, COMMITTEE), "R S V"),
    do.DelistHazard: Permit((LISTING,), ANY),
    # Suspension
    do.OrderSuspension: Permit((OFFICER,), "F G A R S V"),
    do.ConfirmSuspension: Permit((*RP, OFFICER), ANY, recorded=True),
    do.ApplyForResumption: Permit(RP, "R S V", recorded=True),
    do.RefuseResumption: Permit((OFFICER, REGULATOR, *LEADS), ANY),
    do.ResumeOperations: Permit((OFFICER, REGULATOR, *LEADS), "R S V"),
    do.RevokeOrder: Permit((*AUTHORITY, LISTING, COMMITTEE, LEGAL), ANY),
    # Extension
    do.RequestExtension: Permit(RP, "A R S", recorded=True),
    do.GrantExtension: Permit((HEAD, *LEADS, LISTING, COMMITTEE), "A R S"),
    do.RefuseExtension: Permit((HEAD, *LEADS, LISTING, COMMITTEE), "A R S"),
    # Submission, verification, closing
    do.SubmitRectification: Permit(RP, "F G A R", recorded=True),
    do.PassVerification: Permit((*ACCEPTORS, VILLAGE, *AUTHORITY), "A R S"),
    do.FailVerification: Permit((*ACCEPTORS, VILLAGE, *AUTHORITY, SUPERIOR), "A R S"),
    do.CloseHazard: Permit((HEAD, MANAGER, VILLAGE, *AUTHORITY), "F G A R S V"),
    do.ReopenHazard: Permit((*RP, *AUTHORITY, VILLAGE, SUPERIOR), "V C W"),
    # Transfer and competence
    do.TransferHazard: Permit((REGULATOR_LEAD, TOWNSHIP_LEAD, OFFICER), "F G A R S"),
    do.AcceptTransfer: Permit(AUTHORITY, ANY),
    do.RefuseTransfer: Permit(AUTHORITY, ANY),
    do.AssignCompetence: Permit((COMMITTEE, LISTING, SUPERIOR), "F G A R S"),
    do.ReportResult: Permit((*AUTHORITY, INTAKE), "V C"),
    # Proposals, documents, clocks
    do.EscalateHazard: Permit((Role.NOTIFIER,), "F G A R S V C"),
    do.RecordMeasure: Permit((*AUTHORITY, LEGAL, COMMITTEE, LISTING), ANY),
    do.DeclineMeasure: Permit((*LEADS, LISTING, COMMITTEE), ANY),
    do.SignDocument: Permit(tuple(role for role in Role if role not in {*ALONE, WORKER}), ANY),
    do.PauseClock: Permit((REGULATOR_LEAD,), "F G A R S V"),
    do.ResumeClock: Permit((REGULATOR_LEAD,), "F G A R S V"),
    do.MovePolicy: Permit((REGULATOR_LEAD,), "F G A R S V"),
    do.AdoptPolicy: Permit((REGULATOR_LEAD,), "-"),
    # Visits, which have no stage
    do.RecordInspection: Permit(
        (
            WORKER,
            WORKERS,
            *RP,
            VILLAGE,
            TOWNSHIP,
            TOWNSHIP_LEAD,
            REGULATOR,
            OFFICER,
            COMMITTEE,
            LISTING,
            SUPERIOR,
            EXPERT,
        ),
        "-",
        recorded=True,
    ),
    do.GiveExpertOpinion: Permit((EXPERT, TOWNSHIP, REGULATOR, OFFICER), ""),
    do.SignInspection: Permit((*RP, VILLAGE, *AUTHORITY, COMMITTEE, LISTING, SUPERIOR, EXPERT), "", recorded=True),
    do.DeclineOffer: Permit((HEAD, MANAGER, VILLAGE, *AUTHORITY, SUPERIOR, EXPERT), ""),
    do.CorrectInspection: Permit(tuple(role for role in Role if role not in ALONE), ""),
    do.WithdrawInspection: Permit((HEAD, MANAGER, VILLAGE, *AUTHORITY, COMMITTEE, LISTING, SUPERIOR, EXPERT), ""),
}


def permitted_roles(command: Command) -> frozenset[Role]:
    """The actor's roles that the table admits for this command; NotPermitted where there is none."""
    permit = PERMITS[type(command)]
    roles = frozenset(command.actor.roles)
    if roles & ALONE and (len(roles) > 1 or not roles <= frozenset(permit.who)):
        raise NotPermitted(words.refused("role", 角色=words.roles(permit.who)), field="actor.roles")
    own = roles & frozenset(permit.who)
    recorder = roles & frozenset(RECORDERS) if permit.recorded and command.actor.on_behalf_of else frozenset()
    if not own | recorder:
        raise NotPermitted(words.refused("role", 角色=words.roles(permit.who)), field="actor.roles")
    return own | recorder


def check_stage(command: Command, hazard: Hazard) -> None:
    """WrongStage where the table has no such stage on the command's line."""
    if not PERMITS[type(command)].at(hazard.stage):
        stands = words.stage(hazard.stage, hazard.closure) if hazard.stage else "尚未登记"
        raise WrongStage(words.refused("stage", 环节=stands))
