"""After the visit: opinions, signatures, offers declined, the record mended or taken back."""

import pytest

from contracts import commands as do
from contracts.acts.inspection import Problem
from contracts.acts.intake import NameCorrection
from contracts.commands import Command
from contracts.events import ExpertOpinionGiven, InspectionCorrected, InspectionSigned
from contracts.parties import Actor, Person
from contracts.terms import Answer, WithdrawalKind
from tests import props as p
from tests.hazard.inspection.props import (
    code,
    decided,
    filled,
    helped,
    inspected,
    patrolled,
    record,
    refused,
    self_checked,
    spot_check,
    supervised,
    then,
)

ADVICE = (Problem(problem="除尘管道积尘", advice="停机清理"), Problem(problem="未接泄爆口", advice="改造"))
TICKED = inspected(checklists=(spot_check(_6=Answer.YES, _7=Answer.YES),))
OWN = self_checked(checklists=(filled("basic-management", "2024", _7=Answer.NO),))
OPINION = {"experts": (p.name(p.expert),), "opinion": "停用整改", "problems": ADVICE}
WITHDRAWN = {"kind": WithdrawalKind.DUPLICATE, "reasons": "登记了两遍"}


def decline(actor: object, item: int = 7, checklist: str = "spot-check") -> Command:
    """Say that it is no hazard."""
    told = {"checklist": checklist, "item": item, "reasons": "已核对"}
    return then(do.DeclineOffer, actor, **told)  # type: ignore[arg-type]


def test_an_expert_speaks_for_himself() -> None:
    """意见 → 问题隐患和整改建议清单; an official enters only what experts have signed."""
    event = decided(then(do.GiveExpertOpinion, p.expert, **OPINION), inspected())
    assert isinstance(event, ExpertOpinionGiven)
    assert (event.opinion_id, len(event.problems)) == ("opinion-2", 2)
    other = {**OPINION, "experts": (p.name(p.officer),)}
    assert code(then(do.GiveExpertOpinion, p.expert, **other), inspected()) == "not_named"
    assert code(then(do.GiveExpertOpinion, p.officer, **OPINION), inspected()) == "incomplete"
    assert code(then(do.GiveExpertOpinion, p.officer, **OPINION, document=p.PAPER), inspected()) is None


def test_the_party_signs_or_its_refusal_is_recorded() -> None:
    """One of the two; the enterprise signs and never records a refusal; a signature stands."""
    signed = then(do.SignInspection, p.owner, signed_by=p.name(p.owner))
    refusal = {"refused_to_sign": "阅后拒签"}
    assert isinstance(decided(signed, inspected()), InspectionSigned)
    assert code(then(do.SignInspection, p.owner, **refusal), inspected()) == "role"
    assert code(then(do.SignInspection, p.officer, **refusal), inspected()) is None
    assert code(then(do.SignInspection, p.officer), inspected()) == "two_minds"
    assert code(then(do.SignInspection, p.officer, signed_by=p.name(p.owner), **refusal), inspected()) == "two_minds"
    assert code(signed, inspected(), signed) == "signed_already"
    assert code(signed, inspected(signed_by=p.name(p.owner))) == "signed_already"
    assert code(signed, inspected(**refusal)) is None


def test_nobody_who_visited_signs_for_the_party() -> None:
    """Nor an official for himself, at once or afterwards; the enterprise's own round is signed by those who made it."""
    for who in (p.officer, p.second_officer):
        assert code(then(do.SignInspection, p.officer, signed_by=p.name(who)), inspected()) == "separation"
        assert code(inspected(signed_by=p.name(who))) == "separation"
        assert code(inspected(signed_by=p.name(who), historical="五月.xlsx 第4行")) is None
    assert code(then(do.SignInspection, p.regulator, signed_by=p.name(p.regulator)), inspected()) == "separation"
    assert code(then(do.SignInspection, p.officer, signed_by=p.name(p.owner)), inspected()) is None
    assert code(inspected(signed_by=p.name(p.owner))) is None
    assert code(self_checked(signed_by=p.name(p.owner))) is None


def test_an_offer_is_dropped_by_who_made_the_visit() -> None:
    """Or by a body above it: a township says nothing of what the county saw."""
    assert code(decline(p.checker), TICKED) == "other_body"
    assert code(decline(p.regulator), TICKED) is None
    assert code(decline(p.city_director), TICKED) is None
    assert code(decline(p.fireman), TICKED) == "other_body"
    joint = inspected(checklists=TICKED.checklists, visited_by=p.finder(p.EM, p.FIRE))
    assert code(decline(p.fireman), joint) is None
    own = self_checked(checklists=TICKED.checklists)
    assert code(decline(p.checker), own) is None
    assert code(decline(p.safety), own) == "role"


def test_what_may_be_major_is_for_officials_to_drop() -> None:
    """An enterprise answers for its own self-check; a second time, or for nothing offered, is refused."""
    assert code(decline(p.officer), TICKED) is None
    assert code(decline(p.safety), TICKED) == "role"
    assert code(decline(p.cadre), TICKED) == "role"
    assert code(decline(p.safety, 7, "basic-management"), OWN) is None
    assert code(decline(p.officer), TICKED, decline(p.officer)) == "declined_already"
    told = refused(decline(p.officer, 8), TICKED)
    assert told is not None
    assert (told.code, "spot-check 第6项、spot-check 第7项" in told.reason) == ("no_offer", True)
    general = record(p.officer, TICKED.kind, inspectors=TICKED.inspectors, checklists=OWN.checklists)
    assert code(decline(p.safety, 7, "basic-management"), general) == "other_body"


def test_only_who_wrote_it_mends_it() -> None:
    """The side of the event, and only fields that identify."""
    mended = {"corrects": 1, "reasons": "门牌录错", "place": "18号"}
    assert code(then(do.CorrectInspection, p.second_officer, **mended), inspected()) is None
    assert code(then(do.CorrectInspection, p.checker, **mended), inspected()) == "other_body"
    assert code(then(do.CorrectInspection, p.officer, corrects=1, reasons="无"), inspected()) == "incomplete"
    assert code(then(do.CorrectInspection, p.officer, **mended | {"corrects": 2}), inspected()) == "no_such"
    old = patrolled(actor=p.checker.model_copy(update={"body": None}), historical="五月.xlsx 第4行")
    assert code(then(do.CorrectInspection, p.officer, **mended), old) is None
    assert code(then(do.CorrectInspection, p.owner, **mended), old) == "role"


def mend(actor: Actor, corrects: int = 1, **fields: object) -> Command:
    """A correction."""
    return then(do.CorrectInspection, actor, corrects=corrects, reasons="笔误", **fields)


def test_the_visited_party_does_not_rewrite_what_officers_saw() -> None:
    """Through an event of its own it mends that event: its signature says nothing of what was found."""
    signed = then(do.SignInspection, p.owner, signed_by=p.name(p.owner))
    before = (inspected(findings="通道堵塞"), signed)
    for fields in ({"findings": "无"}, {"handling": "无"}, {"remarks": "无"}, {"place": "18号"}, {"photos": ()}):
        assert code(mend(p.owner, 2, **fields), *before) == "not_in_that_event"
        assert code(mend(p.owner, 1, **fields), *before) == "other_body"
        assert code(mend(p.officer, 1, **fields), *before) is None
    told = refused(mend(p.owner, 2, findings="无", place="18号"), *before)
    assert told is not None
    assert "没有记载地点、检查情况" in told.reason
    own = (NameCorrection(id="owner", name="厂长刘"),)
    assert code(mend(p.owner, 2, names=own), *before) is None
    assert code(mend(p.owner, 2, names=(NameCorrection(id="officer", name="刘"),)), *before) == "not_in_that_event"


def test_naming_an_officer_gives_no_say_in_his_name() -> None:
    """Not even to who names him in an event of its own."""
    named = then(do.SignInspection, p.owner, signed_by=Person(id="second-officer", name="执法员韩"))
    renamed = (NameCorrection(id="second-officer", name="无名"),)
    state = (inspected(inspectors=p.sign(p.officer, p.third_officer)), named)
    assert code(mend(p.owner, 2, names=renamed), *state) is None
    acted = then(do.SignInspection, p.second_officer, refused_to_sign="拒签")
    assert code(mend(p.owner, 3, names=renamed), state[0], acted, named) == "other_body"


def test_a_correction_is_corrected_by_its_own_side_within_its_own_words() -> None:
    """What it named, and no more."""
    first = mend(p.officer, place="18号")
    assert code(mend(p.second_officer, 2, place="19号"), inspected(), first) is None
    assert code(mend(p.officer, 2, findings="无"), inspected(), first) == "not_in_that_event"
    assert code(mend(p.checker, 2, place="19号"), inspected(), first) == "other_body"
    renamed = mend(p.officer, names=(NameCorrection(id="second-officer", name="韩"),))
    again = (NameCorrection(id="second-officer", name="韩二"),)
    assert code(mend(p.officer, 2, names=again), inspected(), renamed) is None


def test_an_expert_of_no_body_mends_what_he_wrote() -> None:
    """The same person; another expert does not."""
    assert code(mend(p.expert, findings="通道堵塞"), helped()) is None
    other = p.expert.model_copy(update={"id": "other-expert"})
    assert code(mend(other, findings="通道堵塞"), helped()) == "role"


def test_no_photos_is_something_said() -> None:
    """`()` empties them; nothing said leaves them."""
    event = decided(mend(p.officer, photos=()), inspected(photos=(p.PHOTO,)))
    assert isinstance(event, InspectionCorrected)
    assert event.photos == ()
    assert code(mend(p.officer), inspected(photos=(p.PHOTO,))) == "incomplete"


def test_a_visit_is_taken_back_by_who_made_it() -> None:
    """行政检查 by a lead of that body or above, never by its officers; nothing follows a visit taken back."""
    taken_back = then(do.WithdrawInspection, p.director, **WITHDRAWN)
    assert code(taken_back, inspected()) is None
    assert code(then(do.WithdrawInspection, p.city_director, **WITHDRAWN), inspected()) is None
    assert code(then(do.WithdrawInspection, p.officer, **WITHDRAWN), inspected()) == "role"
    assert code(then(do.WithdrawInspection, p.fire_chief, **WITHDRAWN), inspected()) == "other_body"
    assert code(then(do.WithdrawInspection, p.second_cadre, **WITHDRAWN), patrolled()) is None
    assert code(then(do.WithdrawInspection, p.owner, **WITHDRAWN), patrolled()) == "other_body"
    assert code(then(do.WithdrawInspection, p.owner, **WITHDRAWN), self_checked()) is None
    assert code(then(do.WithdrawInspection, p.cadre, **WITHDRAWN), supervised()) == "other_body"
    for after in (taken_back, decline(p.officer), then(do.SignInspection, p.owner, signed_by=p.name(p.owner))):
        assert code(after, TICKED, taken_back) == "visit_withdrawn"


FOLLOWING = [
    then(do.GiveExpertOpinion, p.officer, **OPINION, document=p.PAPER),
    then(do.SignInspection, p.officer, signed_by=p.name(p.owner)),
    decline(p.officer),
    then(do.CorrectInspection, p.officer, corrects=1, reasons="录错", place="18号"),
    then(do.WithdrawInspection, p.director, **WITHDRAWN),
]


@pytest.mark.parametrize("command", FOLLOWING, ids=lambda command: command.imperative)
def test_nothing_follows_what_is_not_there_or_not_yet(command: Command) -> None:
    """No visit; before it began; in the future; from another county; as an old record of what is new."""
    assert code(command, TICKED) is None
    assert code(command) == "unknown_visit"
    early = command.model_copy(update={"occurred_at": p.MORNING.replace(hour=7)})
    assert code(early, TICKED) == "before_visit"
    assert code(command.model_copy(update={"occurred_at": p.MORNING.replace(hour=23)}), TICKED) == "future"
    assert code(command.model_copy(update={"historical": "旧表"}), TICKED) == "not_historical"
    stranger = command.actor.model_copy(update={"body": "neighbour", "area": "320684"})
    assert code(command.model_copy(update={"actor": stranger}), TICKED) == "area"
    assert code(command.model_copy(update={"actor": p.auditor}), TICKED) == "role"
