from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts import subjects

areas = st.sampled_from([2, 4, 6, 9, 12]).flatmap(
    lambda digits: st.text("0123456789", min_size=digits, max_size=digits)
)
uuids = st.uuids()
kinds = st.sampled_from([subjects.HAZARD, subjects.POLICY])
UUID_1 = UUID("5f0c1d2e-0000-4000-8000-000000000001")


@given(area=areas)
def test_the_levels_of_an_area_are_its_code_cut_in_pieces(area: str) -> None:
    """Nothing is lost: joined, the levels are the code."""
    levels = subjects.area_levels(area)
    assert "".join(levels) == area
    assert [len(level) for level in levels] == [2, 2, 2, 3, 3][: len(levels)]


@given(code=st.text(max_size=14))
def test_only_2_4_6_9_or_12_ascii_digits_are_an_area(code: str) -> None:
    """Five digits are a slip of the pen; full-width digits would be another subject."""
    assume(not (code.isascii() and code.isdigit() and len(code) in {2, 4, 6, 9, 12}))
    with pytest.raises(ValueError, match="is not an area code"):
        subjects.area_levels(code)


@pytest.mark.parametrize("code", ["３２０６２３", "320623\n", " 320623", "32062", "٣٢", "32.06"])
def test_what_looks_like_an_area_and_is_none(code: str) -> None:
    """Full-width and Arabic digits, line ends, blanks, dots."""
    with pytest.raises(ValueError, match="is not an area code"):
        subjects.area_levels(code)


@given(kind=kinds, area=areas, uuid=uuids)
def test_an_aggregate_and_its_subject_name_each_other(kind: str, area: str, uuid: UUID) -> None:
    """One literal subject per aggregate, there and back."""
    aggregate = subjects.aggregate_id(area, uuid)
    subject = subjects.events_subject(kind, aggregate)
    assert subjects.parse_events_subject(subject) == (kind, aggregate)
    assert subjects.birth_area(aggregate) == area
    assert subject.isascii()
    assert not set(subject) & set(" *>\r\n")


@given(area=areas, other=areas, uuid=uuids)
def test_a_wildcard_catches_its_jurisdiction_and_nothing_else(area: str, other: str, uuid: UUID) -> None:
    """A county hears its townships, never its neighbour, never the province's own."""
    subject = subjects.events_subject("hazard", subjects.aggregate_id(area, uuid)).split(".")
    wildcard = subjects.events_of("hazard", other).split(".")
    caught = len(subject) >= len(wildcard) and subject[: len(wildcard) - 1] == wildcard[:-1]
    assert caught == area.startswith(other)


@given(text=st.text(max_size=80))
def test_nothing_else_is_the_subject_of_an_aggregate(text: str) -> None:
    """Parsing takes only what building gives."""
    try:
        kind, aggregate = subjects.parse_events_subject(text)
    except ValueError:
        return
    assert subjects.events_subject(kind, aggregate) == text


@pytest.mark.parametrize(
    "subject",
    [
        f"events.hazard.320623.{UUID_1}",
        f"events.hazard.32.06.>.{UUID_1}",
        f"events.hazard.32.06.{UUID_1}\n",
        f"events..32.06.{UUID_1}",
        f"events.hazard.{UUID_1}",
        f"event.hazard.32.06.{UUID_1}",
        f"events.hazard.32.06.{str(UUID_1).upper()}",
    ],
)
def test_a_subject_that_is_almost_one_is_none(subject: str) -> None:
    """Levels not cut, wildcards, line ends, no area, another stream, capitals."""
    with pytest.raises(ValueError, match="is not"):
        subjects.parse_events_subject(subject)


def test_the_wildcard_of_everything_has_no_area() -> None:
    """What a province's reader follows."""
    assert subjects.events_of("hazard") == "events.hazard.>"


def test_a_finding_asked_for_twice_finds_the_same_hazard() -> None:
    """The id follows from area and command id; another command or area is another hazard."""
    once = subjects.hazard_id("320623199", "import-7")
    assert once == subjects.hazard_id("320623199", "import-7") == "320623199-d2b4125a-e1bd-59bd-91ed-f9caa680ca8e"
    assert len({once, subjects.hazard_id("320623199", "import-8"), subjects.hazard_id("320623", "import-7")}) == 3


def test_an_area_has_one_policy_history_apart_from_its_hazards() -> None:
    """Whatever a command is called, its hazard is not the policy."""
    assert subjects.policy_id("320623") == subjects.policy_id("320623") != subjects.policy_id("320624")
    assert subjects.policy_id("320623") != subjects.hazard_id("320623", "320623")


def test_a_visit_and_a_hazard_of_one_command_id_are_two() -> None:
    """Each kind has its own ids, of one form; the subject says the kind."""
    visit = subjects.inspection_id("320623199", "import-7")
    assert visit == subjects.inspection_id("320623199", "import-7") != subjects.hazard_id("320623199", "import-7")
    assert subjects.parse_events_subject(subjects.events_subject("inspection", visit)) == ("inspection", visit)


def test_commands_and_evidence_have_their_subjects() -> None:
    """One queue for commands; pieces of a file are counted from 0."""
    assert subjects.command_subject("find_hazard") == "commands.hazard.find_hazard"
    assert subjects.evidence_subject("0" * 64, 2) == f"evidence.{'0' * 64}.2"
