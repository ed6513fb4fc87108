"""隐患台账: what each act writes into a hazard's line, and that the line agrees with the rules' own state."""

from itertools import accumulate

import pytest

from contracts import commands as do
from contracts import events, words
from contracts.acts.intake import NameCorrection
from contracts.terms import AssignmentKind, Flag
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import UNFOUND
from services.projection.ledger import Ledger
from services.projection.ledgers import majors
from services.projection.ledgers.hazards import LEDGER
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate import specimens as s
from tests.projection.folding import check, fold
from tests.projection.ledgers.lines import entered, lines, told
from tests.projection.ledgers.test_lives import HAZARDS, lives, states
from tests.projection.ledgers.told import but
from tests.props import HAZARD_ID
from tests.scenario import by

PLANNED = (d.self_found, d.graded_general, d.told_inside, d.planned)
CLOSED = (*PLANNED, d.submitted, d.accepted_inside, d.closed.but(actor=p.safety))


def test_a_life_in_one_line() -> None:
    """五定, who verified, how it ended: S3's 自查台账 and more."""
    (line,) = lines(LEDGER, *CLOSED)
    assert line["stage"] == "整改销号"
    assert line["origin"] == "企业自查"
    assert line["grade"] == "一般事故隐患"
    assert line["verdict"] == "合格"
    assert {"responsible", "measures", "due", "completer", "acceptor", "closed_at", "submitted_at"} <= line.keys()


def test_every_cell_names_the_event_that_said_it() -> None:
    """A cell's sequence is that of the event after which it first stood so."""
    history = told(*CLOSED)
    (row,) = entered(LEDGER, history).shown()
    before: dict[str, object] = {}
    stood: dict[str, int] = {}
    for length in range(1, len(history) + 1):
        (so_far,) = entered(LEDGER, history[:length]).shown()
        stood |= {key: length for key, value in so_far.values.items() if before.get(key) != value}
        before = dict(so_far.values)
    for key, sequence in stood.items():
        assert row.cells[key] >= sequence, key
    assert row.cells["stage"] == stood["stage"]
    assert row.cells["description"] == 1
    assert row.sequence == len(history)


def test_what_is_submitted_is_not_said_to_be_rectified() -> None:
    """已报完成·待复查: a claim that nobody has seen."""
    (line,) = lines(LEDGER, *PLANNED, d.submitted)
    assert line["stage"] == "已报完成·待复查"
    assert "verdict" not in line


def test_gone_is_told_apart_from_rectified() -> None:
    """灭失销号 stands in words of its own."""
    (line,) = lines(LEDGER, *d.MAJOR_ORDERED, d.ceased)
    assert line["stage"] == "灭失销号（关停、拆除）"


def test_the_sector_is_told_in_words() -> None:
    """Nobody reads industry_trade."""
    assert lines(LEDGER, d.inspected)[0]["sector"] == "工贸"


def test_how_often_it_was_opened_again_names_each_time() -> None:
    """By the events of the reopenings."""
    history = told(d.MAJOR_CLOSED, s.look_back, d.submitted_major, d.passed, d.closed, s.look_back)
    folded = entered(LEDGER, history)
    again = {f"event:{place}" for place, event in enumerate(history, 1) if isinstance(event, events.HazardReopened)}
    assert folded[HAZARD_ID].get("reopened") == len(again) == 2
    assert folded.counted(HAZARD_ID, "reopened") == again


@pytest.mark.parametrize("ledger", [LEDGER, majors.LEDGER], ids=lambda ledger: ledger.name)
def test_opened_again_nothing_of_the_acceptance_is_left(ledger: Ledger) -> None:
    """What was claimed and seen before is in the line no more, by the reopening; the plan stays."""
    gone = ("submitted_at", "verified_at", "verdict", "verifiers", "closed_at")
    (before,) = lines(ledger, d.MAJOR_CLOSED)
    assert all(before.get(key) for key in gone)
    history = told(d.MAJOR_CLOSED, s.look_back)
    (row,) = entered(ledger, history).shown()
    assert [(row.get(key), row.cells[key]) for key in gone] == [(None, len(history))] * len(gone)
    assert (row.get("stage"), row.get("measures")) == ("整改中", before["measures"])
    (failed,) = lines(ledger, d.MAJOR_CLOSED, s.look_back, d.submitted_major, d.failed)
    assert failed["verdict"] == "不合格：仍有一台未装"


def test_the_gaps_of_a_report_past_the_head_are_not_told() -> None:
    """Art. 46: nor those of its receipt; those of the enterprise's own report are."""
    late, plain = {"flags": (Flag.HISTORICAL,)}, told(*d.MAJOR_ORDERED)

    def said(*, bypass: bool) -> object:
        report = but(told(*d.MAJOR_ORDERED, d.told_regulator)[-1], bypass=bypass, **late)
        receipt = but(told(*d.MAJOR_ORDERED, d.told_regulator, s.acknowledged)[-1], **late)
        return entered(LEDGER, [*plain, report, receipt])[HAZARD_ID].get("flags")

    assert said(bypass=True) == entered(LEDGER, plain)[HAZARD_ID].get("flags")
    assert "历史补录" in str(said(bypass=False))


def test_a_corrected_name_reaches_every_cell_that_shows_it() -> None:
    """A slip in a person's name is mended wherever the line shows that person, by the correction's event."""
    planned = told(*PLANNED)
    (before,) = entered(LEDGER, planned).shown()
    person = next(one for one, _ in before.state["people"]["completer"])
    names = (NameCorrection(id=person, name="更正后的姓名"),)
    corrected = by(p.safety, do.CorrectHazard, corrects=len(planned), reasons="笔误", names=names)
    (row,) = entered(LEDGER, told(*PLANNED, corrected)).shown()
    assert row.get("completer") == "更正后的姓名"
    assert row.cells["completer"] == len(planned) + 1


def test_an_order_goes_before_what_was_merely_assigned() -> None:
    """The deadline in force is the order's, although the internal one is earlier."""
    early = d.told_inside.but(kind=AssignmentKind.INTERNAL, due=p.day(5))
    history = told(d.inspected, d.officer_graded_general, early.but(actor=p.owner), d.ordered)
    (row,) = entered(LEDGER, history).shown()
    state = [*accumulate(history, evolve, initial=UNFOUND)][-1]
    assert row.get("due") == str(state.deadline)


@pytest.mark.parametrize("part", range(2))
def test_made_up_lives_stand_as_the_rules_have_them(part: int) -> None:
    """Stage, grade and deadline of every line are those of the hazard service's own state."""
    folded = fold(LEDGER, lives())
    check(LEDGER, folded)
    assert len(folded.shown()) == HAZARDS
    for hazard, state in list(states().items())[part::2]:
        row = folded[hazard]
        assert state.stage is not None
        assert row.get("stage") == words.stage(state.stage, state.closure), hazard
        assert row.get("due") == (str(state.deadline) if state.deadline else None), hazard
        if state.grade is not None:
            assert row.get("grade") == words.grade(state.grade), hazard


def test_a_line_survives_any_missing_event() -> None:
    """An earlier cut-off leaves events out: the line says what the others say, and nothing fails."""
    history = told(*CLOSED)
    for place in range(1, len(history)):
        (row,) = entered(LEDGER, history, without=[place]).shown()
        assert row.key == HAZARD_ID
