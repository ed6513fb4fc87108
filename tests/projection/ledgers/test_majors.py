"""重大事故隐患台账: what is in it, and what each line says of 五落实, 双报告, 挂牌 and 停产."""

from services.hazard.aggregate.hazard import Hazard
from services.projection.facets.changes import SIDE, Standing, after
from services.projection.ledgers.majors import LEDGER
from tests import deeds as d
from tests.projection.folding import check, fold
from tests.projection.ledgers.lines import entered, lines, told
from tests.projection.ledgers.test_lives import lives, states


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


def test_the_dated_changes_add_up_to_what_stands() -> None:
    """The sum of what a hazard's changes add is what folding them gives, tangled or not."""
    sides = fold(LEDGER, lives()).sides[SIDE.name]
    by_hazard: dict[str, list[dict[str, object]]] = {}
    for (hazard, _), change in sorted(sides.items(), key=lambda side: side[0]):
        by_hazard.setdefault(hazard, []).append(change)
    assert any(change["tangled"] for changes in by_hazard.values() for change in changes)
    for hazard, changes in by_hazard.items():
        assert len({change["tangled"] for change in changes}) == 1, hazard
        if changes[0]["tangled"]:
            standing = Standing()
            for change in changes:
                standing = after(standing, str(change["field"]), str(change["value"]))
            figures = {name: sum(int(str(change[f"d_{name}"])) for change in changes) for name in NAMES}
            assert tuple(figures.values()) == standing.figures, hazard


NAMES = ("found", "fixed", "listed", "listed_fixed", "ceased", "suspected")
