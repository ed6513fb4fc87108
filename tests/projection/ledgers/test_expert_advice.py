from datetime import datetime
from typing import Any

from contracts import events
from contracts.acts.checklists import Clause
from contracts.acts.inspection import Problem
from contracts.terms import Grade, Origin, ReopeningKind, WithdrawalKind
from services.projection.ledgers.expert_advice import LEDGER
from tests import deeds as d
from tests import props as p
from tests.projection.folding import Folded, check, fold
from tests.projection.ledgers.lines import lines, told
from tests.projection.ledgers.told import VISIT_ID, Told, but, of_visit, then, visited
from tests.scenario import days

VENT = Problem(
    problem="未设泄爆装置",
    advice="加装无焰泄爆",
    place="打磨间",
    clause=Clause(standard="工贸企业重大事故隐患判定标准", version="应急管理部令第10号", article=11, item=3),
)
SIGN = Problem(problem="警示标志不全", advice="补齐")


def _opinion(*problems: Problem, **changes: Any) -> events.ExpertOpinionGiven:  # noqa: ANN401
    said: dict[str, Any] = {
        "actor": p.expert,
        "opinion_id": "opinion-2",
        "experts": (p.name(p.expert),),
        "opinion": "除尘系统应整改",
        "problems": problems,
        "document": p.PAPER,
    }
    given: events.ExpertOpinionGiven = then(events.ExpertOpinionGiven, **said | changes)
    return given


def _found(words: str, hazard: str = p.HAZARD_ID, at: datetime = p.MORNING, **changes: Any) -> Told:  # noqa: ANN401
    found = told(d.inspected)[0]
    return hazard, but(found, occurred_at=at, recorded_at=at, **{"visit": VISIT_ID, "description": words} | changes)


def _entered(*history: Told) -> Folded:
    folded = fold(LEDGER, history)
    check(LEDGER, folded)
    return folded


VISITED = of_visit(visited, _opinion(VENT, SIGN))


def test_a_line_for_each_problem() -> None:
    """Experts, opinion, problem, advice, clause, and the visit: when, what kind, whose place."""
    first, second = _entered(*VISITED).shown()
    assert {key: first.get(key) for key in ("experts", "opinion", "problem", "advice", "clause", "paper")} == {
        "experts": "专家庄",
        "opinion": "除尘系统应整改",
        "problem": "未设泄爆装置",
        "advice": "加装无焰泄爆",
        "clause": "工贸企业重大事故隐患判定标准应急管理部令第10号第11条第3项",
        "paper": "签字扫描件.pdf",
    }
    assert (first.get("visit_kind"), first.get("visited_at")) == ("行政检查", "2026-03-02T09:00:00+08:00")
    assert (first.get("party"), first.get("area")) == ("甲镇铸造厂", p.VILLAGE_AREA)
    assert (second.get("problem"), second.get("place"), second.get("clause")) == ("警示标志不全", "打磨间", None)


def test_a_visit_of_which_experts_said_nothing_has_no_line() -> None:
    """Nor have its hazards."""
    assert _entered(*of_visit(visited), _found("未设泄爆装置")).shown() == []
    assert lines(LEDGER, d.MAJOR_CLOSED) == []


def test_an_opinion_without_problems_is_a_line() -> None:
    """Experts who saw nothing wrong have spoken."""
    (row,) = _entered(*of_visit(visited, _opinion())).shown()
    assert (row.get("opinion"), row.get("problem")) == ("除尘系统应整改", None)


def test_a_problem_tells_of_the_hazard_that_was_opened_for_it() -> None:
    """Where their words say so, whichever was told first; its number, grade and stage follow it."""
    found = _found("打磨间除尘系统未设泄爆装置", place="除尘器")
    graded = p.HAZARD_ID, then(events.HazardGraded, actor=p.officer, grade=Grade.MAJOR)
    for history in ([*VISITED, found, graded], [VISITED[0], found, graded, VISITED[1]]):
        folded = _entered(*history)
        first, second = folded.shown()
        assert first.get("number") == folded[p.HAZARD_ID].get("number") is not None
        assert (first.get("grade"), first.get("stage")) == ("重大事故隐患", "待交办")
        assert (first.get("description"), first.get("place")) == ("打磨间除尘系统未设泄爆装置", "打磨间")
        assert second.get("number") is None


def test_every_line_counts_the_hazards_of_its_visit() -> None:
    """With their keys: whom no words link is not lost."""
    other = _found("灭火器过期", p.TWIN_ID, place="门口")
    for history in ([*VISITED, other], [VISITED[0], other, VISITED[1]]):
        folded = _entered(*history)
        assert [folded.counted(row.key, "opened") for row in folded.shown()] == [{p.TWIN_ID}] * 2
        assert [row.get("number") for row in folded.shown()] == [None, None]


def test_one_place_and_no_other_problem_there_is_the_same() -> None:
    """Said in other words; where two problems share a place, the place decides nothing."""
    elsewhere = _found("粉尘易爆", place="打磨间")
    first, _ = _entered(*VISITED, elsewhere).shown()
    assert first.get("number") is not None
    twice = VENT.model_copy(update={"problem": "电机不防爆"})
    history = [*of_visit(visited, _opinion(VENT, twice)), elsewhere]
    assert [row.get("number") for row in _entered(*history).shown()] == [None, None]


def test_one_hazard_answers_one_problem() -> None:
    """And one problem has one hazard: the second of the same words is only counted."""
    other = f"{p.VILLAGE_AREA}-6b0c1d2e-0000-5000-8000-000000000002"
    folded = _entered(*VISITED, _found("未设泄爆装置"), _found("未设泄爆装置", other))
    assert [row.get("number") for row in folded.shown()] == [folded[p.HAZARD_ID].get("number"), None]
    assert folded.shown()[0].get("opened") == 2
    twice = of_visit(visited, _opinion(VENT, VENT))
    assert [row.get("number") is None for row in _entered(*twice, _found("未设泄爆装置")).shown()] == [False, True]


def test_withdrawn_it_is_counted_no_more() -> None:
    """It stays linked and says 已撤销; restored, it counts again."""
    gone = p.HAZARD_ID, then(events.HazardWithdrawn, kind=WithdrawalKind.ERROR, reasons="误报")
    back = p.HAZARD_ID, then(events.HazardReopened, kind=ReopeningKind.WITHDRAWN_IN_ERROR, reasons="误撤")
    row = _entered(*VISITED, _found("未设泄爆装置"), gone).shown()[0]
    assert (row.get("opened"), row.get("stage")) == (0, "已撤销")
    row = _entered(*VISITED, _found("未设泄爆装置"), gone, back).shown()[0]
    assert (row.get("opened"), row.get("stage")) == (1, "待判定")


def test_a_hazard_of_assistance_is_a_line_itself() -> None:
    """专家帮扶 without a recorded visit: who found it, what, and what to do."""
    history = _found("未设泄爆装置", origin=Origin.ASSISTANCE, visit=None, handling="加装", finders=(p.name(p.expert),))
    (row,) = _entered(history).shown()
    assert (row.get("experts"), row.get("problem"), row.get("advice")) == ("专家庄", "未设泄爆装置", "加装")
    assert (row.get("origin"), row.get("stage")) == ("专家帮扶", "待判定")


def test_a_hazard_that_a_problem_tells_of_has_no_second_line() -> None:
    """Of its visit it says which it was."""
    assistance = _found("未设泄爆装置", origin=Origin.ASSISTANCE)
    assert [row.key for row in _entered(*VISITED, assistance).shown()] == [
        f"{VISIT_ID}/opinion-2-1",
        f"{VISIT_ID}/opinion-2-2",
    ]
    apart = _entered(*VISITED, _found("灭火器过期", origin=Origin.ASSISTANCE, place="门口")).shown()
    assert [row.get("visit_kind") for row in apart] == ["行政检查"] * 3


def test_a_corrected_visit_is_corrected_on_its_lines() -> None:
    """The place where experts named no nearer one."""
    mended = then(events.InspectionCorrected, corrects=1, reasons="地点写错", place="打磨二间")
    first, second = _entered(*VISITED, *of_visit(mended)).shown()
    assert (first.get("place"), second.get("place")) == ("打磨间", "打磨二间")


def test_advice_of_a_withdrawn_visit_says_so() -> None:
    """What experts said stays readable."""
    gone = then(events.InspectionWithdrawn, kind=WithdrawalKind.DUPLICATE, reasons="登记两次")
    assert {row.get("remarks") for row in _entered(*VISITED, *of_visit(gone)).shown()} == {
        "检查记录已撤销（重复登记）：登记两次"
    }


def test_a_visit_that_is_not_recorded_here_links_nothing() -> None:
    """Its number says which it was, to people; nobody's opinion stands under it."""
    elsewhere = _found("未设泄爆装置", visit="JC-2026-17", at=days(1))
    assert [row.get("number") for row in _entered(*VISITED, elsewhere).shown()] == [None, None]


def test_an_opinion_whose_visit_is_not_told_is_a_line() -> None:
    """As of a cut-off before the visit was: what the experts said is known."""
    first, _ = _entered(*VISITED[1:]).shown()
    assert (first.get("problem"), first.get("party")) == ("未设泄爆装置", None)
