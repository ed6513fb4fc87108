"""Makes a text fit: cut to what vendors allow at whole characters; disarmed of what their markup would obey."""

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate
from typing import Final

from pydantic_core import to_json

ELSEWHERE: Final = "\n……全文见系统。"
"""Says that something was cut."""

_MARKUP: Final = str.maketrans("[]<>`*", "［］＜＞｀＊")
_SECRETS: Final = re.compile(r"https?://\S+|\S+@\S+|[A-Za-z0-9+/_=-]{20,}|\d{7,}")
_JOINERS: Final = frozenset("\u200d\ufe0e\ufe0f")


def plain(text: str) -> str:
    """The text with full-width brackets: whoever describes a hazard can neither call a group nor hide a link."""
    return text.translate(_MARKUP)


def weight(text: str) -> int:
    """Bytes of it within a JSON body."""
    return len(to_json(text)) - 2


def fitted(text: str, limit: int, tail: str = ELSEWHERE) -> str:
    """At most that many bytes of JSON: the whole text, or its beginning and the tail. The tail must fit."""
    if weight(text) <= limit:
        return text
    sums = list(accumulate(map(weight, text)))
    end = bisect_right(sums, limit - weight(tail))
    while 0 < end < len(text) and _belongs(text[end - 1], text[end]):
        end -= 1
    return text[:end] + tail


def redacted(text: str) -> str:
    """A vendor's words without addresses, numbers and tokens, as logs and reasons may hold them."""
    return _SECRETS.sub("***", text)


def one_line(text: str) -> str:
    """Fit for a header: no line end, no control character."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _belongs(before: str, after: str) -> bool:
    return bool(unicodedata.combining(after)) or after in _JOINERS or before == "\u200d"
