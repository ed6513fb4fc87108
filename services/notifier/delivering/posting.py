"""One attempt: take the lease, give the letter to the channel, record what it said.

Whatever dies wherever: the lease runs out and the next one takes over, under the same notice id. So a letter goes at
least once; it goes twice only where nobody knows whether it went.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog

from contracts.base import CONTROL, MAX_NAME, Name, short_number
from contracts.directory import Directory, Member
from contracts.notices import Claimed, Failed, Notice, Sent
from services.journal import wire
from services.notifier.channels.base import Channel, Letter, NotDelivered
from services.notifier.delivering.life import Life
from services.notifier.delivering.links import Links
from services.notifier.delivering.notices import Notices

log = structlog.get_logger(__name__)

ATTEMPTS: Final = 8
"""On one channel; then it is given up."""
CONFLICTS: Final = 5
UNKNOWN: Final = "没有渠道 {}：请在 channels 文件里补上，再用 bihuan notices replay 重发。No such channel"
SILENT: Final = "渠道 {} 在 {:g} 秒内没有应答，稍后再试：no answer in time"
BROKEN: Final = "渠道 {} 出错（{}），稍后再试，详情见日志：the channel failed"


@dataclass(frozen=True)
class Means:
    """What every attempt stands on."""

    notices: Notices
    channels: Mapping[str, Channel]
    directory: Callable[[], Directory]
    """As it is now: addresses are looked up when a letter goes, and kept nowhere."""
    clock: Callable[[], datetime]
    """The event store's."""
    name: str
    """In whose hands: no two processes have the same."""
    links: Links | None = None
    lease: timedelta = timedelta(seconds=60)
    patience: timedelta = timedelta(seconds=20)
    """With one channel; well within the lease."""


class Outcome(NamedTuple):
    """The life after an attempt; without trouble it was sent."""

    life: Life
    trouble: NotDelivered | None = None


@dataclass(frozen=True)
class Posting:
    """Attempts on channels."""

    means: Means

    async def attempt(self, life: Life, notice: Notice, member: Member, way: str, *, last: bool) -> Outcome:
        """On the channel `way`; if it gives up on the `last` one, the notice failed for good.

        Raises Conflict where another notifier was quicker, before anything was sent.
        """
        number = life.attempts.get(way, 0) + 1
        channel = self.means.channels.get(way)
        if channel is None:
            trouble = NotDelivered(UNKNOWN.format(way), final=True)
            return Outcome(await self.fail(life, way, trouble.reason, final=last), trouble)
        now = self.means.clock()
        until = now + self.means.lease
        held = await self.means.notices.append(
            life, Claimed(at=now, by=self.means.name, channel=way, attempt=number, lease_until=until)
        )
        told = await self._send(channel, self._letter(held, notice, member, way))
        if isinstance(told, NotDelivered):
            return Outcome(await self._record(held, self._failed(way, number, told, last=last)), told)
        sent = Sent(at=self.means.clock(), channel=way, attempt=number, vendor_id=one_line(told) if told else None)
        return Outcome(await self._record(held, sent))

    async def fail(self, life: Life, way: str, reason: str, *, final: bool) -> Life:
        """Without an attempt: there is nothing to try. Raises Conflict."""
        number = life.attempts.get(way, 0) + 1
        trouble = NotDelivered(reason, final=True)
        return await self.means.notices.append(life, self._failed(way, number, trouble, last=final))

    def _failed(self, way: str, number: int, trouble: NotDelivered, *, last: bool) -> Failed:
        over = trouble.final or number >= ATTEMPTS
        return Failed(
            at=self.means.clock(),
            channel=way,
            attempt=number,
            reason=one_line(trouble.reason),
            final=last and over,
            given_up=over,
            unusable=trouble.unusable,
        )

    def _letter(self, life: Life, notice: Notice, member: Member, way: str) -> Letter:
        return Letter(
            notice_id=notice.id,
            title=notice.title,
            text=notice.text,
            to=next((one.to for one in member.reach if one.channel == way), None),
            link=self.means.links.link(life.subject, notice.person.id) if self.means.links else None,
            draft=notice.draft,
            hazard=short_number(notice.hazard_id) if notice.hazard_id else None,
            level=notice.level,
        )

    async def _send(self, channel: Channel, letter: Letter) -> str | NotDelivered | None:
        """What the channel said; whatever else it does is a failure that may pass."""
        seconds = self.means.patience.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await channel.send(letter)
        except NotDelivered as trouble:
            return trouble
        except TimeoutError:
            return NotDelivered(SILENT.format(channel.name, seconds))
        except Exception as error:
            log.exception("channel.failed", channel=channel.name, notice=letter.notice_id)
            return NotDelivered(BROKEN.format(channel.name, type(error).__name__))

    async def _record(self, held: Life, record: Sent | Failed) -> Life:
        """After our claim; where the lease ran out meanwhile and another took it over, it is his to tell."""
        life = held
        for _ in range(CONFLICTS):
            try:
                return await self.means.notices.append(life, record)
            except wire.Conflict:
                life = await self.means.notices.life(held.subject)
                if life.standing != "claimed" or life.attempts != held.attempts:
                    return life
        return life


def one_line(said: str) -> Name:
    """As a record keeps it: of one line, visible, not too long; whatever a vendor answered."""
    line = " ".join(CONTROL.sub(" ", said).split())
    return line[:MAX_NAME] or "?"
