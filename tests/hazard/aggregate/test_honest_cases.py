"""What the page allows and a rule must not stand in the way of; and beside each, what it still refuses."""

from contracts import commands as do
from contracts import events
from contracts.base import DocumentRef
from contracts.parties import Actor, Person
from contracts.terms import AssignmentKind, ClosureKind, Flag, Grade, RegradeKind, Role, Stage, SuspensionKind
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from tests import deeds as d
from tests import props as p
from tests.scenario import by, given

SOURCE = {"historical": "排查表.xlsx 第3行"}
IN_HAND = given(d.self_found, d.graded_general, d.told_inside, d.planned, d.submitted)
IMPORTED = given(d.inspected.but(actor=p.checker.model_copy(update={"body": None}), found_by=(), **SOURCE))


def test_the_acceptor_enters_his_own_acceptance() -> None:
    """Class E is one name, the acceptor whom the plan names, whatever his post; another employee it is not."""
    own = d.accepted_inside.but(actor=p.steward, verifiers=p.sign(p.steward))
    IN_HAND.when(own).then_stage(Stage.VERIFIED)
    other = d.accepted_inside.but(actor=p.worker, verifiers=p.sign(p.worker))
    IN_HAND.when(other).then_refused(NotPermitted, code="other_acceptor")
    posing = d.accepted_inside.but(actor=p.worker, verifiers=p.sign(p.steward))
    IN_HAND.when(posing).then_refused(NotPermitted, code="not_named")
    ordered = given(d.inspected, d.officer_graded_general, d.ordered, d.planned, d.submitted)
    ordered.when(own).then_refused(NotPermitted, code="role")


def test_a_slip_in_an_imported_row_is_mended_by_the_area() -> None:
    """A form names no body that wrote it: the offices of the area mend it, the enterprise does not."""
    slip = by(p.checker, do.CorrectHazard, corrects=1, reasons="录入错字", place="打磨间东侧")
    IMPORTED.when(slip).then(events.HazardCorrected, place="打磨间东侧")
    IMPORTED.when(slip.but(actor=p.owner)).then_refused(NotPermitted, code="role")
    IMPORTED.when(slip.but(actor=p.other_checker)).then_refused(NotPermitted, code="area")


def test_a_villages_suspicion_is_settled_by_the_competent_department() -> None:
    """Two of its names, on an expert's opinion; one of them is not enough, nor two of another department."""
    suspected = given(d.patrolled.but(party=p.FACTORY), d.cadre_graded_general.but(grade=Grade.SUSPECTED_MAJOR))
    settle = by(
        p.officer,
        do.RegradeHazard,
        grade=Grade.GENERAL,
        kind=RegradeKind.MISJUDGED,
        reasons="现场核实不属重大",
        determined_by=p.sign(p.officer, p.second_officer),
        opinion=p.PAPER,
    )
    suspected.when(settle).then(events.HazardRegraded, grade=Grade.GENERAL)
    suspected.when(settle.but(determined_by=p.sign(p.officer))).then_refused(RuleBroken, code="two_names")
    strangers = settle.but(actor=p.fireman, determined_by=p.sign(p.fireman, p.second_fireman))
    suspected.when(strangers).then_refused(NotPermitted, code="other_body")


def test_who_handed_it_over_with_a_day_moves_that_day() -> None:
    """安委办 set the deadline of its handover, so it answers the request; for others' days it does not."""
    handed = d.handed_over.but(actor=p.secretary)
    asked = by(
        p.station_clerk, do.RequestExtension, until=p.day(20), reasons="雨季不能施工", interim_controls="封闭半幅"
    )
    waiting = given(d.road_sank, d.cadre_graded_general, handed, asked)
    grant = by(p.secretary, do.GrantExtension, decided_by=p.sign(p.secretary)[0])
    waiting.when(grant).then(events.ExtensionGranted, until=p.day(20))
    waiting.when(grant.but(actor=p.mayor, decided_by=p.sign(p.mayor)[0])).then_refused(NotPermitted, code="role")
    by_township = given(d.road_sank, d.cadre_graded_general, d.handed_over, asked)
    by_township.when(grant).then_refused(NotPermitted, code="other_body")


def test_a_shop_that_never_logs_in_is_struck_off_on_its_signed_paper() -> None:
    """The recorder enters the owner's signed closing 代录; without the owner's paper he does not."""
    shop = given(
        d.shop_found,
        d.graded_general.but(actor=p.shopkeeper),
        d.on_the_spot.but(
            actor=p.shopkeeper,
            signed_by=p.name(p.shopkeeper),
            completer=p.name(p.shopkeeper),
            acceptor=p.name(p.shopkeeper),
        ),
        d.accepted_inside.but(actor=p.shopkeeper, verifiers=p.sign(p.shopkeeper), evidence=(p.PHOTO,)),
    )
    strike = by(p.for_(p.shopkeeper, p.cadre), do.CloseHazard, kind=ClosureKind.RECTIFIED)
    shop.when(strike).then_stage(Stage.CLOSED)
    shop.when(strike.but(actor=p.cadre)).then_refused(NotPermitted, code="role")


def test_what_was_done_within_the_day_is_no_old_record() -> None:
    """历史补录 excuses missing names in old papers; today's officer signs today's paper."""
    fresh = given(d.inspected.but(**SOURCE))
    nameless = by(
        p.officer, do.AssignHazard, kind=AssignmentKind.ORDER, document=DocumentRef(title="责令改正"), **SOURCE
    )
    fresh.when(nameless).then_flagged(Flag.HISTORICAL, Flag.UNGRADED)
    today = fresh.when(nameless, entered_late=False)
    today.then_refused(RuleBroken, code="not_historical")


def test_a_name_on_an_order_has_a_body() -> None:
    """A second officer or an approving lead of nowhere vouches for nothing."""
    stop = by(
        p.officer,
        do.OrderSuspension,
        kind=SuspensionKind.ON_SITE,
        scope="打磨间",
        basis="安全生产法第六十五条",
        document=p.number("应急现决〔2026〕1号"),
        officers=p.sign(p.officer, p.second_officer),
        approved_by=p.sign(p.director)[0],
    )
    found = given(d.inspected)
    found.when(stop).then(events.SuspensionOrdered)
    nobody = p.sign(p.second_officer)[0].model_copy(update={"body": None})
    found.when(stop.but(officers=(*p.sign(p.officer), nobody))).then_refused(RuleBroken, because="单位")
    lead = p.sign(p.director)[0].model_copy(update={"body": None})
    found.when(stop.but(approved_by=lead)).then_refused(RuleBroken, because="批准人的单位")


def test_an_unseen_sign_makes_nobody_a_second_person() -> None:
    """A joiner between two characters is not a difference between two people."""
    twin = Person(id="mechanic-2", name="机修\u200d工胡")
    told = given(d.self_found, d.graded_general, d.told_inside)
    told.when(d.planned.but(acceptor=twin)).then_refused(NotPermitted, code="separation")


def test_an_expert_signs_his_opinion() -> None:
    """签发文书 is the named signer's, whoever he is; a worker issues no document."""
    opinion = by(
        p.expert, do.SignDocument, kind="专家检查意见", number="专意〔2026〕1号", signed_by=p.sign(p.expert)[0]
    )
    given(d.inspected).when(opinion).then(events.DocumentSigned)
    worker = Actor(id="w", name="工人", roles=(Role.WORKER,), enterprise="factory")
    by_worker = opinion.but(actor=worker, signed_by=p.sign(worker)[0])
    given(d.inspected).when(by_worker).then_refused(NotPermitted, code="role")
