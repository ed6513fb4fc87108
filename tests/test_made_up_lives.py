"""The ledger of truth, by numbers written out by hand."""

from datetime import date, timedelta
from typing import Any

from contracts.terms import Grade, Origin
from tests.lives import Counts, Totals, tell
from tests.lives.beginning import corrected, found, graded, merged, regraded, reinstated, withdrawn
from tests.lives.cast import company, office
from tests.lives.life import Life
from tests.lives.mending import assigned, ceased, closed, failed, passed, reopened, submitted
from tests.lives.moments import at
from tests.lives.overlays import accepted, delisted, listed, offered

VILLAGE = "320623104201"
ONE_SELF = Counts(major_self_found=1)
SELF_FIXED = Counts(major_self_found=1, major_self_fixed=1)
NONE = Counts()


def march(day: int) -> date:
    """That day of March 2024."""
    return date(2024, 3, 1) + timedelta(days=day - 1)


def noon(day: int) -> int:
    """Its noon at the site."""
    return at(march(day), 12)


def born(day: int = 1, *, origin: Origin = Origin.SELF, area: str = VILLAGE, number: int = 1) -> Life:
    """Found at that noon and entered at once."""
    life = Life(f"{area}-00000000-0000-4000-8000-{number:012}", origin, office(area[:9]), company(area, 0))
    found(life.at(noon(day)))
    return life


def major(day: int = 1, **whose: Any) -> Life:  # noqa: ANN401 (as of `born`)
    """Found at that noon, graded major an hour later."""
    life = born(day, **whose)
    graded(life.at(at(march(day), 13)), Grade.MAJOR)
    return life


def totals_of(*lives: Life) -> Totals:
    """After all their events were told."""
    totals = Totals()
    assert sum(1 for _ in tell(iter(lives), totals)) == sum(life.version for life in lives) == totals.told
    return totals


def test_only_what_is_graded_major_counts() -> None:
    """A suspicion counts for nothing, at the finding or in the grade; nor does a general one, nor an ungraded."""
    ungraded, general, suspected = born(1), born(2, number=2), born(3, number=3)
    graded(general.at(noon(4)), Grade.GENERAL)
    graded(suspected.at(noon(5)), Grade.SUSPECTED_MAJOR)
    assert totals_of(ungraded, general, suspected).count(march(31)) == NONE
    regraded(suspected.at(noon(6)), Grade.MAJOR)
    totals = totals_of(ungraded, general, suspected)
    assert totals.count(march(5)) == NONE
    assert totals.count(march(6)) == ONE_SELF


def test_rows_one_and_two_are_the_enterprises_own() -> None:
    """Found by itself, also after a notice; the other five origins are rows three and four."""
    lives = [major(1 + number, origin=origin, number=number) for number, origin in enumerate(Origin)]
    for life in lives:
        passed(life.at(noon(20)))
    assert totals_of(*lives).count(march(20)) == Counts(
        major_self_found=2, major_self_fixed=2, major_other_found=5, major_other_fixed=5
    )


def test_a_claim_fixes_nothing() -> None:
    """Submitted is not fixed, nor failed; passed is, and closed; opened again it is not."""
    life = major()
    for day, act in enumerate((assigned, submitted, failed, submitted, passed, closed, reopened, passed), 2):
        act(life.at(noon(day)))
    totals = totals_of(life)
    fixed = [totals.count(march(day)).major_self_fixed for day in range(1, 11)]
    assert fixed == [0, 0, 0, 0, 0, 1, 1, 0, 1, 1]
    assert [totals.count(march(10), known=version).major_self_fixed for version in range(1, 11)] == [
        *(0, 0, 0, 0, 0, 0, 1, 1, 0, 1),
    ]


def test_ceased_is_counted_apart() -> None:
    """Gone with its place: still found, not fixed; where it was not gone after all, open again."""
    life = major()
    ceased(life.at(noon(5)))
    reopened(life.at(noon(9)))
    totals = totals_of(life)
    assert totals.count(march(4)) == ONE_SELF
    assert totals.count(march(5)) == Counts(major_self_found=1, ceased=1)
    assert totals.count(march(9)) == ONE_SELF


def test_withdrawn_and_merged_are_in_no_count() -> None:
    """From when they happened; a withdrawal in error ends."""
    first, second = major(1), major(1, number=2, origin=Origin.PATROL)
    withdrawn(first.at(noon(5)))
    reinstated(first.at(noon(8)))
    merged(second.at(noon(6)), first.id)
    totals = totals_of(first, second)
    both = Counts(major_self_found=1, major_other_found=1)
    assert [totals.count(march(day)) for day in (4, 5, 6, 8)] == [both, Counts(major_other_found=1), NONE, ONE_SELF]


def test_a_listing_counts_once_and_for_ever() -> None:
    """Twice listed is one listed hazard, delisted it stays one; where the grade falls it leaves all rows."""
    life, other = major(1), major(1, number=2, origin=Origin.REPORT)
    keys = [listed(life.at(noon(2))), listed(life.at(noon(3)))]
    listed(other.at(noon(4)))
    passed(life.at(noon(5)))
    for key in keys:
        delisted(life.at(noon(6)), key)
    regraded(life.at(noon(9)), Grade.GENERAL)
    totals = totals_of(life, other)
    assert totals.count(march(1)).listed == 0
    assert totals.count(march(3)).listed == 1
    assert totals.count(march(8)) == Counts(
        major_self_found=1, major_self_fixed=1, major_other_found=1, listed=2, listed_fixed=1
    )
    assert totals.count(march(9)) == Counts(major_other_found=1, listed=1)


def test_a_late_entry_changes_what_is_known_now_about_then() -> None:
    """Verified on the 5th, entered on the 20th: the return for the 10th did not have it and today's has."""
    life = major()
    passed(life.at(noon(20), noon(5)))
    totals = totals_of(life)
    assert totals.count(march(10), known=march(10)) == ONE_SELF
    assert totals.count(march(10), known=march(19)) == ONE_SELF
    assert totals.count(march(10), known=march(20)) == SELF_FIXED
    assert totals.count(march(10)) == SELF_FIXED
    assert totals.count(march(4)) == ONE_SELF
    assert totals.count(march(31), known=date(2024, 2, 1)) == NONE


def test_what_was_entered_last_holds_whatever_its_date() -> None:
    """Graded general late, for a day before it was graded major; opened late, for a day before it was closed."""
    fallen, opened = born(1), major(1, number=2, origin=Origin.PATROL)
    graded(fallen.at(noon(6)), Grade.MAJOR)
    regraded(fallen.at(noon(12), noon(4)), Grade.GENERAL)
    passed(opened.at(noon(5)))
    closed(opened.at(noon(9)))
    reopened(opened.at(noon(13), noon(7)))
    totals = totals_of(fallen, opened)
    assert totals.count(march(11), known=march(11)) == Counts(
        major_self_found=1, major_other_found=1, major_other_fixed=1
    )
    assert totals.count(march(11)) == Counts(major_other_found=1)
    assert totals.count(march(6)) == Counts(major_other_found=1, major_other_fixed=1)


def test_a_day_ends_at_midnight_at_the_site() -> None:
    """Its last microsecond belongs to it, the next to the next day; a campaign begins with its first day's first."""
    life = major(1)
    passed(life.at(noon(20), at(march(11)) - 1))
    reopened(life.at(noon(21), at(march(16))))
    totals = totals_of(life)
    assert [totals.count(march(day)).major_self_fixed for day in (9, 10, 15, 16)] == [0, 1, 1, 0]
    edge = Life(f"{VILLAGE}-00000000-0000-4000-8000-000000000009", Origin.SELF, office(VILLAGE[:9]), None)
    found(edge.at(noon(9), at(march(9))))
    graded(edge.at(noon(9)), Grade.MAJOR)
    totals = totals_of(edge)
    assert totals.count(march(9), since=march(9)) == ONE_SELF
    assert totals.count(march(8)) == totals.count(march(31), since=march(10)) == NONE


def test_a_correction_holds_from_when_that_happened_which_it_corrects() -> None:
    """And it changes no figure; nor does another body that takes the hazard over."""
    life = major(3)
    corrected(life.at(noon(20)))
    offered(life.at(noon(21)))
    accepted(life.at(noon(22)))
    assert life.steps[2].holds_from == noon(3) < life.steps[2].occurred
    totals = totals_of(life)
    assert totals.count(march(2)) == NONE
    assert totals.count(march(3)) == totals.count(march(31)) == ONE_SELF


def test_areas_are_counted_by_the_place_of_birth() -> None:
    """A prefix is a jurisdiction; a township's own hazard is in no village."""
    lives = [
        major(1, area="320623104201", number=1),
        major(2, area="320623104202", number=2),
        major(3, area="320623104", number=3),
        major(4, area="320685100201", number=4),
    ]
    totals = totals_of(*lives)
    found_in = {
        area: totals.count(march(9), area=area).major_self_found for area in ("", "3206", "320623", "320623104201")
    }
    assert found_in == {"": 4, "3206": 4, "320623": 3, "320623104201": 1}
    by_village = totals.by_area(12, march(9))
    assert list(by_village) == ["320623104", "320623104201", "320623104202", "320685100201"]
    assert set(by_village.values()) == {ONE_SELF}
