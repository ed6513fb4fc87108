"""Another system's address: JSON, signed so that it can tell that it comes from here, when, and unaltered.

Bihuan-Notice: the notice's id, the same at each attempt
Bihuan-Timestamp: seconds since 1970
Bihuan-Signature: sha256=HEX(HMAC-SHA256(secret, timestamp + "." + body))
"""

import hashlib
import hmac
from datetime import timedelta
from typing import Final

from pydantic_core import to_json

from services.notifier.channels.base import EPOCH, LATER, Clock, Letter, NotDelivered
from services.notifier.channels.posting import TOTAL, Poster, judge

GONE: Final = 410


class Webhook:
    """签名回调. Any 2xx takes the letter; 410 says that nobody listens there any more."""

    def __init__(
        self,
        name: str,
        url: str,
        *,
        secret: str,
        clock: Clock,
        per_minute: int | None = None,
        total: float = TOTAL,
    ) -> None:
        self.name = name
        self.per_minute = per_minute
        self._secret = secret.encode()
        self._clock = clock
        self._poster = Poster(url, total=total)

    async def send(self, letter: Letter) -> str | None:
        """The receiver gives no id."""
        body = to_json(_told(letter))
        timestamp = str((self._clock() - EPOCH) // timedelta(seconds=1))
        headers = {
            "Bihuan-Notice": letter.notice_id,
            "Bihuan-Timestamp": timestamp,
            "Bihuan-Signature": signature(self._secret, timestamp, body),
        }
        answer = await self._poster.post(body, headers=headers)
        if answer.status == GONE:
            raise NotDelivered(
                "对方已停止接收（HTTP 410）：请从渠道文件删去。Nobody listens there any more.",
                wait=LATER,
                unusable=True,
            )
        judge(answer, self._clock)
        return None

    async def close(self) -> None:
        """Let go of its connections."""
        await self._poster.close()


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """As the header carries it; compare it with hmac.compare_digest."""
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _told(letter: Letter) -> dict[str, object]:
    return {
        "notice": letter.notice_id,
        "title": letter.title,
        "text": letter.text,
        "level": letter.level,
        "hazard": letter.hazard,
        "to": letter.to,
        "link": letter.link,
        "draft": letter.draft,
    }
