"""A notice and its delivery, as the command line tells them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from nats.aio.client import Client

from contracts import subjects
from contracts.notices import Notice
from services.journal import streams
from services.journal.events import EventStore
from services.notifier.delivering.carried import Carriers, is_copy
from services.notifier.delivering.life import Life
from services.notifier.delivering.notices import Notices

STATES: Final = {
    "queued": "待发送",
    "claimed": "发送中",
    "sent": "已发送",
    "failed": "未能送达",
    "dropped": "不再发送",
    "acknowledged": "已阅",
}
RETRIED: Final = "重试中"


@dataclass(frozen=True)
class Told:
    """A notice, and the life that says how it stands: its own, or that of the digest in which it went."""

    notice: Notice
    life: Life
    by: Life | None

    @property
    def state(self) -> str:
        """Of a reminder that waits for its digest: queued."""
        return self.by.state if self.by else "queued"

    @property
    def word(self) -> str:
        """In Chinese."""
        return RETRIED if self.state == "failed" and self.by and not self.by.final else STATES[self.state]

    @property
    def at(self) -> datetime | None:
        """When it came to stand so."""
        if self.by is not None and self.by.acknowledged is not None:
            return self.by.acknowledged.at
        return (self.by or self.life).at

    def machine(self, *, text: bool) -> dict[str, Any]:
        """For a program; with all its words where they are asked for."""
        by = self.by or self.life
        words = {"text", "draft"} if not text else set()
        return {
            **self.notice.model_dump(mode="json", exclude_none=True, exclude=words),
            "state": self.state,
            "at": self.at,
            "queued_at": self.life.queued_at,
            "not_before": by.not_before,
            "channel": by.channel,
            "attempts": dict(by.attempts),
            "final": by.final,
            "reason": by.reason,
            "vendor_id": by.vendor_id,
            "sent_at": by.sent_at,
            "acknowledged_by": by.seen.person.model_dump() if by.seen else None,
            "replays": by.replays,
            "again_by": by.again_by.model_dump() if by.again_by else None,
            "subject": self.life.subject,
        }


async def told(nc: Client, hazard: str | None = None) -> list[Told]:
    """About one hazard, or all there are; in the order in which they were recorded."""
    if await streams.stream_config(nc, subjects.NOTICES) is None:
        return []
    notices = Notices(EventStore(nc, subjects.NOTICES))
    carriers = Carriers(notices)
    lives = await notices.of_hazard(hazard) if hazard else await notices.read()
    if not hazard:
        carriers.learn(lives)
    return [
        Told(life.notice, life, life if life.notice.digest is None else await carriers.of(life))
        for life in lives
        if life.notice is not None and not is_copy(life)
    ]
