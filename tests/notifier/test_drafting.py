"""What stands in a document that waits for a signature, and what never does."""

import re

import pytest

from contracts.policy import Fact, Rule, Step
from contracts.terms import Stage
from services.notifier.letters.composing import compose
from services.notifier.letters.drafting import FACTS, FORMS, LONGEST
from services.notifier.timing.case import Case
from tests import props as p
from tests.notifier.staff import CASE, NOW, RULES, SITE, escalated, mark, staff

DELAY = re.compile(r"[0-9一二三四五六七八九十百]+ ?(?:个)?(?:工作日|自然日|小时|日内|日前|天|周|个月|年内|nd|wd|h\b)")
SIGNED = [(rule, step) for rule in RULES.policy.rules for step in rule.steps if step.level >= 2 or step.document]


def drafted(rule: str, step: str, level: int, case: Case = CASE, **changes: object) -> str:
    """As the first signer gets it."""
    found = compose(escalated(rule, step, level, **changes), case, RULES, staff(), NOW, SITE)[0].notice
    assert found.draft
    return found.draft


def _case(rule: Rule) -> Case:
    """With whom the rule tells."""
    return CASE.but(
        listings={"a": "em"},
        transfer_to="fire",
        extension_by=("internal",),
        stage=rule.applies.stage[:1] and rule.applies.stage[0],
    )


def _document(rule: Rule, step: Step) -> str | None:
    rung = RULES.rung(rule.ladder, step.level)
    return step.document or (rung.document if rung else None)


@pytest.mark.parametrize(("rule", "step"), SIGNED, ids=[f"{rule.id}-{step.step}" for rule, step in SIGNED])
def test_no_number_of_ours_is_printed_as_law(rule: Rule, step: Step) -> None:
    """No delay, no title, no action; of the bases only the statutes that were read in full."""
    text = drafted(rule.id, step.step, step.level, _case(rule).but(stage=Stage.ASSIGNED), draft=_document(rule, step))
    assert not DELAY.findall(text)
    assert str(step.after or step.before) not in text
    assert rule.title not in text
    assert step.action is None or step.action not in text
    [basis] = re.findall("^依据：(.*)$", text, re.MULTILINE)
    assert [one.text in basis for one in rule.basis] == [one.tag == "L" for one in rule.basis]


@pytest.mark.parametrize(("rule", "step"), SIGNED, ids=[f"{rule.id}-{step.step}" for rule, step in SIGNED])
def test_every_draft_leaves_to_its_signer_what_is_his(rule: Rule, step: Step) -> None:
    """Number, signature and date are blank; it says what it is, and that it replaces no document."""
    text = drafted(rule.id, step.step, step.level, draft=_document(rule, step))
    assert re.search("文号：_+$", text, re.MULTILINE)
    assert re.search("签发人：_+　日期：_+年_+月_+日$", text, re.MULTILINE)
    for part in ("（草稿）", "提请（建议）·待签批", "本记录不替代执法文书", "提请编号：proposal-5"):
        assert part in text
    assert "（草稿）（草稿）" not in text
    assert len(text) <= LONGEST


def test_the_facts_stand_in_order_with_the_numbers_of_their_records() -> None:
    """From the history; what is not there is said too."""
    text = drafted("G08", "late", 2, draft="警示提醒函")
    assert "1. 2026-03-02 10:00 隐患登记（第1号）；" in text
    assert "2. 2026-03-02 11:00 判定等级（第2号）；" in text
    assert "整改期限 2026-03-10（第3号）" in text
    assert "现处环节：待整改" in text


def test_of_a_long_history_the_latest_facts_stand_and_the_others_are_counted() -> None:
    """It must fit into a notice."""
    marks = tuple(mark(Fact.PROGRESS_REPORTED, version) for version in range(1, 500))
    text = drafted("G08", "late", 2, CASE.but(marks=marks, description="长" * 2_000))
    assert f"此前 {499 - FACTS} 项" in text
    assert len(text) < LONGEST


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_each_document_asks_for_its_own_thing(form: tuple[str, str, str, bool]) -> None:
    """Known by a part of its name."""
    text = drafted("G08", "late", 2, draft=f"关于{form[0]}的函")
    first = next(one for one in FORMS if one.name in f"关于{form[0]}的函")
    assert f"要求：{first.demand}" in text


def test_a_document_of_an_unknown_name_is_drafted_all_the_same() -> None:
    """A tenant may call them otherwise."""
    text = drafted("G08", "late", 2, draft="本地文书")
    assert text.startswith("本地文书（草稿）")
    assert "要求：请研究处理" in text


def test_the_addressees_are_named() -> None:
    """Whom the rule tells, as they are in the directory now."""
    text = drafted("G08", "late", 2, draft="警示提醒函")
    assert "主送：甲镇铸造厂" in text
    assert "拟送达：厂长牛（企业主要负责人）；村干部老周（村（社区）干部、网格员）" in text


def test_a_warning_to_the_trade_names_nobody() -> None:
    """F05: what goes to every enterprise of the sector tells of none."""
    step = RULES.rule("F05")
    assert step
    text = drafted("F05", step.steps[0].step, 2, draft=step.steps[0].document)
    assert not [word for word in ("铸造", "打磨", "砂轮", "5F0C1D2E") if word in text]


def test_a_party_that_nobody_knows_yet_is_a_blank() -> None:
    """The signer fills it in."""
    text = drafted("G08", "late", 2, CASE.but(party=None, place=None, grade=None, stage=None), draft="警示提醒函")
    assert "主送：____" in text
    assert p.FACTORY.name not in text
