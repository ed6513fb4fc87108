"""The shipped policy: a history, and everything that it brings until a day, each step with the moment of its firing.

Nobody does anything after the history; a row says which steps follow within its days and when, and no others of the
family that it is about.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

import pytest

from contracts import events
from contracts.policy import SIGNED_FROM, Counting, Rule
from contracts.terms import AssignmentKind, Grade, Origin
from services.notifier.timing.case import Case
from services.notifier.timing.counted import NONE, Counted, Counts
from tests.notifier.casebook import (
    HAZARD,
    MONDAY,
    OWNER,
    case,
    day,
    event,
    found,
    graded,
    listed,
    names,
    on,
    ordered,
    proposed,
    report,
    self_found,
    shipped,
    start_of,
    through,
)

MAJOR = Grade.MAJOR


class Row(NamedTuple):
    """A history and what comes of it, by step; `family` is what the row is about."""

    family: str
    history: Case
    expected: dict[str, tuple[datetime, int]]
    days: int = 60
    counts: Counts = NONE


def general(**fields: Any) -> Case:  # noqa: ANN401
    """Others found it, general, to be done by Monday the 16th."""
    return case(found(**fields), graded(), ordered(day(14)))


def own(grade: Grade = Grade.GENERAL, due: date | None = None) -> Case:
    """The enterprise found it itself and set itself the 16th."""
    internal = event(events.HazardAssigned, MONDAY, actor=OWNER, kind=AssignmentKind.INTERNAL, due=due or day(14))
    return case(self_found(), graded(grade), internal)


def after(history: Case, what: type[Any], at: datetime, **fields: Any) -> Case:  # noqa: ANN401
    """One thing more."""
    return case(event(what, at, **fields), start=history)


def counted(of: Counting, *ages: int, party: str = "other") -> Counts:
    """Entries so many days before the first Monday, each of another hazard and party."""
    entries = [Counted(on(-age), f"H{number}", f"{party}{number}") for number, age in enumerate(ages)]
    return {of: tuple(entries)}


M01_LATE = {"M01.remind": (on(0, 12), 1), "M01.late": (on(1), 2)}
LISTING = listed(MONDAY, deadline=day(40))
LISTED = case(LISTING, start=case(found(), graded(MAJOR)))
ASKED = after(
    case(found(), graded(MAJOR), ordered(day(14))),
    events.ExtensionRequested,
    on(5),
    actor=OWNER,
    until=day(30),
    reasons="设备未到货",
    interim_controls="停用",
    of=("order:em",),
)
PASSED = after(ASKED, events.VerificationPassed, on(5, 1), trigger="submission", verification_class="O")
SUBMITTED = after(general(), events.RectificationSubmitted, on(1), actor=OWNER, statement="已完成")
FAILED = after(
    SUBMITTED, events.VerificationFailed, on(2), trigger="submission", remaining="未清理", verification_class="O"
)
NEW_TENANT = after(
    case(self_found(), graded(MAJOR), report(on(0, 1))),
    events.ResponsiblePartyChanged,
    on(90),
    kind="new_tenant",
    party={"id": "tenant", "name": "租户"},
)
STOPPED = after(
    case(found(), graded(MAJOR)),
    events.SuspensionOrdered,
    MONDAY,
    kind="on_site",
    scope="喷漆车间",
    suspension="suspension-1",
)
TRUE = case(
    self_found(),
    graded(),
    event(events.HazardAssigned, MONDAY, actor=OWNER, kind=AssignmentKind.INTERNAL, due=day(14)),
    event(events.InterimControlRecorded, MONDAY, actor=OWNER, measures="停用"),
    event(events.VerificationPassed, on(3), trigger="submission", verification_class="E"),
    event(events.HazardClosed, on(4), kind="rectified"),
)

FOLLOWED = {"F07.received": (on(1), 1), "F07.late": (start_of(5), 1), "F07.later": (start_of(9), 2)}
CLAIMED = case(
    event(events.RectificationSubmitted, on(0, 1), actor=OWNER, statement="已完成"),
    event(events.VerificationFailed, on(3), trigger="submission", remaining="未改", verification_class="M"),
    start=case(found(), graded(MAJOR)),
)

ROWS = [
    Row("G01", case(found()), {"G01.late": (start_of(2), 1)}),
    Row("G01", case(found(suspected_major=True)), {"G01.suspected": (start_of(1), 1)}),
    Row("G01", case(found(), graded(Grade.SUSPECTED_MAJOR)), {"G01.suspected": (start_of(1), 1)}),
    Row("G01", case(found(), graded()), {}),
    Row("G01", case(found(), graded(Grade.SUSPECTED_MAJOR)), {"G01.suspected": (start_of(1), 1)}),
    Row("G02", case(found()), {"G02.convert": (on(1), 0)}),
    Row("G03", general(), {"G03.late": (start_of(3), 1)}),
    Row(
        "G04",
        general(),
        {"G04.before3": (start_of(11), 0), "G04.before1": (start_of(13), 0), "G04.today": (start_of(14), 0)},
    ),
    Row("G05", own(), {"G05.late": (start_of(15), 1)}),
    Row("G06", own(), {"G06.late": (start_of(21), 2)}),
    Row("G07", own(), {"G07.late": (start_of(29), 3)}),
    Row("G08", general(), {"G08.late": (start_of(15), 2)}),
    Row("G09", general(), {"G09.first": (start_of(17), 3)}),
    Row("G09", general(), {"G09.again": (start_of(17), 4)}, counts=counted(Counting.LATE_AGAIN, 300)),
    Row("G10", general(), {"G10.late": (start_of(24), 6)}),
    Row("G10", FAILED, {"G10.failed": (on(2), 6), "G10.late": (start_of(24), 6)}),
    Row("M01", case(self_found(), graded(MAJOR)), {"M01.remind": (on(0, 12), 1), "M01.late": (on(1), 2)}),
    Row("M01", case(self_found(), report(MONDAY), graded(MAJOR, on(1))), {}),
    Row("M01", NEW_TENANT, {"M01.remind": (on(90, 12), 1), "M01.late": (on(91), 2)}, 120),
    Row("M01", case(self_found(), graded(MAJOR), report(on(0, 1), bypass=True)), M01_LATE),
    Row(
        "M02",
        case(found(), graded(MAJOR)),
        {"M02.remind": (start_of(8), 1), "M02.late": (start_of(16), 2), "M02.review": (start_of(31), 3)},
    ),
    Row("M03", case(found(suspected_major=True)), {"M03.remind": (on(0, 2), 1), "M03.stop": (on(1), 6)}),
    Row("M03", STOPPED, {}),
    Row("M03", CLAIMED, {"M03.remind": (on(0, 2), 1), "M03.stop": (on(1), 6)}),
    Row("M04", case(found(), graded(MAJOR)), {"M04.late": (start_of(4), 2), "M04.later": (start_of(8), 3)}),
    Row("M04", CLAIMED, {"M04.late": (start_of(4), 2), "M04.later": (start_of(8), 3)}),
    Row("M05", case(found(), graded(MAJOR)), {"M05.other": (start_of(8), 2), "M05.other_later": (start_of(15), 4)}),
    Row("M05", case(self_found(), graded(MAJOR)), {"M05.self": (start_of(15), 2)}),
    Row("M06", LISTED, {"M06.file": (start_of(4), 1), "M06.publish": (start_of(8), 2)}),
    Row("M07", LISTED, {"M07.ten": (start_of(11), 1), "M07.twenty": (start_of(21), 2)}),
    Row(
        "M08",
        LISTED,
        {
            "M08.before30": (start_of(10), 0),
            "M08.before15": (start_of(25), 0),
            "M08.before7": (start_of(33), 1),
            "M08.before3": (start_of(37), 1),
            "M08.before1": (start_of(39), 1),
        },
    ),
    Row("M09", ASKED, {"M09.late": (on(5), 1)}),
    Row("M10", ASKED, {"M10.late": (start_of(11), 2)}),
    Row("M10", PASSED, {}),
    Row("M09", PASSED, {}),
    Row("M11", own(MAJOR), {"M11.late": (start_of(15), 3)}),
    Row("M12", own(MAJOR), {"M12.late": (start_of(21), 4)}),
    Row("M13", case(found(), graded(MAJOR), ordered(day(14))), {"M13.late": (start_of(15), 4)}),
    Row("M14", own(MAJOR), {"M14.list": (start_of(24), 5)}),
    Row("M14", LISTED, {"M14.transfer": (start_of(50), 6)}),
    Row("M15", STOPPED, {"M15.defied": (on(1), 6)}),
    Row(
        "M16",
        after(case(found(), graded(MAJOR)), events.MeasureRecorded, on(0, 1), kind="罚款"),
        {"M16.half_year": (on(0, 1), 7), "M16.year": (on(0, 1), 7)},
        counts=counted(Counting.PENALTIES, 0, 90, 170, 300),
    ),
    Row("M17", case(self_found(), report(MONDAY)), {"M17.late": (start_of(4), 1), "M17.later": (start_of(8), 2)}),
    Row(
        "V01",
        SUBMITTED,
        {
            "V01.remind5": (start_of(7), 0),
            "V01.remind8": (start_of(10), 0),
            "V01.late": (start_of(12), 2),
            "V01.later": (start_of(17), 4),
        },
    ),
    Row(
        "V02",
        after(STOPPED, events.ResumptionApplied, on(1), actor=OWNER, suspension="suspension-1", scope="喷漆车间"),
        {"V02.late": (start_of(12), 3)},
    ),
    Row("V04", FAILED, {}),
    Row(
        "V04",
        after(FAILED, events.VerificationFailed, on(3), trigger="expiry", remaining="同前", verification_class="O"),
        {"V04.again": (on(3), 4)},
    ),
    Row(
        "V05",
        after(LISTED, events.HazardDelisted, on(1), listing="listing-1", ground="rectified"),
        {"V05.late": (start_of(9), 1)},
    ),
    Row(
        "V06",
        after(
            general(), events.ObjectionRecorded, MONDAY, actor=OWNER, objection="o-1", statement="不是", to_body="em"
        ),
        {"V06.late": (start_of(8), 1), "V06.later": (start_of(15), 2)},
    ),
    Row(
        "F01",
        after(TRUE, events.HazardReopened, on(9), kind="false_rectification", reasons="照片是旧的"),
        {"F01.ruled": (on(9), 6)},
    ),
    Row("F02", TRUE, {"F02.note": (on(4), 0)}),
    Row(
        "F03",
        case(found(), graded(MAJOR)),
        {"F03.said_none": (MONDAY, 4)},
        counts=counted(Counting.SELF_CHECK_SAID_NONE, 29),
    ),
    Row("F03", case(found(), graded(MAJOR)), {}, counts=counted(Counting.SELF_CHECK_SAID_NONE, 30)),
    Row("F03", case(found(), graded(MAJOR, on(2))), {}, counts=counted(Counting.SELF_CHECK_SAID_NONE, 0, -1)),
    Row("F04", general(), {"F04.again": (MONDAY, 0)}, counts=counted(Counting.SAME_CLAUSE_SAME_PARTY, 0, 364)),
    Row("F05", general(), {"F05.sector": (MONDAY, 2)}, counts=counted(Counting.SAME_CLAUSE_IN_SECTOR, 0, 5, 29)),
    Row("F05", general(), {}, counts=counted(Counting.SAME_CLAUSE_IN_SECTOR, 0, 5, 29, 29, 29)),
    Row("F06", case(found(imminent_danger=True)), {"F06.warn": (MONDAY, 1), "F06.stop": (MONDAY, 6)}),
    Row("F07", case(self_found(), report(on(1), bypass=True)), FOLLOWED),
    Row("F08", general(), {"F08.seen_again": (MONDAY, 6)}, counts=counted(Counting.CLOSED_AT_SAME_POINT, 89)),
    Row("F08", general(), {}, counts=counted(Counting.CLOSED_AT_SAME_POINT, 91)),
    Row("F08", case(found()), {}, counts=counted(Counting.CLOSED_AT_SAME_POINT, 89)),
    Row(
        "T01",
        after(general(), events.HazardTransferred, on(1), to_body={"id": "fire", "name": "消防"}, reasons="属消防"),
        {"T01.late": (start_of(5), 2)},
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.family}-{number}" for number, row in enumerate(ROWS)])
def test_what_a_history_brings(row: Row) -> None:
    """When, at which level, and nothing else of that rule within the row's days."""
    ruled = shipped()
    fired = list(through(row.history, ruled, on(row.days), counts=row.counts))
    brought = {f"{one.rule}.{one.step}": (one.occurred_at, one.level) for one in fired if one.rule == row.family}
    assert brought == row.expected
    assert all(one.occurred_at == one.due_at for one in fired)


def test_every_rule_of_the_shipped_policy_has_a_row() -> None:
    """But A01, which speaks of the others' drafts."""
    told = {row.family for row in ROWS if row.expected}
    assert told == {rule.id for rule in shipped().policy.rules} - {"A01"}
    steps = {name for row in ROWS for name in row.expected}
    silent = {f"{rule.id}.{step.step}" for rule in shipped().policy.rules for step in rule.steps} - steps
    assert silent == {"A01.late", "A01.later", "M09.late_listed", "M10.late_listed"}


def test_a_draft_that_nobody_answers_climbs_the_authoritys_own_ladder() -> None:
    """Each draft for itself, two working days after it was proposed and again after five; an answer ends it."""
    fired = list(through(case(found(suspected_major=True)), shipped(), on(12)))
    asked = [one for one in fired if one.ladder == "enterprise" and one.level >= 2]
    climbs = [one for one in fired if one.rule == "A01"]
    assert names(asked) == ["M03.stop"]
    assert [(one.step, one.due_at, one.level) for one in climbs] == [
        ("late", start_of(4), 2),
        ("later", start_of(9), 4),
    ]


def test_a_draft_that_waits_is_chased_when_the_hazard_is_closed_too() -> None:
    """Closing a hazard answers no proposal."""
    asked = proposed(general(), [one for one in through(general(), shipped(), on(14, 16)) if one.rule == "G08"])
    passed = event(events.VerificationPassed, on(15), trigger="submission", verification_class="O")
    closed = case(passed, event(events.HazardClosed, on(15), kind="rectified"), start=asked)
    assert names(one for one in through(closed, shipped(), on(40)) if one.rule == "A01") == ["A01.late", "A01.later"]


@pytest.mark.parametrize(
    "rule", [rule for rule in shipped().policy.rules if rule.ladder == "authority"], ids=lambda rule: str(rule.id)
)
def test_nobody_alone_signs_a_letter_to_himself(rule: Rule) -> None:
    """On the authority's ladder, whoever is asked to act: somebody else may sign."""
    for step in rule.steps:
        rung = shipped().rung(rule.ladder, step.level)
        assert rung is not None
        signs = step.signs or rung.signs
        assert step.level < SIGNED_FROM or set(signs) - set(step.tell or rung.tell)


def test_who_is_told_who_signs_and_what_is_drafted() -> None:
    """As the step says, or else as its rung; a reminder needs no signature."""
    fired = {f"{one.rule}.{one.step}": one for one in through(general(), shipped(), on(30))}
    late, transfer = fired["G04.today"], fired["G10.late"]
    assert (late.tell, late.signs, late.document) == (("responsible",), (), None)
    assert (transfer.signs, transfer.document) == (("regulator_lead",), "移送书")
    assert fired["G09.first"].tell == ("enterprise_head", "officer", "township_lead")


def test_where_it_happened_again_the_ladder_starts_one_level_higher() -> None:
    """一地重发: what was told at L1 is told at L2, by that rung; the authority's own ladder stays."""
    own_late = list(through(own(), shipped(), on(30), counts=counted(Counting.SAME_CLAUSE_SAME_PARTY, 0, 1)))
    late = next(one for one in own_late if one.rule == "G05")
    assert (late.level, late.document, late.signs) == (2, "警示提醒函", ("township_lead",))
    assert {one.level for one in own_late if one.rule == "A01"} == {2, 4}


def test_the_raised_start_lifts_only_what_is_said_after_the_deadline() -> None:
    """Domain 4.3: start level when late. What is said to the spot in danger, or before the day, stays as it is."""
    counts = counted(Counting.SAME_CLAUSE_SAME_PARTY, 0, 1)
    told = (case(found(imminent_danger=True), graded(), ordered(day(14))), case(found(), graded(MAJOR), LISTING))
    for history in told:
        plain = {(one.rule, one.step): one.level for one in through(history, shipped(), on(60))}
        again = {(one.rule, one.step): one.level for one in through(history, shipped(), on(60), counts=counts)}
        assert {rule for rule, _ in again} >= {"F04"}
        lifted = {name for name in plain if again[name] != plain[name]}
        assert {rule for rule, _ in lifted} == ({"G08", "G09", "G10"} if history is told[0] else {"M13", "M14"})


def test_nothing_is_due_of_one_that_is_gone_or_not_understood() -> None:
    """Withdrawn, merged, or with an event that cannot be read."""
    late = general()
    for gone in (
        after(late, events.HazardWithdrawn, on(1), kind="error", reasons="误报"),
        after(late, events.HazardMerged, on(1), survivor=HAZARD, reasons="同一处"),
        late.but(unreadable=True),
        Case(),
    ):
        assert not list(through(gone, shipped(), on(90)))


def test_the_state_has_its_turn_while_a_claim_waits_for_it() -> None:
    """A submitted hazard that the authority verifies is not the party's to chase; one that it accepts itself is."""
    theirs = {one.rule for one in through(SUBMITTED, shipped(), on(40))}
    assert "V01" in theirs
    assert not theirs & {"G08", "G09"}
    mine = after(own(), events.RectificationSubmitted, on(1), actor=OWNER, statement="已完成")
    assert {"G05", "G06"} <= {one.rule for one in through(mine, shipped(), on(40))}
    assert Origin.SELF is mine.origin
