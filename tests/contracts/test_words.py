import inspect
import re
from enum import StrEnum
from typing import get_args

import pytest

from contracts import terms, words
from contracts.commands import COMMANDS
from contracts.events import EVENTS, VerificationClass

CHINESE = re.compile("[\u4e00-\u9fff]")
LISTS = [
    one for _, one in inspect.getmembers(terms, inspect.isclass) if issubclass(one, StrEnum) and one is not StrEnum
]
MEMBERS = [pytest.param(member, id=f"{type(member).__name__}.{member}") for one in LISTS for member in one]


@pytest.mark.parametrize("member", MEMBERS)
def test_every_member_of_every_list_has_a_chinese_word(member: StrEnum) -> None:
    """Nobody in a safety office is shown an English id."""
    assert CHINESE.search(words.term(member))


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.__name__)
def test_no_two_members_of_a_list_share_a_word(one: type[StrEnum]) -> None:
    """Two stages that read alike could not be told apart in a ledger."""
    spoken = [words.term(member) for member in one]
    assert len(set(spoken)) == len(spoken)


def test_no_two_lists_share_an_id() -> None:
    """A stage and a flag of one id would have to share one word."""
    ids = [f"{words.LISTS[one]}{member}" for one in LISTS for member in one]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", [*EVENTS, *COMMANDS])
def test_every_event_and_command_is_called_by_a_chinese_term(name: str) -> None:
    """The docstring of an act leads with its Chinese term, and the screen shows that term alone."""
    spoken = words.act(name)
    assert CHINESE.search(spoken)
    assert not re.search("[A-Za-z]", spoken)


@pytest.mark.parametrize("letter", get_args(VerificationClass))
def test_every_verification_class_has_a_word(letter: VerificationClass) -> None:
    """Six classes of verification, six words."""
    assert CHINESE.search(words.verification_class(letter))


def test_a_sector_has_a_word_or_is_shown_as_it_is() -> None:
    """A county may name sectors of its own."""
    assert words.sector("industry_trade") == "工贸"
    assert words.sector("moon_mining") == "moon_mining"
    assert words.sector(None) is None


def test_a_submitted_hazard_is_never_shown_as_rectified() -> None:
    """A claim is a claim: 已整改 is said of nothing that only the enterprise says."""
    assert "已整改" not in words.stage(terms.Stage.SUBMITTED)


def test_a_closed_hazard_tells_how() -> None:
    """Rectified and ceased are different columns; a closure kind means nothing at another stage."""
    assert words.stage(terms.Stage.CLOSED, terms.ClosureKind.CEASED) == "灭失销号（关停、拆除）"
    assert words.stage(terms.Stage.CLOSED) == "已销号"
    assert words.stage(terms.Stage.VERIFIED, terms.ClosureKind.CEASED) == "复查合格·待销号"


def test_an_event_and_its_command_are_found_by_name_or_class() -> None:
    """The term is the leading word of the docstring."""
    assert words.act("hazard.found") == words.act(EVENTS["hazard.found"]) == "隐患登记"
    assert words.act("find_hazard") == words.act(COMMANDS["find_hazard"]) == "登记隐患"


def test_a_missing_word_says_which_and_where_to_add_it() -> None:
    """The message is for the programmer who forgot it."""
    with pytest.raises(KeyError, match=r"no word for 'origin\.dream': add it to contracts/words\.py"):
        words.word("origin.dream")
    with pytest.raises(KeyError, match=r"no event or command is called 'hazard\.dreamt'"):
        words.act("hazard.dreamt")


def test_a_refusal_names_what_stands_in_the_way() -> None:
    """The placeholders of policy.md are filled by name."""
    assert words.refused("stage", 环节=words.stage(terms.Stage.ASSIGNED)) == "当前环节不能办理：待整改"
    assert words.refused("separation", 姓名="周建国", 职="整改完成人") == "须回避：周建国已任整改完成人"
    assert words.refused("area") == "不在管辖范围"


@pytest.mark.parametrize("names", [{}, {"角色": "企业主要负责人"}, {"环节": "待整改", "角色": "企业主要负责人"}])
def test_a_refusal_with_a_hole_or_a_surplus_is_a_mistake(names: dict[str, str]) -> None:
    """A sentence that lacks a name, or was given one it does not speak of, was meant otherwise."""
    with pytest.raises(TypeError, match=r"refused\.stage speaks of \['环节'\]"):
        words.refused("stage", **names)


def test_several_roles_are_read_as_one_of_them() -> None:
    """Whoever is refused learns everybody who may do it."""
    assert words.roles([terms.Role.OFFICER, terms.Role.REGULATOR]) == "行政执法人员（持证）或监管部门工作人员"
