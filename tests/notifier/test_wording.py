"""What a notice says."""

from datetime import timedelta

import pytest

from contracts.notices import Notice
from contracts.policy import Fact, Relation
from contracts.terms import Ladder, Origin, Role
from services.notifier.delivering.digests import gathered
from services.notifier.letters.composing import compose
from services.notifier.letters.occasion import fact_word, told_word
from services.notifier.letters.wording import LONGEST, digest
from services.notifier.timing.case import Case, Deadline
from tests import props as p
from tests.notifier.notice_props import notice
from tests.notifier.staff import CASE, NOW, RULES, SITE, escalated, mark, staff


def told(rule: str, step: str, level: int, case: Case = CASE, **changes: object) -> Notice:
    """The first notice of that proposal."""
    return compose(escalated(rule, step, level, **changes), case, RULES, staff(), NOW, SITE)[0].notice


def test_a_reminder_says_what_is_late_since_when_what_to_do_and_how_to_see_it() -> None:
    """And that it is no document of enforcement."""
    said = told("G05", "late", 1)
    for part in (
        "【系统提醒（非执法文书）】",
        "安全员俞：",
        "隐患编号：320623104201-5F0C1D2E-",
        "责任单位：甲镇铸造厂",
        "地点：打磨间",
        "隐患：砂轮机防护罩缺失",
        "自查一般隐患逾期：催办（G05，企业整改阶梯 L1）",
        "整改期限：2026-03-10（已逾期 1 天）",
        "请办：已逾期：请立即完成整改并报告",
        "查看：bihuan history 320623104201-5F0C1D2E-",
        "您的身份：整改责任人",
    ):
        assert part in said.text, part
    assert said.title.startswith("【系统提醒（非执法文书）】L1 自查一般隐患逾期")


@pytest.mark.parametrize(("day", "state"), [(8, "已逾期 1 天"), (9, "今日到期"), (12, "还有 3 天")])
def test_the_deadline_is_told_with_where_one_stands(day: int, state: str) -> None:
    """By the calendar of the site."""
    case = CASE.but(deadlines={"internal": Deadline(p.day(day), 3, NOW, NOW)})
    assert state in told("G04", "today", 0, case).text


def test_another_clock_is_told_by_the_fact_that_started_it_and_what_would_have_stopped_it() -> None:
    """Dates, not delays."""
    case = CASE.but(marks=(mark(Fact.FOUND, 1), mark(Fact.GRADED, 2), mark(Fact.BECAME_MAJOR, 2)))
    said = told("M03", "remind", 1, case, clock_started_by=2)
    assert "起算：2026-03-02 11:00 判定或疑似为重大事故隐患" in said.text
    assert "至今未见：" in said.text
    assert fact_word(Fact.INTERIM_CONTROL_RECORDED) in said.text


def test_a_draft_s_notice_says_how_to_answer() -> None:
    """By signature, by measure, or with a reasoned no; the proposal by its id."""
    said = told("G08", "late", 2, draft="警示提醒函")
    assert "有一份《警示提醒函》（草稿）待您签发或说明不予采纳" in said.text
    assert "【提请（建议）·待签批】" in said.text
    for how in ("sign_document", "record_measure", "decline_measure", "提请编号：proposal-5"):
        assert how in said.text


def test_a_label_is_given_as_it_is_and_only_to_whoever_decides() -> None:
    """疑似 until two names rule, and in no document."""
    rule = next(one for one in RULES.policy.rules if one.label and one.steps[0].level >= 2)
    said = told(rule.id, rule.steps[0].step, rule.steps[0].level)
    assert f"提示：{rule.label}" in said.text
    assert "责任单位：甲镇铸造厂" in said.text
    assert "1. 2026-03-02" in (said.draft or "")
    assert rule.label
    assert rule.label not in (said.draft or "").replace(rule.steps[0].document or "-", "")
    assert "认定" not in said.text.replace(rule.steps[0].action or "", "").replace(rule.title, "")


def test_a_confidential_matter_is_a_number_and_nothing_else() -> None:
    """No name, place, words or person from which the enterprise could be told."""
    case = CASE.but(confidential=True, origin=Origin.REPORT)
    for level, step, rule in ((1, "late", "G05"), (2, "late", "G08")):
        for one in compose(escalated(rule, step, level), case, RULES, staff(), NOW, SITE):
            whole = one.notice.title + one.notice.text + (one.notice.draft or "")
            assert not [word for word in ("铸造", "打磨", "砂轮", "厂长牛", "安全员俞", "举报") if word in whole]
            assert "320623104201-5F0C1D2E-" in whole


def test_nothing_says_that_somebody_reported_it() -> None:
    """Neither the origin nor the time at which the report came in, which the reporter's colleagues could place."""
    case = CASE.but(origin=Origin.REPORT, finders=(p.name(p.worker),))
    case = case.but(marks=(*case.marks, mark(Fact.REPORTED_TO_REGULATOR, 4, "r"), mark(Fact.BYPASS_REPORTED, 4, "r")))
    case = case.but(marks=(*case.marks, mark(Fact.REPORT_ACKNOWLEDGED, 5, "r")))
    for level, step, rule in ((1, "late", "G05"), (2, "late", "G08")):
        for one in compose(escalated(rule, step, level), case, RULES, staff(), NOW, SITE):
            whole = one.notice.text + (one.notice.draft or "")
            assert not [
                word for word in ("举报", "工人马", "越级", "向部门报告", "10:00", "13:00", "14:00") if word in whole
            ]


def test_a_deputy_and_a_vacancy_are_named() -> None:
    """In whose place, and what the directory lacks."""
    said = compose(escalated("G05", "late", 1), CASE, RULES, staff(without=(p.safety,)), NOW, SITE)
    heads = [one.notice for one in said if one.notice.recipient_missing]
    assert heads
    assert all("目录里没有可通知的整改责任人" in one.text for one in heads)


def test_a_long_description_is_shortened() -> None:
    """Nobody reads 2,000 characters in a message."""
    said = told("G05", "late", 1, CASE.but(description="长" * 2_000))
    assert "长" * 119 + "…" in said.text
    assert "长" * 120 not in said.text


def test_every_fact_and_every_part_has_a_word() -> None:
    """Nobody reads `bypass_reported`."""
    assert all(not fact_word(fact).isascii() for fact in Fact)
    assert all(not told_word(one).isascii() for one in (*Relation, *Role))


def test_a_digest_counts_by_level_and_shows_the_first_thirty() -> None:
    """The highest level first; of ten thousand, the rest is counted."""
    items = [notice(number, level=number % 2, title=f"提醒 {number}") for number in range(10_000)]
    said = digest(items, NOW.date())
    lines = said.text.splitlines()
    assert said.title == "【系统提醒（非执法文书）】2026-03-11 每日汇总（10000 条）"
    assert lines[1] == "今日共 10000 条：L1 5000 条，L0 5000 条"
    assert lines[2] == "1. 提醒 1"
    assert len([line for line in lines if "提醒 " in line]) == 30
    assert "……另有 9970 条，请在系统中查看。" in lines


def test_the_digest_that_goes_out_is_worded_so() -> None:
    """And no other way."""
    items = [notice(number, level=number % 2) for number in range(40)]
    sent = gathered("digest-1", NOW.date(), items, len(items))
    assert (sent.title, sent.text) == digest(items, NOW.date())


def test_a_digest_fits_into_a_notice_whatever_it_holds() -> None:
    """Thirty titles of 200 characters, and a long day."""
    items = [notice(number, title="长" * 200) for number in range(200)]
    said = digest(items, NOW.date() + timedelta(days=1))
    fits = {**dict(notice()), "title": said.title, "text": said.text, "ladder": Ladder.AUTHORITY}
    assert Notice.model_validate(fits).text == said.text
    assert len(said.text) <= LONGEST
