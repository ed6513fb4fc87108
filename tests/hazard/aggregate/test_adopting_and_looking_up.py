"""采用策略, the clause library, and the directory's powers with their dates."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import reduce

import pytest
from pydantic import ValidationError

from contracts import commands as do
from contracts.directory import Body, Delegation, Directory
from contracts.envelope import Unreadable
from contracts.parties import Actor
from contracts.terms import Power, Role
from services.hazard.aggregate.adoption import PolicyHistory, decide_policy, evolve_policy
from services.hazard.aggregate.clauses import TEXT_MISSING, Article, ClauseLibrary, Standard
from services.hazard.aggregate.refusals import CODES, NotPermitted, RuleBroken, Unclear
from services.hazard.library import load_clauses
from tests import deeds as d
from tests import props as p
from tests.scenario import days, given

ORDER10 = ("工贸企业重大事故隐患判定标准", "应急管理部令第10号")


def adopt(content: str = "rules: []", actor: Actor = p.director, area: str = "320623") -> do.AdoptPolicy:
    """The county's file."""
    return do.AdoptPolicy(
        command_id="a-1", actor=actor, occurred_at=p.MORNING, area=area, name="县级催办规则", content=content
    )


def after(*contents: str) -> PolicyHistory:
    """Adopted one after the other."""
    history = PolicyHistory()
    for content in contents:
        [event] = decide_policy(adopt(content), history, p.WORLD)
        history = evolve_policy(history, event)
    return history


def test_the_hash_of_the_file_is_its_version() -> None:
    """In the order of adoption."""
    assert after("a: 1", "b: 2").adopted == tuple(hashlib.sha256(text).hexdigest() for text in (b"a: 1", b"b: 2"))
    [event] = decide_policy(adopt("条: 一"), PolicyHistory(), p.WORLD)
    assert event.sha256 == hashlib.sha256("条: 一".encode()).hexdigest()


def test_the_same_file_twice_in_a_row_adds_nothing() -> None:
    """But one may come back to an earlier file."""
    with pytest.raises(RuleBroken) as refused:
        decide_policy(adopt("a: 1"), after("a: 1"), p.WORLD)
    assert refused.value.code == "already_adopted"
    assert len(after("a: 1", "b: 2", "a: 1").adopted) == 3


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REGULATOR_LEAD], ids=str)
def test_only_a_regulators_lead_adopts(role: Role) -> None:
    """Nobody else, the auditor and the machine among them."""
    with pytest.raises(NotPermitted) as refused:
        decide_policy(adopt(actor=p.director.model_copy(update={"roles": (role,)})), PolicyHistory(), p.WORLD)
    assert refused.value.code == "role"


@pytest.mark.parametrize(
    ("actor", "area", "may"),
    [
        (p.director, "320623", True),
        (p.director, "320623104", True),
        (p.city_director, "320623", True),
        (p.director, "3206", False),
        (p.director, "320684", False),
    ],
)
def test_for_its_own_area_and_below(actor: Actor, area: str, *, may: bool) -> None:
    """The county for its townships, not for the city or the neighbour."""
    if may:
        assert decide_policy(adopt(actor=actor, area=area), PolicyHistory(), p.WORLD)
    else:
        with pytest.raises(NotPermitted) as refused:
            decide_policy(adopt(actor=actor, area=area), PolicyHistory(), p.WORLD)
        assert refused.value.code == "area"


@pytest.mark.parametrize(("why", "code"), [("newer_schema", "newer_schema"), ("damaged", "damaged_history")])
def test_nobody_adopts_over_what_he_cannot_read(why: str, code: str) -> None:
    """And folding goes on."""
    strange = Unreadable(why, "policy.foreseen 3")  # type: ignore[arg-type]
    history = evolve_policy(after("a: 1"), strange)
    assert history.version == 2
    with pytest.raises(Unclear) as refused:
        decide_policy(adopt("b: 2"), history, p.WORLD)
    assert refused.value.code == code
    assert code in CODES


def test_what_is_no_policy_is_refused() -> None:
    """With the sentence that the shell read it with; who may not adopt hears nothing of it."""
    world = replace(p.WORLD, unusable="县级催办规则:3 规则 G07 梯级 late：after：不得为负")
    with pytest.raises(RuleBroken, match="G07") as refused:
        decide_policy(adopt(), PolicyHistory(), world)
    assert (refused.value.code, refused.value.field) == ("unusable_policy", "content")
    with pytest.raises(NotPermitted):
        decide_policy(adopt(actor=p.officer), PolicyHistory(), world)


def test_no_policy_of_tomorrow() -> None:
    """Adopted when it is said to be, not ahead."""
    with pytest.raises(RuleBroken):
        decide_policy(adopt().model_copy(update={"occurred_at": days(1)}), PolicyHistory(), p.WORLD)


def test_folding_refuses_nothing() -> None:
    """A hazard's event in a policy's history only counts."""
    assert reduce(evolve_policy, given(d.MAJOR_CLOSED).history, PolicyHistory()).adopted == ()


def test_clauses_are_quoted_or_said_to_be_missing() -> None:
    """条文待录入 where the article is not complete here; None where it cannot exist."""
    library = load_clauses()
    assert library.text(*ORDER10, 3, 2) == "特种作业人员未按照规定经专门的安全作业培训并取得相应资格，上岗作业的"
    assert library.text(*ORDER10, 11, 3) == TEXT_MISSING == "条文待录入"
    assert library.text(*ORDER10, 3, 4) is None, "article 3 has three items"
    assert library.text(*ORDER10, 15, None) is None
    assert library.text(*ORDER10, None, None) is None
    assert library.text("没有的标准", "第1号", 3, 1) is None
    assert (library.text(*ORDER10, 14, None) or "").startswith("本标准所列情形")


def test_a_clause_by_its_article_alone() -> None:
    """A whole article stands for what it applies to; an incomplete one is missing."""
    articles = {
        1: Article(1, "总则", complete=True, items={1: "甲"}),
        2: Article(2, "分则", complete=False, items={1: "乙"}),
        3: Article(3, "附则", complete=True, text="全文"),
    }
    library = ClauseLibrary({("标准", "1号"): Standard("标准", "1号", articles)})
    texts = [library.text("标准", "1号", article, None) for article in (1, 2, 3)]
    assert texts == ["总则", TEXT_MISSING, "全文"]


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), True),
        (date(2025, 6, 1), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
    ],
)
def test_a_delegation_holds_from_its_first_to_its_last_day(day: date, *, holds: bool) -> None:
    """Not yet, yes, no longer."""
    delegation = Delegation(
        power=Power.ORDER_CORRECTION, basis="赋权清单", since=date(2024, 1, 1), until=date(2025, 12, 31)
    )
    body = Body(id="b", name="镇", area="320623104", powers=(delegation,))
    assert body.has(Power.ORDER_CORRECTION, day) is holds
    assert not body.has(Power.PENALISE, day)


def test_the_day_of_a_power_is_the_sites() -> None:
    """23:30 UTC on New Year's Eve is New Year's morning at the site."""
    assert p.WORLD.day(datetime(2023, 12, 31, 23, 30, tzinfo=UTC)) == date(2024, 1, 1)


def test_whom_to_transfer_to() -> None:
    """The nearest body that has the power for that sector there on that day."""
    nearest = p.DIRECTORY.competent_for("industry_trade", p.VILLAGE_AREA, Power.ORDER_CORRECTION, p.SAME_DAY)
    assert nearest is not None
    assert nearest.id == "town"
    penalty = p.DIRECTORY.competent_for("fire", p.VILLAGE_AREA, Power.PENALISE, p.SAME_DAY)
    assert penalty is not None
    assert penalty.id == "fire"
    assert p.DIRECTORY.competent_for("mines", p.VILLAGE_AREA, Power.PENALISE, p.SAME_DAY) is None


def test_above_is_by_the_chain_of_superiors() -> None:
    """Not by the area alone; and a chain has an end."""
    assert p.DIRECTORY.is_above("city-em", "em")
    assert p.DIRECTORY.is_above("city-gov", "village")
    assert not p.DIRECTORY.is_above("em", "town"), "the department is not the township's superior"
    assert not p.DIRECTORY.is_above("em", "em")
    with pytest.raises(ValidationError, match="own superior"):
        Directory(
            bodies=(
                Body(id="a", name="甲", area="32", superior="b"),
                Body(id="b", name="乙", area="32", superior="a"),
            )
        )
