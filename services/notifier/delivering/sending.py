"""Bring a notice as far as it goes now: whose turn it is, which way, and when to go on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from contracts.directory import Member
from contracts.notices import Dropped, Notice
from contracts.policy import SIGNED_FROM
from services.journal import wire
from services.notifier.delivering import scheduling
from services.notifier.delivering.dead import DeadLetters
from services.notifier.delivering.lanes import CrowdedError, Lanes
from services.notifier.delivering.life import Life
from services.notifier.delivering.limits import Limits
from services.notifier.delivering.outdated import Reasons, unasked
from services.notifier.delivering.posting import ATTEMPTS, CONFLICTS, Means, Posting
from services.notifier.delivering.scheduling import Hours
from services.notifier.delivering.untold import Untold
from services.notifier.letters.recipients import NOBODY

BACK_OFF: Final = tuple(timedelta(seconds=wait) for wait in (5, 30, 120, 600, 1800, 3600, 3600))
"""After the first, second … failed attempt on a channel; after one more it is given up."""
TURN: Final = 2
"""Attempts on a channel, from L2 up, before the next is tried; where lives are in danger one, else all of them."""
LONGEST: Final = timedelta(days=1)
"""However long a vendor asks to wait."""
JUST_NOW: Final = timedelta(seconds=10)
"""What was queued within that time, and had not to wait, is sent without another look at its hazard."""
SLOT_HOLDS: Final = timedelta(seconds=30)
"""A robot's slot that was missed by more, since nobody was there, is taken anew."""
CROWDED: Final = 60
"""Seconds over which those who find a channel crowded spread, at most."""
GONE: Final = "目录里已没有此人：请核对 directory 文件，再用 bihuan notices replay 重发。No longer in the directory"
UNREACHABLE: Final = "此人没有可用的联系方式：请在 directory 文件里补上 reach，再重发。No address to reach him by"


class Taken(NamedTuple):
    """A slot of a robot, ours since we took it."""

    channel: str
    at: datetime


class Later(NamedTuple):
    """When to go on, and with which slot."""

    at: datetime
    slot: Taken | None = None
    leaves: bool = False
    """Not in the queue, however soon it is: too many of its kind wait there."""


class Sending:
    """Goes on with a notice; several may do so with the same one, and one of them does."""

    def __init__(
        self,
        means: Means,
        limits: Limits,
        dead: DeadLetters,
        hours: Hours,
        lanes: Lanes,
        reasons: Reasons = unasked,
        untold: Untold | None = None,
    ) -> None:
        self._means = means
        self._posting = Posting(means)
        self._limits = limits
        self._dead = dead
        self._hours = hours
        self._lanes = lanes
        self._reasons = reasons
        self._untold = untold

    async def go_on(self, subject: str, *, life: Life | None = None, slot: Taken | None = None) -> Later | None:
        """As far as it goes now; None: nothing is left to do. `life`, where it is known, spares loading it."""
        for _ in range(CONFLICTS):
            try:
                return await self._go_on(life or await self._means.notices.life(subject), slot)
            except wire.Conflict:
                life = None
            except CrowdedError as crowded:
                spread = max(1, min(CROWDED, int(crowded.wait)))
                return Later(self._means.clock() + timedelta(seconds=5 + int(subject[-4:], 16) % spread), leaves=True)
        return Later(self._means.clock() + BACK_OFF[0])

    async def _go_on(self, life: Life, slot: Taken | None) -> Later | None:
        notice, now = life.notice, self._means.clock()
        if notice is None or life.is_over:
            await self._dead.keep(life)
            return None
        if self._untold is not None and notice.person == NOBODY:
            if not await self._dropped(life, notice):
                await self._dead.keep(await self._untold.go_on(life.subject))
            return None
        waits = (life.leased(now), life.not_before, scheduling.not_before(notice, now, self._hours))
        if (wait := max((one for one in waits if one), default=now)) > now:
            return Later(wait)
        if await self._dropped(life, notice):
            return None
        member = self._means.directory().member(notice.person.id)
        ways = _ways(notice, member)
        if member is None or not ways:
            way, reason = notice.channels[0] if notice.channels else "none", UNREACHABLE if member else GONE
            await self._dead.keep(await self._posting.fail(life, way, reason, final=True))
            return None
        return await self._through(life, notice, member, ways, slot)

    async def _dropped(self, life: Life, notice: Notice) -> bool:
        """What waited, and is no longer so; raises Conflict."""
        now = self._means.clock()
        waited = life.replays or life.not_before or life.queued_at is None or now - life.queued_at > JUST_NOW
        if not waited:
            return False
        [reason] = await self._reasons([notice])
        if reason is not None:
            await self._means.notices.append(life, Dropped(at=now, reason=reason))
        return reason is not None

    async def _through(
        self, life: Life, notice: Notice, member: Member, ways: Sequence[str], slot: Taken | None
    ) -> Later | None:
        """The first channel that takes it; those less tried come at once, the same ones again after a while."""
        while True:
            way = choice(life, notice, ways)
            async with self._lanes.on(f"{way}!" if notice.urgent else way):
                if (wait := await self._slot(way, slot)) is not None:
                    return wait
                last = life.given_up.issuperset(one for one in ways if one != way)
                outcome = await self._posting.attempt(life, notice, member, way, last=last)
            life = outcome.life
            if outcome.trouble is None or life.is_over:
                await self._dead.keep(life)
                return None
            if (pause := _pause(life, way, choice(life, notice, ways), outcome.trouble.wait)) is not None:
                return Later(self._means.clock() + pause)

    async def _slot(self, way: str, slot: Taken | None) -> Later | None:
        """None: it may go through now."""
        channel, now = self._means.channels.get(way), self._means.clock()
        if channel is None or channel.per_minute is None:
            return None
        if slot is not None and slot.channel == way and slot.at <= now <= slot.at + SLOT_HOLDS:
            return None
        at = await self._limits.take(way, channel.per_minute, now)
        return Later(at, Taken(way, at)) if at > now else None


def _ways(notice: Notice, member: Member | None) -> list[str]:
    """Channels in order: those named that he can still be reached by, or else those of today."""
    reach = list(dict.fromkeys(one.channel for one in member.reach)) if member else []
    return [way for way in notice.channels if way in reach] or reach


def choice(life: Life, notice: Notice, ways: Sequence[str]) -> str:
    """The channel whose turn it is: one of those whose turns were fewest, and that can work, in order."""
    turn = 1 if notice.urgent else TURN if notice.level >= SIGNED_FROM else ATTEMPTS
    still = [way for way in ways if way not in life.given_up] or ways

    def rank(way: str) -> tuple[int, int]:
        tried = life.attempts.get(way, 0)
        return tried // turn, tried + 1 if way in life.unusable else 0

    return min(still, key=rank)


def _pause(life: Life, way: str, following: str, asked: float | None) -> timedelta | None:
    """After a failure on the channel `way`, which may have `asked` for some seconds; None: the other one at once."""
    tried = life.attempts.get(following, 0)
    if following != way:
        if tried < life.attempts.get(way, 1):
            return None
        asked = None
    pause = BACK_OFF[max(1, min(tried, len(BACK_OFF))) - 1]
    return min(LONGEST, max(pause, timedelta(seconds=min(asked or 0, LONGEST.total_seconds()))))
