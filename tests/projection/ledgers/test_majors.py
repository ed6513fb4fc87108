"""重大事故隐患台账: what is in it, and what each line says of 五落实, 双报告, 挂牌 and 停产."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from contracts.terms import Grade, RegradeKind
from services.hazard.aggregate.hazard import Hazard
from services.projection.facets.changes import FIGURES, SIDE, Change, figures, steps
from services.projection.ledgers.majors import LEDGER
from tests import deeds as d
from tests.hazard.aggregate import specimens as s
from tests.projection.folding import check, fold
from tests.projection.ledgers.lines import entered, lines, told
from tests.projection.ledgers.test_lives import lives, states
from tests.props import HAZARD_ID

LAST = 4
WORD = st.sampled_from(
    [
        ("found", "found"),
        ("found", Grade.SUSPECTED_MAJOR.value),
        *(("grade", grade.value) for grade in Grade),
        *(("standing", value) for value in ("open", "fixed", "ceased", "gone")),
        ("listed", "listing-3"),
    ]
)
WORDS = st.lists(st.builds(lambda when, word: (when, *word), st.integers(0, LAST), WORD), max_size=7)


def test_only_what_is_or_may_be_major_has_a_line() -> None:
    """A suspicion is treated as major until somebody decides; a general hazard has no line."""
    assert lines(LEDGER, d.self_found) == []
    assert lines(LEDGER, d.self_found, d.graded_general, d.told_inside, d.planned) == []
    (line,) = lines(LEDGER, d.self_suspected)
    assert line["grade"] == "疑似重大·待判定"
    (line,) = lines(LEDGER, *d.MAJOR_ORDERED)
    assert line["grade"] == "重大事故隐患"


def test_the_line_knows_what_came_before_the_grade() -> None:
    """What the finding said stands in the line, by the finding's event."""
    (row,) = entered(LEDGER, told(*d.MAJOR_ORDERED)).shown()
    assert row.cells["description"] == 1
    assert row.cells["grade"] == 2


def test_five_items_and_two_reports() -> None:
    """五落实 from the plan, 双报告 from the two reports."""
    (line,) = lines(LEDGER, *d.MAJOR_ORDERED, d.planned_major, d.told_regulator, d.told_workers)
    assert {"measures", "responsible", "funds", "due", "contingency"} <= line.keys()
    assert {"regulator_told_at", "workers_told_on", "workers_body"} <= line.keys()


def test_nothing_of_a_report_past_the_head_is_told() -> None:
    """Art. 46: not its receipt either; with the enterprise's own beside it, the line tells of that one alone."""
    past = d.told_regulator.but(bypass=True, receipt="越-1")
    plain, (quiet,) = told(d.MAJOR_ORDERED), lines(LEDGER, d.MAJOR_ORDERED)
    both = told(d.MAJOR_ORDERED, past, s.acknowledged)[len(plain) :]
    (row,) = entered(LEDGER, [*plain, *both]).shown()
    assert (row.values, row.sequence) == (quiet, len(plain))
    (row,) = entered(LEDGER, [*plain, *both[1:]]).shown()
    assert "regulator_receipt" not in row.values
    (mixed,) = lines(LEDGER, d.MAJOR_ORDERED, d.told_regulator, past, s.acknowledged.but(report="report-5"))
    assert "regulator_receipt" not in mixed
    (own,) = lines(LEDGER, d.MAJOR_ORDERED, d.told_regulator, past, s.acknowledged.but(report="report-4"))
    assert own["regulator_receipt"] == "应急收〔2026〕8号"


def test_graded_anew_without_a_basis_it_rests_on_the_reasons() -> None:
    """调整等级: the earlier clause is no more what the grade rests on; a basis that is stated stands."""
    (line,) = lines(LEDGER, *d.MAJOR_ORDERED)
    assert line["basis"] == "工贸企业重大事故隐患判定标准应急管理部令第10号第3条第2项"
    history = told(*d.MAJOR_ORDERED, s.downgraded)
    row = entered(LEDGER, history)[HAZARD_ID]
    assert (row.get("basis"), row.cells["basis"]) == ("调整等级：条款适用有误", len(history))
    again = s.downgraded.but(grade=Grade.MAJOR, kind=RegradeKind.WORSENED, basis=d.clause)
    assert lines(LEDGER, *d.MAJOR_ORDERED, s.downgraded, again)[0]["basis"] == line["basis"]


def test_a_listing_is_named_by_its_body_until_it_ends() -> None:
    """挂牌情况 says who lists it and by which paper."""
    (line,) = lines(LEDGER, *d.MAJOR_ORDERED, d.county_listed)
    assert "县政安督〔2026〕2号" in str(line["listed"])
    assert "delisted_at" not in line


def test_made_up_lives_have_the_lines_that_the_rules_call_major() -> None:
    """Major or suspected, neither merged nor withdrawn: exactly those."""
    folded = fold(LEDGER, lives())
    check(LEDGER, folded)
    wanted = {hazard for hazard, state in states().items() if _is_listed_here(state)}
    assert {row.key for row in folded.shown()} == wanted
    assert wanted


def _is_listed_here(state: Hazard) -> bool:
    return state.is_major and state.stage is not None and state.stage.value not in {"merged", "withdrawn"}


@given(WORDS)
def test_the_steps_add_up_to_the_fold_wherever_one_looks(told: list[tuple[int, str, str]]) -> None:
    """For every sequence and every cut-off: the sum of the steps before it is what the words before it make."""
    words = [Change(sequence, *word) for sequence, word in enumerate(told, 1)]
    added = {
        (sequence, effective): figures
        for sequence in range(1, len(words) + 1)
        for effective, figures in steps(words[:sequence]).items()
    }
    for known in range(len(words) + 1):
        for cutoff in range(LAST + 2):
            folded = figures(word for word in words[:known] if word.effective <= cutoff)
            there = [one for (sequence, effective), one in added.items() if sequence <= known and effective <= cutoff]
            summed = [sum(one[place] for one in there) for place in range(len(FIGURES))]
            assert tuple(summed) == folded


def test_what_comes_in_order_is_one_row_for_a_change() -> None:
    """Late entries alone need more; made-up lives have both."""
    sides = fold(LEDGER, lives()).sides[SIDE.name]
    steps_of = Counter((hazard, sequence) for hazard, sequence, _ in sides)
    assert 1 in steps_of.values()
    assert max(steps_of.values()) > 1
