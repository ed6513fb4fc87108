"""From a recorded proposal to notices, under the policy that ships."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts import subjects
from contracts.directory import Directory, Duty
from contracts.envelope import Unreadable
from contracts.notices import NOTICE_RECORD, Queued
from contracts.policy import Fact, Relation
from contracts.terms import Ladder, Role
from services.notifier.letters.addressing import told
from services.notifier.letters.composing import Composed, compose
from services.notifier.letters.recipients import NOBODY
from services.notifier.rules import Rules, compiled
from services.notifier.timing.case import Case
from services.notifier.timing.firing import Firing
from tests import props as p
from tests.notifier.staff import CASE, NOW, POLICY, RULES, SITE, escalated, mark, member, staff


def composed(
    rule: str,
    step: str,
    level: int,
    case: Case = CASE,
    directory: Directory | None = None,
    rules: Rules | None = RULES,
    **changes: object,
) -> list[Composed]:
    """Of that proposal."""
    return compose(escalated(rule, step, level, **changes), case, rules, directory or staff(), NOW, SITE)


def people(found: list[Composed]) -> list[str]:
    """Who is told."""
    return [one.notice.person.id for one in found]


def test_a_reminder_goes_to_whom_the_level_names() -> None:
    """One for each, under an id that any other notifier gives it too; it waits for the day's digest."""
    found = composed("G05", "late", 1)
    assert people(found) == ["safety", "checker", "second-checker"]
    first = found[0].notice
    assert first.id == subjects.notice_id(escalated("G05", "late", 1).id, "safety")
    assert (first.kind, first.level, first.ladder, first.rule, first.step) == (
        "reminder",
        1,
        Ladder.ENTERPRISE,
        "G05",
        "late",
    )
    assert (first.area, first.hazard_id, first.role, first.channels) == (
        p.VILLAGE_AREA,
        p.HAZARD_ID,
        Relation.RESPONSIBLE,
        ("log",),
    )
    assert first.draft is None
    assert all(one.digestible for one in found)
    assert composed("G05", "late", 1) == found


def test_from_l2_on_only_the_signer_is_told_that_a_draft_waits() -> None:
    """The enterprise's head is its addressee, and hears nothing from the machine."""
    found = composed("G08", "late", 2, draft="警示提醒函")
    assert people(found) == ["town-lead"]
    assert found[0].notice.kind == "draft"
    assert not found[0].digestible
    assert "主送：甲镇铸造厂" in (found[0].notice.draft or "")
    assert "厂长牛（企业主要负责人）" in (found[0].notice.draft or "")


def test_a_vacant_signature_climbs_to_the_next_signer() -> None:
    """No leader in the township: who signs at the next level, and that the post is vacant."""
    found = composed("G08", "late", 2, directory=staff(without=(p.town_lead,)))
    assert people(found) == ["officer", "second-officer", "third-officer", "fourth-officer"]
    assert {one.notice.recipient_missing for one in found} == {(Role.TOWNSHIP_LEAD,)}


def test_steps_in_hours_go_by_themselves() -> None:
    """Neither an hour's step nor a draft waits for the morning."""
    major = CASE.but(marks=(*CASE.marks, mark(Fact.BECAME_MAJOR, 3)))
    assert {one.digestible for one in composed("M03", "remind", 1, major)} == {False}
    assert {one.digestible for one in composed("G04", "today", 0)} == {True}


def test_in_danger_the_watch_is_told_at_any_hour() -> None:
    """F06: here and above, beside whom the step names; the draft's signer as well."""
    case = CASE.but(marks=(mark(Fact.FOUND, 3), mark(Fact.IMMINENT_DANGER, 3)))
    until = NOW + timedelta(hours=1)
    rota = staff(
        duty=(
            Duty(area="320623104", person="second-checker", since=NOW, until=until),
            Duty(area="3206", person="inspector", since=NOW, until=until),
        )
    )
    warned = composed("F06", "warn", 1, case, rota)
    assert people(warned)[0] == "second-checker"
    assert {"safety", "owner", "town-lead", "inspector"} <= set(people(warned))
    assert all(one.notice.urgent and not one.digestible for one in warned)
    assert people(composed("F06", "stop", 6, case, rota)) == ["director", "deputy", "second-checker", "inspector"]
    assert all(one.notice.urgent for one in composed("F06", "warn", 1, case, rota, rules=None))


def test_a_rule_that_nobody_can_read_tells_no_enterprise() -> None:
    """It might have been a confidential one: the authorities are told, from the event alone."""
    found = composed("X99", "new", 1, rules=None)
    assert people(found) == [
        "officer",
        "second-officer",
        "third-officer",
        "fourth-officer",
        "regulator",
        "checker",
        "second-checker",
    ]
    assert found[0].notice.rule is None
    assert not found[0].digestible
    assert people(composed("X99", "new", 4, rules=None)) == ["director", "deputy", "town-lead"]


def test_an_unknown_rule_takes_its_level_from_the_ladder_that_is_given() -> None:
    """The shipped one, say; still nobody of the enterprise."""
    envelope = escalated("overdue_major", "remind_lead", 2, ladder=None)
    found = compose(envelope, CASE, None, staff(), NOW, SITE, fallback=RULES)
    assert people(found) == ["town-lead"]
    assert found[0].notice.rule is None


def test_a_bypass_report_is_for_the_regulator_s_lead_alone() -> None:
    """安全生产法 art. 46: nobody of the enterprise, and nothing in it that names the enterprise."""
    case = CASE.but(marks=(*CASE.marks, mark(Fact.BYPASS_REPORTED, 4, "report-4")))
    found = composed("F07", "received", 1, case, clock_started_by=4)
    assert people(found) == ["director", "deputy"]
    assert not any("铸造厂" in one.notice.text or "砂轮机" in one.notice.text for one in found)


@pytest.mark.parametrize(("rule", "step", "level"), [("G05", "late", 1), ("G08", "late", 2)])
def test_that_nobody_can_be_reached_is_composed_in_nobody_s_name(rule: str, step: str, level: int) -> None:
    """One notice, with whoever ought to have been told, what to do, and the draft; it waits for no digest."""
    mute = Directory(bodies=p.DIRECTORY.bodies, people=(member(p.safety, reach=()),))
    for directory in (Directory(), mute):
        [one] = composed(rule, step, level, directory=directory)
        assert one.notice.id == subjects.notice_id(escalated(rule, step, level).id, "nobody")
        assert (one.notice.person, one.notice.channels, one.digestible) == (NOBODY, (), False)
        assert one.notice.recipient_missing
        assert "应通知：" in one.notice.text
        assert "补充机构目录" in one.notice.text
        assert bool(one.notice.draft) is (level > 1)


def test_on_the_authority_s_ladder_nobody_signs_a_letter_to_himself() -> None:
    """L2 goes to the township's leader, who signs that level: who signs at the next one does."""
    found = composed("V01", "later", 2, ladder=Ladder.AUTHORITY, rules=_signed_by(Role.TOWNSHIP_LEAD))
    assert people(found) == ["director", "deputy"]
    assert found[0].notice.recipient_missing == ()
    assert "town-lead" in people(composed("V01", "later", 2, ladder=Ladder.AUTHORITY))


def test_of_several_signers_the_others_sign() -> None:
    """Only the addressee is left out, and nobody above is asked."""
    rules = _signed_by(Role.TOWNSHIP_LEAD, Role.LISTING_AUTHORITY)
    assert people(composed("V01", "later", 2, ladder=Ladder.AUTHORITY, rules=rules)) == ["mayor"]


def test_on_the_enterprises_ladder_the_signer_may_be_told_of_it_too() -> None:
    """As it is: the letter goes to the enterprise."""
    assert people(composed("G08", "late", 2)) == ["town-lead"]


def _signed_by(*signs: Role) -> Rules:
    """The shipped rules; L2 of the authority's ladder goes to the township's leader, the regulator's signs L3."""
    said: dict[int, dict[str, object]] = {
        2: {"tell": (Role.TOWNSHIP_LEAD,), "signs": signs},
        3: {"signs": (Role.REGULATOR_LEAD,)},
    }
    rungs = [one.model_copy(update=said.get(one.level, {})) for one in POLICY.ladders[Ladder.AUTHORITY]]
    ladders = POLICY.ladders | {Ladder.AUTHORITY: tuple(rungs)}
    return compiled(POLICY.model_copy(update={"ladders": ladders}), RULES.version)


def test_of_another_event_nothing_is_told() -> None:
    """Only proposals are."""
    other = replace(escalated("G05", "late", 1), event=Unreadable("newer_schema", "hazard.escalated 9"))
    assert compose(other, CASE, RULES, staff(), NOW, SITE) == []


@pytest.mark.parametrize(("rule", "step"), [(rule.id, step.step) for rule in RULES.policy.rules for step in rule.steps])
def test_every_step_of_the_shipped_policy_tells_somebody_what_can_be_stored(rule: str, step: str) -> None:
    """Whatever it is, in the county of the tests, at its own level."""
    known = RULES.step(rule, step)
    assert known
    case = CASE.but(listings={"a": "em"}, transfer_to="fire", extension_by=("internal",))
    case = case.but(finders=(p.name(p.checker),))
    found = composed(rule, step, known.level, case)
    assert found
    assert NOBODY not in [one.notice.person for one in found]
    for one in found:
        record = Queued(at=NOW, notice=one.notice)
        assert NOTICE_RECORD.validate_json(record.model_dump_json()) == record
        assert one.notice.kind == ("draft" if known.level >= 2 else "reminder")


def test_the_note_on_leniency_goes_with_its_reminder() -> None:
    """真改: a note for the penalty officer, at L0."""
    found = composed("F02", RULES.rule("F02").steps[0].step, 0)  # type: ignore[union-attr]
    assert found
    assert all("处罚建议（草稿）" in (one.notice.draft or "") for one in found)


def test_explaining_names_whom_composing_would_tell() -> None:
    """A step that is not proposed yet, by the same rules."""
    rung = RULES.rung(Ladder.ENTERPRISE, 2)
    assert rung
    firing = Firing(p.HAZARD_ID, "G08", "late", 3, NOW, NOW, 2, Ladder.ENTERPRISE, rung.tell, rung.signs)
    assert [one.member.id for one in told(firing, CASE, RULES, staff(), NOW, SITE)] == people(
        composed("G08", "late", 2)
    )
