"""Cutting a text, and letters one after the other."""

import json

import pytest

from services.notifier.channels.fitting import ELSEWHERE, fitted, redacted, weight
from services.notifier.channels.pace import Pace


@pytest.mark.parametrize("text", ["隐患" * 500, '"\\\n' * 500, "e\u0301" * 500, "👩\u200d🚒" * 200, "\x00" * 300])
@pytest.mark.parametrize("limit", range(100, 112))
def test_a_cut_text_fits_and_ends_at_a_whole_character(text: str, limit: int) -> None:
    """As JSON it has at most that many bytes; accents and joined signs stay with their letters."""
    cut = fitted(text, limit)
    assert len(json.dumps(cut, ensure_ascii=False).encode()) - 2 <= limit
    kept = cut.removesuffix(ELSEWHERE)
    assert text.startswith(kept)
    assert kept != cut
    assert not text[len(kept) :].startswith(("\u0301", "\u200d"))
    assert not kept.endswith("\u200d")


def test_what_fits_is_left_alone() -> None:
    """To the byte."""
    assert fitted("隐患" * 10, 60) == "隐患" * 10
    assert weight('隐"\n') == 3 + 2 + 2


def test_words_of_a_vendor_lose_addresses_numbers_and_tokens() -> None:
    """What remains is what went wrong."""
    said = "bad token 0123456789abcdef0123456789abcdef for a.b@c.cn 13800000000, see https://x.cn/?k=1 (93000)"
    assert redacted(said) == "bad token *** for *** ***, see *** (93000)"


async def test_letters_keep_their_distance() -> None:
    """Five a second: the first goes at once, each other a fifth of a second after the one before, also after a rest."""
    clock, slept = [100.0], list[float]()

    async def _sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))

    pace = Pace(0.2, lambda: clock[0], _sleep)
    for _ in range(3):
        await pace.turn()
    clock[0] = 200.0
    for _ in range(2):
        await pace.turn()
    assert slept == [0.2, 0.4, 0.2]
