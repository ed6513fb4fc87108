"""What the robots of DingTalk, Feishu and WeCom share: an error code inside HTTP 200, limits, a group of people.

A letter in a group is read by all of it: its draft is for the signer, and stays out.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json

from services.notifier.channels.base import LATER, Clock, Letter, NotDelivered
from services.notifier.channels.fitting import redacted
from services.notifier.channels.posting import TOTAL, WAIT, Answer, Poster, judge, waiting

GARBLED: Final = "看不懂对方的答复，不知是否送达，将重发。The answer makes no sense; it goes again."
ASCII_DIGITS: Final = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an error code means for us."""

    advice: str
    final: bool = True
    wait: float | None = None
    unusable: bool = False


BUSY: Final = Verdict("对方系统繁忙，将重发。Busy; it goes again.", final=False)
TOO_FAST: Final = Verdict("发送太快，稍后重发。Too many in a minute; it goes again later.", final=False, wait=WAIT)


def mend(advice: str) -> Verdict:
    """The robot's fault and not the letter's: it waits until somebody did what the advice says."""
    return Verdict(advice, final=False, wait=LATER, unusable=True)


@dataclass(frozen=True, slots=True)
class Said:
    """The code and words of an answer."""

    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: the body, and what the address carries besides the robot's key."""

    body: Mapping[str, object]
    params: Mapping[str, str]


class Robot(ABC):
    """A robot of a group, by its webhook."""

    codes: Mapping[int, Verdict]

    def __init__(
        self,
        name: str,
        url: str,
        *,
        secret: str | None = None,
        clock: Clock,
        per_minute: int | None,
        total: float = TOTAL,
    ) -> None:
        """`clock` signs; the machine's own may be wrong."""
        self.name = name
        self.per_minute = per_minute
        self.secret = secret
        self.clock = clock
        self._poster = Poster(url, total=total)

    async def send(self, letter: Letter) -> str | None:
        """None of them gives an id that could be asked for later."""
        message = self.message(letter)
        answer = await self._poster.post(to_json(message.body), params=message.params)
        said = self.said(_object(answer))
        if said is None:
            judge(answer, self.clock)
            raise NotDelivered(GARBLED)
        if said.code != 0:
            raise self._refused(said, answer)
        judge(answer, self.clock)
        return None

    async def close(self) -> None:
        """Let go of its connections."""
        await self._poster.close()

    @abstractmethod
    def message(self, letter: Letter) -> Message:
        """As this vendor wants it, signed."""

    def said(self, answer: Mapping[str, Any]) -> Said | None:
        """What the answer says; None if it says nothing."""
        return coded(answer, "errcode", "errmsg")

    def verdict(self, said: Said) -> Verdict | None:
        """What the vendor's page says of that code; None for one that it does not name."""
        return self.codes.get(said.code)

    def _refused(self, said: Said, answer: Answer) -> NotDelivered:
        found = self.verdict(said)
        if found is None:
            words = redacted(said.words)
            return NotDelivered(
                f"对方报错 {said.code}（{words}），将重发。It goes again.", wait=waiting(answer, self.clock)
            )
        wait = None if found.final else waiting(answer, self.clock) or found.wait
        return NotDelivered(f"{found.advice}（{said.code}）", final=found.final, wait=wait, unusable=found.unusable)


def coded(answer: Mapping[str, Any], code: str, words: str) -> Said | None:
    """The code under that key, if it is a number."""
    found = answer.get(code)
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return Said(found, str(answer.get(words, "")))


def is_mobile(to: str) -> bool:
    """A telephone number rather than a user id."""
    digits = to.removeprefix("+").replace("-", "")
    return len(digits) >= len("13800000000") and set(digits) <= ASCII_DIGITS


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
