"""What holds of these ledgers whatever was done about a hazard, and whatever a cut-off leaves out of it."""

from itertools import combinations
from types import ModuleType

import pytest

from contracts import events
from contracts.commands import Command
from contracts.events import Event
from contracts.terms import RevocationAct
from services.projection.ledger import Ledger
from services.projection.ledgers import ceased, expert_advice, measures, problems, self_checks, transfers
from tests import deeds as d
from tests import props as p
from tests.hazard.aggregate import specimens as s
from tests.projection.folding import check, fold
from tests.projection.ledgers.lines import entered, told
from tests.projection.ledgers.told import VISIT_ID, but, life, visited

LEDGERS = [module.LEDGER for module in (transfers, measures, self_checks, problems, ceased, expert_advice)]
LONG = (
    *(d.inspected.but(actor=p.fireman), d.transferred, s.refused_back, d.transferred, d.taken_over),
    *(d.graded_major, d.ordered, d.stopped, s.complied, d.assigned_from_above, s.escalated, s.fine),
    *(s.declined_measure, s.signed, d.planned_major, d.submitted_major, d.asked_to_resume, s.resumption_refused),
    *(d.asked_to_resume, d.passed, d.resumed, d.told_above, d.told_regulator, d.told_workers, d.closed, s.look_back),
    *(s.renamed, d.ceased),
)
each_ledger = pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.name)


@each_ledger
def test_a_history_with_holes_is_entered(ledger: Ledger) -> None:
    """As of a cut-off, events before others are left out: rules never fail, and every cell still has its event."""
    history = told(LONG)
    for without in [*combinations(range(len(history)), 1), *combinations(range(len(history)), 2)]:
        entered(ledger, history, without=without)
    for first in range(len(history)):
        entered(ledger, history, without=range(first))


@each_ledger
@pytest.mark.parametrize("kind", s.SPECIMENS, ids=lambda kind: kind.__name__)
def test_every_act_is_entered(ledger: Ledger, kind: type[Command]) -> None:
    """Whatever was done about a hazard: of self-found ones, of others, with its own past and without."""
    event = s.before(kind).when(s.SPECIMENS[kind][1], world=s.OTHER_WORLD).event
    assert event is not None
    before = [one for one in s.before(kind).history if isinstance(one, Event)]
    entered(ledger, [*before, event])
    entered(ledger, [*before, event], without=range(len(before)))
    entered(ledger, [*told(d.self_found), event])


@pytest.mark.parametrize("module", [self_checks, problems, ceased, expert_advice])
def test_what_is_told_before_the_finding_begins_no_line(module: ModuleType) -> None:
    """Cut off before its beginning, nobody can say of what the line would speak."""
    for one in (*told(LONG)[1:], *told(d.SELF_VERIFIED)[1:]):
        assert entered(module.LEDGER, [one]).shown() == []


@each_ledger
def test_a_corrected_name_is_corrected_in_every_cell(ledger: Ledger) -> None:
    """The ids stay beside the names, so a slip is mended wherever it stands, with the correction's event."""
    found = visited.model_copy(update={"inspectors": ()})
    opinion = events.ExpertOpinionGiven(
        actor=p.expert,
        occurred_at=p.MORNING,
        recorded_at=p.MORNING,
        opinion_id="opinion-2",
        experts=(p.name(p.expert),),
        opinion="除尘系统应整改",
    )
    names = [{"id": one.id, "name": "更名者"} for one in (p.officer, p.safety, p.expert, p.director, p.fire_chief)]
    mended = told(d.inspected, s.corrected.but(actor=p.officer))[-1]
    mended_visit = but(told_visit := _correction(), names=tuple(names))
    assert told_visit.corrects == 1
    history = [
        *[(VISIT_ID, event) for event in (found, opinion)],
        *life(LONG),
        (p.HAZARD_ID, but(mended, names=tuple(names))),
        *[(p.TWIN_ID, event) for _, event in life(d.SELF_VERIFIED)],
        (p.TWIN_ID, but(mended, names=tuple(names))),
        (VISIT_ID, mended_visit),
    ]
    folded = fold(ledger, history)
    check(ledger, folded)
    said = [str(value) for row in folded.values() for value in row.values.values()]
    old = [one.name for one in (p.officer, p.safety, p.expert, p.director, p.fire_chief)]
    assert not [value for value in said if value in old]
    assert any("更名者" in value for value in said)


def _correction() -> events.InspectionCorrected:
    return events.InspectionCorrected(
        actor=p.checker, occurred_at=p.MORNING, recorded_at=p.MORNING, corrects=1, reasons="姓名有误"
    )


def test_revoked_by_every_act() -> None:
    """An order of any kind is told with the act by which it lost its force."""
    for act in RevocationAct:
        revoked = but(told(d.GENERAL_ORDERED, s.revoked)[-1], act=act)
        (row,) = entered(measures.LEDGER, [*told(d.GENERAL_ORDERED), revoked]).shown()
        assert row.get("standing") not in {None, "有效"}
