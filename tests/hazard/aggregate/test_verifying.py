"""复查: who passes and fails what, in the six classes of policy.md section 3."""

import pytest

from contracts import events
from contracts.base import DocumentRef
from contracts.parties import Actor, Party, Signatory
from contracts.terms import Flag, Grade, Origin, PartyKind, Role, Trigger, VerificationMode
from services.hazard.aggregate.hazard import UNFOUND, Hazard
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken, WrongStage
from services.hazard.aggregate.verification import verification_class
from tests import deeds as d
from tests import props as p
from tests.scenario import Deed, Given, Outcome, days, given

SHOP = (d.shop_found, d.graded_general.but(actor=p.shopkeeper))
ME = p.name(p.shopkeeper)
SHOP_SUBMITTED = (*SHOP, d.on_the_spot.but(actor=p.shopkeeper, signed_by=ME, completer=ME, acceptor=ME))
seen_by_owner = d.accepted_inside.but(actor=p.shopkeeper, verifiers=p.sign(p.shopkeeper), evidence=(p.PHOTO,))
PATROL = (d.patrolled, d.cadre_graded_general, d.noticed)
PATROL_PLANNED = (
    *PATROL,
    d.planned.but(actor=p.shopkeeper, responsible=ME),
    d.submitted.but(actor=p.shopkeeper, signed_by=ME),
)
seen_by_cadre = d.accepted_inside.but(actor=p.cadre, verifiers=p.sign(p.cadre), evidence=(p.PHOTO,))
SELF_MAJOR = (d.self_found, d.owner_graded_major, d.told_inside, d.planned_major, d.submitted_major)


def signed(deed: Deed, *actors: Actor) -> Deed:
    """The same verification under these names; the first states it."""
    return deed.but(actor=actors[0], verifiers=p.sign(*actors))


def hazard(party: Party, origin: Origin, grade: Grade | None) -> Hazard:
    """What the class looks at."""
    return UNFOUND.but(party=party, origin=origin, grade=grade)


@pytest.mark.parametrize(
    ("party", "origin", "grade", "wanted"),
    [
        (p.FACTORY, Origin.SELF, Grade.GENERAL, "E"),
        (p.FACTORY, Origin.SELF_AFTER_NOTICE, Grade.GENERAL, "E"),
        (p.FACTORY, Origin.ASSISTANCE, Grade.GENERAL, "E"),
        (p.FACTORY, Origin.SELF, None, "E"),
        (p.SHOP, Origin.SELF, Grade.GENERAL, "S"),
        (p.FACTORY.model_copy(update={"staff": 2}), Origin.SELF, Grade.GENERAL, "S"),
        (p.FACTORY.model_copy(update={"staff": 3}), Origin.SELF, Grade.GENERAL, "E"),
        (p.FACTORY.model_copy(update={"staff": None}), Origin.SELF, Grade.GENERAL, "E"),
        (p.SHOP, Origin.PATROL, Grade.GENERAL, "P"),
        (p.SHOP, Origin.INSPECTION, Grade.GENERAL, "O"),
        (p.SHOP, Origin.REPORT, Grade.GENERAL, "O"),
        (p.SHOP, Origin.TRANSFERRED_IN, None, "O"),
        (p.SHOP, Origin.SELF, Grade.MAJOR, "M"),
        (p.SHOP, Origin.SELF, Grade.SUSPECTED_MAJOR, "M"),
        (p.STATION, Origin.PATROL, Grade.GENERAL, "X"),
        (p.VILLAGERS, Origin.SELF, Grade.GENERAL, "X"),
        (p.STATION, Origin.INSPECTION, Grade.MAJOR, "X"),
    ],
)
def test_the_class_by_party_grade_order_and_origin(
    party: Party, origin: Origin, grade: Grade | None, wanted: str
) -> None:
    """policy.md section 3; an ungraded hazard counts as general."""
    assert verification_class(hazard(party, origin, grade)) == wanted


def test_any_order_makes_it_the_officers() -> None:
    """Whatever the origin."""
    assert verification_class(given(*SHOP, d.ordered).hazard) == "O"
    assert verification_class(given(*PATROL, d.ordered).hazard) == "O"


class TestE:
    """企业验收: the acceptor, one name, ≠ 完成人."""

    case = given(d.SELF_SUBMITTED)

    def test_the_acceptor_of_the_plan(self) -> None:
        """Nobody else of the enterprise."""
        self.case.when(d.accepted_inside).then(events.VerificationPassed, verification_class="E").then_flagged()
        other = d.accepted_inside.but(verifiers=p.sign(p.owner))
        self.case.when(other).then_refused(NotPermitted, because="工会主席龚", code="other_acceptor")
        self.case.when(d.accepted_inside.but(verifiers=())).then_refused(RuleBroken, because="复查人员")

    def test_the_claim_does_not_make_the_acceptor_the_completer(self) -> None:
        """Who accepts by the plan did not do the work by the claim either."""
        done_by_steward = d.submitted.but(completer=p.name(p.steward))
        given(*d.SELF_ASSIGNED, d.planned).when(done_by_steward).then_refused(NotPermitted, code="separation")

    def test_the_enterprise_waits_for_its_own_claim(self) -> None:
        """It neither passes nor fails what nobody has submitted."""
        early = d.accepted_inside.but(trigger=Trigger.SPOT_CHECK)
        given(*d.SELF_ASSIGNED, d.planned).when(early).then_refused(WrongStage, code="stage")

    def test_a_recorder_enters_the_acceptors_word(self) -> None:
        """With his paper; a village officer on his own does not accept for him."""
        for recorder in (p.cadre, p.checker):
            entered = d.accepted_inside.but(actor=p.for_(p.steward, recorder))
            self.case.when(entered).then(events.VerificationPassed)
            self.case.when(d.accepted_inside.but(actor=recorder)).then_refused(NotPermitted)

    def test_the_authority_on_its_own_initiative(self) -> None:
        """From A on, by its own name; a village officer does not inspect."""
        visit = signed(d.accepted_inside, p.regulator).but(trigger=Trigger.SPOT_CHECK)
        given(d.SELF_ASSIGNED).when(visit).then_flagged(Flag.NO_PLAN, Flag.NO_SUBMISSION)
        given(d.SELF_ASSIGNED).when(visit.but(verifiers=p.sign(p.officer))).then_refused(NotPermitted, code="not_named")
        given(d.SELF_ASSIGNED).when(signed(visit, p.cadre)).then_refused(WrongStage)


class TestS:
    """自验: sole trader, or ≤ 2 staff."""

    case = given(SHOP_SUBMITTED)

    def test_the_owner_himself_with_photos(self) -> None:
        """Flag 自验."""
        self.case.when(seen_by_owner).then(events.VerificationPassed, verification_class="S").then_flagged(
            Flag.SELF_ACCEPTED
        )

    @pytest.mark.parametrize("actor", [p.cadre, p.checker], ids=lambda actor: actor.id)
    def test_better_somebody_from_outside(self, actor: Actor) -> None:
        """village_officer or township_checker, in his own name: no flag."""
        self.case.when(signed(seen_by_owner, actor)).then_flagged()
        self.case.when(seen_by_owner.but(actor=actor)).then_refused(NotPermitted, code="not_named")

    def test_or_the_lessors_safety_manager(self) -> None:
        """Of another party of the place, signing himself."""
        shared = given(*SHOP, d.shared_with_tenant, *SHOP_SUBMITTED[2:])
        shared.when(signed(seen_by_owner, p.tenant_safety)).then_flagged()

    def test_a_recorded_self_acceptance_is_one(self) -> None:
        """Entered by the village for the owner, it is the owner's: flagged."""
        entered = seen_by_owner.but(actor=p.for_(p.shopkeeper, p.cadre))
        self.case.when(entered).then_flagged(Flag.SELF_ACCEPTED)

    def test_never_with_an_order(self) -> None:
        """Then two officers come."""
        ordered = given(*SHOP, d.ordered, d.on_the_spot.but(actor=p.shopkeeper, signed_by=ME))
        ordered.when(seen_by_owner).then_refused(NotPermitted, code="role")


class TestP:
    """巡查复核: one village_officer or township_checker, photo."""

    case = given(PATROL_PLANNED)

    @pytest.mark.parametrize("actor", [p.cadre, p.second_cadre, p.checker], ids=lambda actor: actor.id)
    def test_one_name_and_a_photo(self, actor: Actor) -> None:
        """His own."""
        self.case.when(signed(seen_by_cadre, actor)).then(events.VerificationPassed, verification_class="P")
        self.case.when(signed(seen_by_cadre, actor).but(evidence=())).then_refused(RuleBroken, because="证据")

    def test_neither_the_owner_nor_in_his_name(self) -> None:
        """The enterprise does not pass what the village found, nor does the village sign with the owner's name."""
        self.case.when(seen_by_owner).then_refused(NotPermitted, code="role")
        self.case.when(seen_by_cadre.but(verifiers=p.sign(p.shopkeeper))).then_refused(NotPermitted, code="not_named")

    def test_from_assigned_on(self) -> None:
        """Without submission too, flagged."""
        early = seen_by_cadre.but(trigger=Trigger.SPOT_CHECK)
        given(PATROL).when(early).then_flagged(Flag.NO_PLAN, Flag.NO_SUBMISSION)


class TestO:
    """执法复查: ≥ 2 of the ordering (or handed-down-to) body; on site."""

    case = given(d.GENERAL_SUBMITTED)

    @pytest.mark.parametrize(
        ("names", "code"),
        [
            (p.sign(p.third_officer), "two_names"),
            (p.sign(p.third_officer, p.third_officer), "two_names"),
            (p.sign(p.third_officer, p.director), "certificate"),
            (p.sign(p.officer, p.second_officer), "not_named"),
            (p.sign(p.third_officer, p.fireman), "other_body"),
            (p.sign(p.third_officer, p.neighbour_officer), "other_body"),
        ],
    )
    def test_two_names_of_that_body(self, names: tuple[Signatory, ...], code: str) -> None:
        """Distinct, with certificates, the actor one of them."""
        outcome = self.case.when(d.passed.but(verifiers=names))
        assert outcome.refusal is not None
        assert outcome.refusal.code == code

    def test_another_body_does_not_pass_it(self) -> None:
        """Two firemen, two of the neighbouring county, two of the township; the body above does."""
        for pair in ((p.fireman, p.second_fireman), (p.checker, p.second_checker)):
            self.case.when(signed(d.passed, *pair)).then_refused(NotPermitted, code="other_body")
        self.case.when(signed(d.passed, p.neighbour_officer, p.second_neighbour)).then_refused(
            NotPermitted, code="area"
        )
        city = tuple(one.model_copy(update={"roles": (Role.OFFICER,)}) for one in (p.inspector, p.second_inspector))
        self.case.when(signed(d.passed, *city)).then(events.VerificationPassed)

    def test_officers_elsewhere_are_not_competent_by_sector(self) -> None:
        """While nobody has it: whoever supervises the sector there, not the same department of another area."""
        nobody_has_it = (d.inspected, d.officer_graded_general, d.told_inside, d.planned, d.submitted)
        mixed = d.passed.but(verifiers=p.sign(p.third_officer, p.neighbour_officer))
        given(nobody_has_it).when(mixed).then_refused(NotPermitted, code="other_body")
        given(nobody_has_it).when(d.passed).then(events.VerificationPassed, verification_class="O")

    def test_village_and_enterprise_never(self) -> None:
        """Not even with names of officers."""
        for actor in (p.cadre, p.owner, p.safety):
            self.case.when(d.passed.but(actor=actor)).then_refused(NotPermitted, code="role")

    def test_it_bears_a_number(self) -> None:
        """整改复查意见书; a failure is a fact and needs none."""
        for paper in (None, DocumentRef(title="整改复查意见书")):
            self.case.when(d.passed.but(document=paper)).then_refused(RuleBroken, because="文书", code="incomplete")
        self.case.when(d.failed).then(events.VerificationFailed)

    def test_remotely_with_the_leads_leave(self) -> None:
        """A general hazard by photo or video; the lead is of that body and none of the two."""
        remote = d.passed.but(mode=VerificationMode.REMOTE, remote_approved_by=p.sign(p.director)[0])
        self.case.when(remote).then_flagged(Flag.REMOTE)
        self.case.when(remote.but(remote_approved_by=p.sign(p.regulator)[0])).then_refused(RuleBroken)
        self.case.when(remote.but(remote_approved_by=p.sign(p.fire_chief)[0])).then_refused(NotPermitted)
        self.case.when(d.passed.but(mode=VerificationMode.DOCUMENTS)).then_refused(RuleBroken, code="on_site")

    def test_the_handed_down_to_body(self) -> None:
        """After a binding assignment the body that has it verifies."""
        handed = given(
            d.inspected.but(actor=p.inspector),
            d.assigned_from_above,
            d.officer_graded_general,
            d.told_inside,
            d.planned,
            d.submitted,
        )
        handed.when(d.passed).then(events.VerificationPassed)
        handed.when(signed(d.passed, p.checker, p.second_checker)).then_refused(NotPermitted, code="other_body")


class TestM:
    """重大核查: the acceptance report inside the submission, then ≥ 2 of the competent body, on site."""

    case = given(d.MAJOR_SUBMITTED)

    def test_two_on_site(self) -> None:
        """Neither on documents nor by video."""
        self.case.when(d.passed).then(events.VerificationPassed, verification_class="M").then_flagged()
        for mode in (VerificationMode.DOCUMENTS, VerificationMode.REMOTE):
            elsewhere = d.passed.but(mode=mode, remote_approved_by=p.sign(p.director)[0])
            self.case.when(elsewhere).then_refused(RuleBroken, because="现场", code="on_site")

    def test_on_documents_only_if_quiet(self) -> None:
        """Self-found, no order, not listed, not suspended."""
        papers = d.passed.but(mode=VerificationMode.DOCUMENTS)
        given(SELF_MAJOR).when(papers).then(events.VerificationPassed)
        for overlay in (d.ordered, d.county_listed, d.stopped):
            loud = given(*SELF_MAJOR[:3], overlay, *SELF_MAJOR[3:])
            loud.when(papers).then_refused(RuleBroken, code="on_site")

    def test_the_acceptance_report_comes_first(self) -> None:
        """Absent only on expiry or spot check; what was submitted as general has none."""
        given(d.MAJOR_ORDERED, d.planned_major).when(d.submitted).then_refused(RuleBroken, because="验收")
        raised = given(d.inspected, d.ordered, d.planned, d.submitted, d.graded_major)
        raised.when(d.passed).then_refused(RuleBroken, because="企业验收或专家报告", code="incomplete")
        raised.when(d.passed.but(trigger=Trigger.EXPIRY), at=days(30)).then(events.VerificationPassed)

    def test_the_enterprise_never(self) -> None:
        """However small."""
        small = given(d.self_suspected.but(actor=p.shopkeeper, party=p.SHOP), d.ordered)
        small.when(seen_by_owner.but(trigger=Trigger.SPOT_CHECK)).then_refused(WrongStage)


class TestX:
    """异体复核: a public body or village never verifies its own."""

    def at_town(self) -> Given:
        """甲镇 is responsible for its own market hall."""
        found = d.patrolled.but(party=p.TOWN_HALL, sector="industry_trade")
        clerk = p.checker.model_copy(update={"id": "town-clerk", "name": "镇经办人", "roles": (Role.PARTY_OFFICER,)})
        plan = d.planned.but(actor=clerk, responsible=p.name(clerk))
        claim = d.submitted.but(actor=clerk, signed_by=p.name(clerk))
        return given(found, d.cadre_graded_general, d.noticed, plan, claim)

    def test_the_level_above_or_the_department(self) -> None:
        """Two of another body; class X for general and major alike."""
        self.at_town().when(d.passed).then(events.VerificationPassed, verification_class="X")
        county = tuple(p.mayor.model_copy(update={"id": i, "name": i, "roles": (Role.REGULATOR,)}) for i in "ab")
        county = tuple(one.model_copy(update={"certificate": f"县-{one.id}"}) for one in county)
        self.at_town().when(signed(d.passed, *county)).then(events.VerificationPassed)

    def test_never_its_own(self) -> None:
        """Neither two of its own, nor one of them beside an outsider, nor its lead alone."""
        case = self.at_town()
        case.when(signed(d.passed, p.checker, p.second_checker)).then_refused(NotPermitted, code="separation")
        case.when(signed(d.passed, p.third_officer, p.checker)).then_refused(NotPermitted, code="separation")

    def test_not_as_a_co_party_either(self) -> None:
        """The village that shares the duty does not pass the shop's half."""
        with_village = d.shared_with_tenant.but(party=p.VILLAGERS)
        shared = given(*PATROL, with_village, *PATROL_PLANNED[3:])
        shared.when(seen_by_cadre).then_refused(NotPermitted, because="责任单位", code="separation")
        shared.when(signed(seen_by_cadre, p.checker)).then(events.VerificationPassed)


@pytest.mark.parametrize("fails", [False, True], ids=["pass", "fail"])
@pytest.mark.parametrize("history", [d.GENERAL_ORDERED, (*d.GENERAL_ORDERED, d.planned, d.started), d.MAJOR_ORDERED])
def test_the_authority_waits_for_no_plan_and_no_submission(history: tuple[Deed, ...], *, fails: bool) -> None:
    """From A on, flagged 缺方案 · 未申请: missing papers never block what officers saw."""
    deed = (d.failed if fails else d.passed).but(trigger=Trigger.SPOT_CHECK)
    outcome = given(history).when(deed)
    outcome.then_flagged(Flag.NO_SUBMISSION, *([] if len(history) > 3 else [Flag.NO_PLAN]))


def test_an_ungraded_hazard_is_verified_too() -> None:
    """未判定, flagged."""
    given(d.inspected, d.ordered).when(d.passed.but(trigger=Trigger.SPOT_CHECK)).then_flagged(
        Flag.UNGRADED, Flag.NO_PLAN, Flag.NO_SUBMISSION
    )


def test_the_trigger_is_true() -> None:
    """No submission, no 报告整改完成; no expiry before the day; a spot check needs neither."""
    given(d.GENERAL_ORDERED).when(d.passed).then_refused(WrongStage, because="尚未报告整改完成", code="stage")
    expired = d.passed.but(trigger=Trigger.EXPIRY)
    given(d.GENERAL_SUBMITTED).when(expired).then_refused(RuleBroken, because="2026-04-01未满", code="not_expired")
    given(d.GENERAL_SUBMITTED).when(expired, at=days(30)).then(events.VerificationPassed)


@pytest.mark.parametrize("deed", [d.passed, d.failed], ids=["pass", "fail"])
def test_a_verification_says_how(deed: Deed) -> None:
    """On site or not; and a failure, how much was left."""
    given(d.GENERAL_SUBMITTED).when(deed.but(mode=None)).then_refused(RuleBroken, because="复查方式", code="incomplete")
    given(d.GENERAL_SUBMITTED).when(d.failed.but(result=None)).then_refused(RuleBroken, because="不合格情形")


def test_superior_inspectors_are_bound_as_others_are() -> None:
    """By the truth of the trigger, and by not being responsible themselves."""
    drop_in = signed(d.failed, p.inspector, p.second_inspector)
    given(d.GENERAL_ORDERED).when(drop_in).then_refused(WrongStage, because="尚未报告", code="stage")
    early = drop_in.but(trigger=Trigger.EXPIRY)
    given(d.GENERAL_ORDERED).when(early).then_refused(RuleBroken, code="not_expired")
    city = p.STATION.model_copy(update={"body": "city-em"})
    own = given(d.patrolled.but(party=city), *PATROL[1:])
    own.when(drop_in.but(trigger=Trigger.SPOT_CHECK)).then_refused(NotPermitted, because="责任单位", code="separation")


def test_nobody_verifies_under_another_bodys_name() -> None:
    """One name or two."""
    borrowed = p.sign(p.checker)[0].model_copy(update={"body": "em"})
    posing = seen_by_cadre.but(actor=p.checker, verifiers=(borrowed,))
    given(PATROL_PLANNED).when(posing).then_refused(NotPermitted, because="本单位名义", code="other_body")


def test_the_lead_who_allows_a_remote_check_makes_none() -> None:
    """Not even under his other title."""
    himself = p.sign(p.third_officer)[0].model_copy(update={"role": Role.REGULATOR_LEAD})
    remote = d.passed.but(mode=VerificationMode.REMOTE, remote_approved_by=himself)
    given(d.GENERAL_SUBMITTED).when(remote).then_refused(NotPermitted, because="复查人员", code="separation")


def test_an_old_verification_without_names_is_not_the_partys_own() -> None:
    """历史补录 may lack the names, not hide whose they were."""
    old = {"historical": "旧台账"}
    road = given(d.road_sank.but(**old), d.cadre_graded_general.but(**old), d.handed_over.but(**old))
    own = d.passed.but(actor=p.station_officer, verifiers=(), document=None, trigger=Trigger.SPOT_CHECK, **old)
    road.when(own).then_refused(NotPermitted, because="责任单位", code="separation")
    road.when(own.but(actor=p.road_officer)).then(events.VerificationPassed, verification_class="X")


def test_two_superior_inspectors_fail_anything() -> None:
    """superior_inspector ×2; they do not pass."""
    drop_in = d.failed.but(
        actor=p.inspector, trigger=Trigger.SPOT_CHECK, verifiers=p.sign(p.inspector, p.second_inspector)
    )
    given(d.SELF_ASSIGNED).when(drop_in).then(events.VerificationFailed)
    given(d.SELF_ASSIGNED).when(drop_in.but(verifiers=p.sign(p.inspector))).then_refused(RuleBroken, code="two_names")
    given(d.SELF_ASSIGNED).when(signed(d.passed, p.inspector, p.second_inspector)).then_refused(NotPermitted)


def refused_as_separated(outcome: Outcome) -> None:
    """须回避."""
    outcome.then_refused(NotPermitted, because="须回避", code="separation")


def test_the_verifier_is_not_the_completer() -> None:
    """But for class S; under no other id and with no body written behind his name."""
    plan = d.planned.but(acceptor=p.name(p.steward), completer=p.name(p.worker))
    case = given(*d.SELF_ASSIGNED, plan, d.submitted.but(completer=p.name(p.mechanic)))
    for disguise in (
        p.sign(p.worker)[0],
        p.sign(p.mechanic)[0],
        Signatory(id="worker-2", name="工人 马"),
        Signatory(id="worker-3", name="工人马", body="factory"),
    ):
        beside = d.accepted_inside.but(verifiers=(*p.sign(p.steward), disguise))
        refused_as_separated(case.when(beside))


@pytest.mark.parametrize(
    ("party", "apart"),
    [
        (p.FACTORY, True),
        (p.FACTORY.model_copy(update={"staff": 10}), True),
        (p.FACTORY.model_copy(update={"staff": 9}), False),
        (p.FACTORY.model_copy(update={"staff": None}), True),
    ],
    ids=["30", "10", "9", "unknown"],
)
def test_the_verifier_is_not_the_person_responsible(party: Party, *, apart: bool) -> None:
    """In enterprises of 10 or more staff; whose size nobody knows is not small."""
    plan = d.planned.but(acceptor=p.name(p.safety))
    case = given(d.self_found.but(party=party), d.graded_general, d.told_inside, plan, d.submitted)
    outcome = case.when(d.accepted_inside.but(verifiers=p.sign(p.safety)))
    if apart:
        refused_as_separated(outcome)
    else:
        outcome.then(events.VerificationPassed)


def test_nor_for_what_others_found_or_is_major() -> None:
    """However small the enterprise."""
    helped = d.self_found.but(actor=p.expert, origin=Origin.ASSISTANCE, found_by=p.finder(p.TOWN), party=p.WORKSHOP)
    plan = d.planned.but(acceptor=p.name(p.safety))
    case = given(helped, d.graded_general, d.told_inside, plan, d.submitted)
    refused_as_separated(case.when(d.accepted_inside.but(verifiers=p.sign(p.safety))))


def test_a_recorder_is_not_the_sole_verifier() -> None:
    """But for class P with the party's paper or a photo, flagged; not by adding the owner's name to his own."""
    recorder = p.for_(p.shopkeeper, p.cadre)
    shop = given(*SHOP, SHOP_SUBMITTED[2].but(actor=recorder))
    refused_as_separated(shop.when(signed(seen_by_owner, p.cadre)))
    refused_as_separated(shop.when(signed(seen_by_owner, p.cadre, p.shopkeeper)))
    again = p.cadre.model_copy(update={"id": "cadre-2"})
    refused_as_separated(shop.when(signed(seen_by_owner, again)))
    shop.when(signed(seen_by_owner, p.second_cadre)).then(events.VerificationPassed)
    patrol = given(*PATROL, *(deed.but(actor=recorder) for deed in PATROL_PLANNED[3:]))
    patrol.when(seen_by_cadre).then_flagged(Flag.RECORDER_VERIFIED)
    patrol.when(signed(seen_by_cadre, p.checker)).then_flagged()


def test_what_the_recorder_planned_he_does_not_pass_alone() -> None:
    """Not only who entered the claim: who entered anything for the party."""
    plan = PATROL_PLANNED[3].but(actor=p.for_(p.shopkeeper, p.cadre))
    shop = given(d.shop_found, SHOP[1], d.told_inside.but(actor=p.shopkeeper), plan)
    claim = d.submitted.but(actor=p.shopkeeper, signed_by=ME)
    refused_as_separated(shop.and_then(claim).when(signed(seen_by_owner, p.cadre)))


def test_kinds_of_party_are_all_thought_of() -> None:
    """Each kind has a class when found by inspection."""
    kinds = {
        kind: verification_class(hazard(p.FACTORY.model_copy(update={"kind": kind}), Origin.INSPECTION, None))
        for kind in PartyKind
    }
    assert {kind for kind, letter in kinds.items() if letter == "X"} == {PartyKind.PUBLIC_BODY, PartyKind.VILLAGE}
