"""Signed links: only their holder may say that a notice was seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.delivering.links import Linked, Links

KEY = b"k" * 32
LINKS = Links("https://bihuan.example/", KEY)
SUBJECT = "notices.32.06.hazard.5f0c1d2e-0000-5000-8000-000000000001.3c"


def test_a_link_names_notice_and_person() -> None:
    """And stands under the public address."""
    link = LINKS.link(SUBJECT, "owner")
    assert link.startswith("https://bihuan.example/n/")
    assert LINKS.read(link.rpartition("/")[2]) == Linked(SUBJECT, "owner")


def test_another_key_opens_nothing() -> None:
    """A link of another tenant, or from before the key was changed."""
    assert Links("https://bihuan.example", b"K" * 32).read(LINKS.token(SUBJECT, "owner")) is None


def test_a_link_for_one_is_no_link_for_another() -> None:
    """The words of one with the signature of the other."""
    mine, his = LINKS.token(SUBJECT, "owner"), LINKS.token(SUBJECT, "safety")
    assert LINKS.read(f"{his.partition('.')[0]}.{mine.partition('.')[2]}") is None


@given(st.integers(0, 400), st.characters())
def test_one_character_changed_makes_it_worthless(place: int, other: str) -> None:
    """Whichever it is, also where it stands for the same bytes."""
    token = LINKS.token(SUBJECT, "owner")
    place %= len(token)
    forged = token[:place] + other + token[place + 1 :]
    assert forged == token or LINKS.read(forged) is None


@pytest.mark.parametrize("token", ["", ".", "a.b", "a" * 5000, "é.ü", "%00.%00", "=.=", "\ud800.a"])
def test_garbage_opens_nothing(token: str) -> None:
    """And is no error."""
    assert LINKS.read(token) is None


def test_a_weak_key_or_a_strange_address_is_refused() -> None:
    """With a sentence that says what to do."""
    with pytest.raises(ValueError, match="密钥"):
        Links("https://bihuan.example", b"short")
    with pytest.raises(ValueError, match="https://"):
        Links("bihuan.example", KEY)


def test_the_key_is_not_shown() -> None:
    """Not even in a traceback."""
    assert "kkk" not in repr(LINKS)
