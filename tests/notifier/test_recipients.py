"""Who is told: roles become people, on that day, with that directory."""

from datetime import timedelta

import pytest

from contracts.directory import Absence, Address, Directory, Duty, Member, Post
from contracts.policy import Relation, Told
from contracts.terms import Origin, Role
from services.notifier.timing.case import Case
from tests import props as p
from tests.notifier.staff import CASE, NOW, found, member, names, person, staff

DAY = NOW.date()
GONE = (Post(role=Role.SAFETY_MANAGER, enterprise="factory", until=p.day(8)),)


def away(actor_id: str | None = None) -> tuple[Absence, ...]:
    """On the day on which is asked."""
    return (Absence(since=DAY, until=DAY, deputy=actor_id),)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Relation.RESPONSIBLE, ["safety"]),
        (Role.ENTERPRISE_HEAD, ["owner"]),
        (Role.SAFETY_MANAGER, ["safety"]),
        (Role.WORKER_REPRESENTATIVE, ["steward"]),
        (Role.VILLAGE_OFFICER, ["cadre", "second-cadre"]),
        (Role.TOWNSHIP_CHECKER, ["checker", "second-checker"]),
        (Role.TOWNSHIP_LEAD, ["town-lead"]),
        (Role.REGULATOR, ["regulator"]),
        (Role.REGULATOR_LEAD, ["director", "deputy"]),
        (Role.LEGAL_REVIEWER, ["lawyer"]),
        (Role.OFFICER, ["officer", "second-officer", "third-officer", "fourth-officer"]),
        (Role.SAFETY_COMMITTEE, ["secretary", "second-secretary"]),
        (Role.LISTING_AUTHORITY, ["mayor"]),
        (Role.SUPERIOR_INSPECTOR, ["inspector", "second-inspector"]),
    ],
)
def test_each_role_is_found_where_the_hazard_is(told: Told, expected: list[str]) -> None:
    """Of the party, of the competent body, else of the nearest area around it."""
    assert names(told, case=CASE) == expected


def test_a_body_without_such_a_post_leaves_it_to_the_nearest_around() -> None:
    """The township has the hazard and no officer for that sector's lead: the county's is told, not the city's."""
    assert names(Role.REGULATOR_LEAD, case=CASE.but(competent="town")) == ["director", "deputy"]
    assert names(
        Role.REGULATOR_LEAD, case=CASE.but(competent="town"), directory=staff(without=(p.director, p.deputy))
    ) == ["city-director"]


def test_the_sector_decides_among_bodies() -> None:
    """A fire hazard is for the brigade, a road for the roads' officers; a post may be for some sectors only."""
    nobody_has_it = CASE.but(competent=None)
    assert names(Role.REGULATOR_LEAD, case=nobody_has_it.but(sector="fire")) == ["fire-chief"]
    only_fire = member(p.town_lead, posts=(Post(role=Role.TOWNSHIP_LEAD, body="town", sectors=("fire",)),))
    assert names(Role.TOWNSHIP_LEAD, case=nobody_has_it, directory=staff(only_fire)) == []


def test_while_nobody_knows_the_sector_one_body_is_asked() -> None:
    """Not each of the county's."""
    told = names(Role.REGULATOR_LEAD, case=CASE.but(competent=None, sector=None))
    assert told == ["director", "deputy"]


def test_a_narrower_post_is_nearer() -> None:
    """Whoever has that village is told, not each checker of the township; whoever has another one is not."""
    here = member(p.checker, posts=(Post(role=Role.TOWNSHIP_CHECKER, body="town", area=p.VILLAGE_AREA),))
    there = member(p.second_checker, posts=(Post(role=Role.TOWNSHIP_CHECKER, body="town", area="320623104999"),))
    assert names(Role.TOWNSHIP_CHECKER, case=CASE, directory=staff(here, there)) == ["checker"]
    assert names(Role.TOWNSHIP_CHECKER, case=CASE.but(competent="town"), directory=staff(there)) == ["checker"]


def test_co_parties_are_told_too_and_everybody_once() -> None:
    """The leading party's people first; by the first of several roles."""
    both = CASE.but(co_parties=(p.TENANT,))
    assert names(Role.ENTERPRISE_HEAD, case=both) == ["owner", "tenant-head"]
    [one] = found(Relation.RESPONSIBLE, Role.SAFETY_MANAGER, case=CASE)
    assert (one.member.id, one.as_role) == ("safety", Relation.RESPONSIBLE)


def test_the_head_whom_the_finding_names_is_told_though_he_has_no_such_post() -> None:
    """Party.head, if he is in the directory."""
    plain = member(p.owner, posts=())
    assert names(Role.ENTERPRISE_HEAD, case=CASE, directory=staff(plain)) == ["owner"]


def test_a_public_body_has_its_own_officer_in_the_head_s_place() -> None:
    """责任单位经办负责人."""
    [one] = found(Role.ENTERPRISE_HEAD, case=CASE.but(party=p.STATION))
    assert (one.member.id, one.as_role) == ("station-clerk", Role.PARTY_OFFICER)


def test_whoever_is_away_has_his_deputy_told() -> None:
    """That absence's deputy before the usual one, in his name, and only on those days."""
    usual = member(p.director, deputy="regulator", away=away())
    named = member(p.director, deputy="regulator", away=away("lawyer"))
    only = {"case": CASE, "directory": staff(usual, without=(p.deputy,))}
    [one] = found(Role.REGULATOR_LEAD, **only)
    assert (one.member.id, one.deputy_for) == ("regulator", person(p.director))
    assert names(Role.REGULATOR_LEAD, case=CASE, directory=staff(named, without=(p.deputy,))) == ["lawyer"]
    assert names(Role.REGULATOR_LEAD, **only, now=NOW + timedelta(days=1)) == ["director"]


def _chain(length: int, last: Member) -> Directory:
    """Each deputy away as well, up to the last."""
    links = [member(p.worker, id=f"d{number}", away=away(f"d{number + 1}")) for number in range(1, length)]
    return staff(member(p.town_lead, away=away("d1")), *links, last.model_copy(update={"id": f"d{length}"}))


def test_deputies_of_deputies_up_to_five_and_no_circle() -> None:
    """A chain that closes on itself tells nobody."""
    there = member(p.worker)
    assert names(Role.TOWNSHIP_LEAD, case=CASE, directory=_chain(5, there)) == ["d5"]
    assert names(Role.TOWNSHIP_LEAD, case=CASE, directory=_chain(6, there)) == []
    assert names(Role.TOWNSHIP_LEAD, case=CASE, directory=_chain(2, member(p.worker, away=away("town-lead")))) == []


def test_whoever_left_is_not_told() -> None:
    """On the last day still, on the next no more; neither is he as somebody's deputy."""
    gone = staff(member(p.safety, posts=GONE))
    assert names(Relation.RESPONSIBLE, case=CASE, directory=gone, now=p.MORNING + timedelta(days=8)) == ["safety"]
    assert names(Relation.RESPONSIBLE, case=CASE, directory=gone) == []
    stands_in = staff(member(p.safety, posts=GONE), member(p.owner, away=away("safety")))
    assert names(Role.ENTERPRISE_HEAD, case=CASE, directory=stands_in) == []


def test_nobody_found_tells_the_next_level_in_his_stead() -> None:
    """With the role that is vacant, and level by level until somebody is found."""
    above = [[Role.SAFETY_MANAGER], [Role.ENTERPRISE_HEAD, Role.VILLAGE_OFFICER], [Role.LISTING_AUTHORITY]]
    told = found(Relation.RESPONSIBLE, case=CASE, directory=staff(without=(p.safety,)), above=above)
    assert [one.member.id for one in told] == ["owner", "cadre", "second-cadre"]
    assert {one.missing for one in told} == {(Relation.RESPONSIBLE,)}


def test_one_role_vacant_leaves_the_others_told() -> None:
    """The checkers as they are; the head for the safety manager who is missing."""
    directory = staff(without=(p.safety,))
    told = found(
        Role.SAFETY_MANAGER, Role.TOWNSHIP_CHECKER, case=CASE, directory=directory, above=[[Role.ENTERPRISE_HEAD]]
    )
    assert [(one.member.id, one.missing) for one in told] == [
        ("checker", ()),
        ("second-checker", ()),
        ("owner", (Role.SAFETY_MANAGER,)),
    ]


def test_whoever_is_told_already_hears_of_the_vacancy() -> None:
    """Nobody twice."""
    told = found(
        Role.SAFETY_MANAGER,
        Role.ENTERPRISE_HEAD,
        case=CASE,
        directory=staff(without=(p.safety,)),
        above=[[Role.ENTERPRISE_HEAD]],
    )
    assert [(one.member.id, one.missing) for one in told] == [("owner", (Role.SAFETY_MANAGER,))]


def test_whoever_cannot_be_reached_counts_as_nobody() -> None:
    """No address: the next level."""
    mute = staff(member(p.safety, reach=()))
    assert names(Relation.RESPONSIBLE, case=CASE, directory=mute, above=[[Role.ENTERPRISE_HEAD]]) == ["owner"]


def test_in_a_confidential_matter_nobody_of_the_party_is_told() -> None:
    """Not by his post, not as responsible, not as somebody's deputy, and not by the next level."""
    everybody = [Relation.RESPONSIBLE, *(role for role in Role if role is not Role.VILLAGE_OFFICER)]
    told = names(*everybody, case=CASE, withheld=True, above=[[Role.ENTERPRISE_HEAD]])
    assert told
    assert not {"owner", "safety", "worker", "mechanic", "steward"} & set(told)
    assert names(Relation.RESPONSIBLE, case=CASE, withheld=True, above=[[Role.ENTERPRISE_HEAD], [Role.REGULATOR]]) == [
        "regulator"
    ]
    spy = staff(member(p.regulator, away=away("safety")))
    assert names(Role.REGULATOR, case=CASE, withheld=True, directory=spy) == []


def test_nobody_answers_a_proposal_about_his_own_house() -> None:
    """The township's hall is the party: its leader signs nothing about it."""
    hall = CASE.but(party=p.TOWN_HALL)
    assert names(Role.TOWNSHIP_LEAD, case=hall, withheld=True, above=[[Role.SAFETY_COMMITTEE]]) == [
        "secretary",
        "second-secretary",
    ]


def test_the_empty_directory_tells_nobody() -> None:
    """And nothing breaks."""
    assert found(*Role, *Relation, case=CASE, directory=Directory(), above=[list(Role)], urgent=True) == []
    assert found(*Role, *Relation, case=Case()) == []


WATCHES = (
    Duty(area="320623", person="regulator", since=NOW, until=NOW + timedelta(hours=8)),
    Duty(area="320623104", person="checker", since=NOW, until=NOW + timedelta(hours=8)),
    Duty(area="3206", person="inspector", since=NOW, until=NOW + timedelta(hours=8)),
    Duty(area="320684", person="neighbour-officer", since=NOW, until=NOW + timedelta(hours=8)),
)


def test_the_watch_is_the_nearest_and_in_danger_all_of_them() -> None:
    """Whose watch it is at that minute: the end is not included."""
    rota = staff(duty=WATCHES)
    assert names(Relation.DUTY_OFFICER, case=CASE, directory=rota) == ["checker"]
    late = NOW + timedelta(hours=8)
    assert names(Relation.DUTY_OFFICER, case=CASE, directory=rota, now=late) == []
    told = names(Role.REGULATOR_LEAD, case=CASE, directory=rota, urgent=True)
    assert told == ["director", "deputy", "checker", "regulator", "inspector"]


LISTING = {"listings": {"listing-4": "county-gov"}, "extension_by": ("listing-4",)}


@pytest.mark.parametrize(
    ("relation", "changes", "expected"),
    [
        (Relation.FINDER, {"finders": (person(p.officer),)}, ["officer"]),
        (Relation.FINDER, {"finders": (person(p.worker),)}, []),
        (
            Relation.FINDER,
            {"finders": (person(p.worker),), "found_by": (p.ref(p.TOWN),)},
            ["checker", "second-checker"],
        ),
        (Relation.REVIEWER, {"ordered_by": "fire", "origin": Origin.INSPECTION}, ["fireman", "second-fireman"]),
        (Relation.REVIEWER, {"competent": "town"}, ["town-officer", "second-town-officer"]),
        (Relation.REVIEWER, {"competent": None, "sector": "fire"}, ["fireman", "second-fireman"]),
        (
            Relation.REVIEWER,
            {"competent": None, "origin": Origin.PATROL, "found_by": (p.ref(p.VILLAGE),)},
            ["cadre", "second-cadre"],
        ),
        (Relation.DECIDER, {"extension_by": ("internal",)}, ["owner"]),
        (Relation.DECIDER, {"extension_by": ("internal",), "extension_by_head": True}, ["town-lead"]),
        (Relation.DECIDER, {"extension_by": ("order:fire",)}, ["fire-chief"]),
        (Relation.DECIDER, {"extension_by": ("assignment",), "assigned_by": "town"}, ["town-lead"]),
        (Relation.DECIDER, LISTING, ["mayor"]),
        (Relation.DECIDER, LISTING | {"listings": {"listing-4": "em"}}, ["mayor"]),
        (Relation.SENDER, {"transfer_from": "town"}, ["town-lead"]),
        (Relation.RECEIVER, {"transfer_to": "fire"}, ["fire-chief"]),
        (
            Relation.SUPERVISOR,
            {"listings": {"a": "em", "b": "committee"}},
            ["director", "deputy", "secretary", "second-secretary"],
        ),
        (Relation.SENDER, {}, []),
    ],
)
def test_each_part_in_the_matter_has_its_people(
    relation: Relation, changes: dict[str, object], expected: list[str]
) -> None:
    """As contracts/policy.py says of each."""
    case = CASE.but(competent="em").but(**changes)
    all_of_them = names(relation, case=case)
    assert all_of_them[: len(expected)] == expected
    assert bool(all_of_them) is bool(expected)


def test_a_finder_who_left_is_stood_in_for_by_his_colleagues() -> None:
    """The checkers of the body that found it."""
    left = member(p.checker, posts=(Post(role=Role.TOWNSHIP_CHECKER, body="town", until=p.day(1)),))
    case = CASE.but(finders=(person(p.checker),), found_by=(p.ref(p.TOWN),))
    assert names(Relation.FINDER, case=case) == ["checker"]
    assert names(Relation.FINDER, case=case, directory=staff(left))[0] == "second-checker"


def test_people_are_looked_up_not_searched() -> None:
    """Each question looks at the posts of its place alone."""
    crowd = [
        Member(
            id=f"x{number}",
            name="众人",
            posts=(Post(role=Role.SAFETY_MANAGER, enterprise=f"e{number}"),),
            reach=(Address(channel="log"),),
        )
        for number in range(2_000)
    ]
    directory = staff(*crowd)
    assert len(directory.posts.at("factory", Role.SAFETY_MANAGER, DAY)) == 1
    assert directory.posts is directory.posts
    assert names(Role.SAFETY_MANAGER, case=CASE, directory=directory) == ["safety"]
