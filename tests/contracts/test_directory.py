from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.directory import Directory
from contracts.terms import Power, Role

DAY = date(2026, 3, 2)
ORDERS = {"power": "order_correction", "basis": "安全生产法第六十五条", "since": "2021-09-01"}
CITY = {"id": "city", "name": "江海市应急管理局", "area": "3206", "competences": ["industry_trade"], "powers": [ORDERS]}
COUNTY = CITY | {"id": "county", "name": "海岚县应急管理局", "area": "320623", "superior": "city"}
TOWN = {"id": "town", "name": "望潮镇应急管理局", "area": "320623199", "superior": "county"}
FIRE = COUNTY | {"id": "fire", "name": "海岚县消防救援大队", "competences": ["fire"]}


def directory(*bodies: dict[str, Any]) -> Directory:
    """As a file of a tenant would be read."""
    return Directory.model_validate({"bodies": list(bodies)}, strict=False)


def fault(*bodies: dict[str, Any]) -> str:
    """The kind of the first error; reading it without one fails the test."""
    with pytest.raises(ValidationError) as wrong:
        directory(*bodies)
    return wrong.value.errors()[0]["type"]


def test_a_body_is_found_by_its_id() -> None:
    """None and unknown ids find nothing."""
    bodies = directory(CITY, COUNTY)
    found = bodies.body("county")
    assert found is not None
    assert found.name == "海岚县应急管理局"
    assert bodies.body("moon") is None
    assert bodies.body(None) is None
    assert bodies.body("") is None


def test_looking_up_does_not_change_a_directory() -> None:
    """Two of the same content are equal and hash alike, whichever was asked."""
    asked, fresh = directory(CITY, COUNTY), directory(CITY, COUNTY)
    asked.body("city")
    assert asked == fresh
    assert hash(asked) == hash(fresh)
    assert asked.model_dump() == fresh.model_dump()


def test_superiors_come_nearest_first() -> None:
    """A superior may end what a body ordered; a neighbour may not, and nobody stands above itself."""
    bodies = directory(CITY, COUNTY, TOWN, FIRE)
    assert [body.id for body in bodies.above("town")] == ["county", "city"]
    assert bodies.is_above("city", "town")
    assert not bodies.is_above("fire", "town")
    assert not bodies.is_above("town", "county")
    assert not bodies.is_above("city", "city")


def test_an_id_stands_once() -> None:
    """Which of two would hold the power?"""
    assert fault(CITY, COUNTY, CITY | {"name": "另一个"}) == "twice"


def test_a_superior_stands_in_the_same_file() -> None:
    """A typing error must not free a body from its superior."""
    assert fault(COUNTY) == "unknown_superior"


@given(length=st.integers(1, 8), tail=st.integers(0, 4))
def test_no_body_is_its_own_superior(length: int, tail: int) -> None:
    """However long the circle, and whoever hangs on to it."""
    circle = [CITY | {"id": f"c{n}", "superior": f"c{(n + 1) % length}"} for n in range(length)]
    hangers = [CITY | {"id": f"t{n}", "superior": f"t{n - 1}" if n else "c0"} for n in range(tail)]
    assert fault(*hangers, *circle) == "cycle"


@pytest.mark.parametrize(
    "body",
    [
        CITY | {"power": []},
        CITY | {"powers": [ORDERS | {"untill": "2026-12-31"}]},
    ],
)
def test_a_typing_error_in_the_file_is_refused(body: dict[str, Any]) -> None:
    """A power whose end was misspelt would hold for ever."""
    assert fault(body) == "extra_forbidden"


def test_a_power_holds_from_its_first_to_its_last_day() -> None:
    """Both ends included."""
    power = ORDERS | {"since": "2026-01-01", "until": "2026-12-31"}
    body = directory(CITY | {"powers": [power]}).bodies[0]
    held = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [body.has(Power.ORDER_CORRECTION, day) for day in held] == [False, True, True, False]


def test_a_body_has_the_powers_that_were_published_and_no_other() -> None:
    """A township without a delegation orders nothing."""
    bodies = directory(CITY, COUNTY, TOWN)
    assert not any(body.has(Power.PENALISE, DAY) for body in bodies.bodies)
    assert not bodies.bodies[2].has(Power.ORDER_CORRECTION, DAY)


@pytest.mark.parametrize(
    ("sector", "area", "competent"),
    [
        ("industry_trade", "320623199", "county"),
        ("fire", "320623199", "fire"),
        ("industry_trade", "320684", "city"),
        ("fire", "320684", None),
        ("industry_trade", "330100", None),
    ],
)
def test_a_hazard_goes_to_the_nearest_body_with_the_power(sector: str, area: str, competent: str | None) -> None:
    """By sector and area; where there is none, nobody is named."""
    found = directory(CITY, COUNTY, TOWN, FIRE).competent_for(sector, area, Power.ORDER_CORRECTION, DAY)
    assert (found.id if found else None) == competent


def test_no_power_no_competence() -> None:
    """A body that may order may not therefore suspend."""
    assert directory(CITY, COUNTY).competent_for("fire", "320623", Power.ORDER_SUSPENSION, DAY) is None


CHEN = {"id": "chen", "name": "陈查", "posts": [{"role": "township_checker", "body": "county"}]}


def people(*members: dict[str, Any], **more: Any) -> Directory:  # noqa: ANN401
    """With the county and its superior."""
    return Directory.model_validate({"bodies": [CITY, COUNTY], "people": members, **more}, strict=False)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"posts": [{"role": "officer"}]}, "nowhere"),
        ({"posts": [{"role": "enterprise_head", "body": "county"}]}, "nowhere"),
        ({"posts": [{"role": "officer", "body": "moon"}]}, "unknown"),
        ({"posts": [{"role": "officer", "body": "city", "since": "2026-03-02", "until": "2026-03-01"}]}, "backwards"),
        ({"deputy": "nobody"}, "unknown"),
        ({"away": [{"since": "2026-03-02", "until": "2026-03-03", "deputy": "nobody"}]}, "unknown"),
        ({"away": [{"since": "2026-03-02", "until": "2026-03-01"}]}, "backwards"),
    ],
)
def test_a_post_or_deputy_that_leads_nowhere_is_refused(wrong: dict[str, Any], kind: str) -> None:
    """Or somebody would be told in vain, when it is too late to notice."""
    with pytest.raises(ValidationError) as refused:
        people(CHEN | wrong)
    assert refused.value.errors()[0]["type"] == kind


def test_a_person_stands_once() -> None:
    """Which of two would be told?"""
    with pytest.raises(ValidationError, match="twice"):
        people(CHEN, CHEN)


def test_a_watch_is_somebody_s_and_ends_after_it_began() -> None:
    """The rota names people of the directory."""
    watch = {
        "area": "3206",
        "person": "chen",
        "since": "2026-03-02T08:00:00+08:00",
        "until": "2026-03-03T08:00:00+08:00",
    }
    assert people(CHEN, duty=[watch]).on_duty("320623104", datetime(2026, 3, 2, 12, tzinfo=UTC))
    for wrong in ({"person": "nobody"}, {"until": "2026-03-01T08:00:00+08:00"}):
        with pytest.raises(ValidationError):
            people(CHEN, duty=[watch | wrong])


def test_posts_are_found_by_place_and_by_area_nearest_first() -> None:
    """Only those that hold on that day; a narrower area comes before a wider one."""
    narrow = {"id": "lu", "name": "陆检", "posts": [{"role": "township_checker", "body": "city", "area": "320623104"}]}
    gone = CHEN | {"id": "gone", "posts": [CHEN["posts"][0] | {"until": "2026-03-01"}]}  # type: ignore[index]
    posts = people(CHEN, narrow, gone).posts
    rings = posts.covering("320623104201", Role.TOWNSHIP_CHECKER, DAY)
    assert [[one.member.id for one in ring] for ring in rings if ring] == [["lu"], ["chen"]]
    assert [one.member.id for one in posts.at("county", Role.TOWNSHIP_CHECKER, DAY)] == ["chen"]
    assert posts.at(None, Role.TOWNSHIP_CHECKER, DAY) == []


def test_whoever_has_no_post_any_more_has_left() -> None:
    """Who is listed without one is there, as the head of a small enterprise may be."""
    gone = CHEN | {"posts": [CHEN["posts"][0] | {"until": "2026-03-01"}]}  # type: ignore[index]
    assert people(gone).people[0].has_left(DAY)
    assert not people(CHEN).people[0].has_left(DAY)
    assert not people(CHEN | {"posts": []}).people[0].has_left(DAY)
