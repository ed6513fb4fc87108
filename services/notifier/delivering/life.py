"""What became of a notice 通知: the records of its subject, folded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Self

from contracts.notices import Acknowledged, Claimed, Dropped, Failed, Notice, NoticeRecord, Queued, Sent
from contracts.parties import Person

State = Literal["queued", "claimed", "sent", "failed", "dropped", "acknowledged"]


@dataclass(frozen=True, slots=True)
class Life:
    """Of one subject of NOTICES; without a notice nothing is recorded there."""

    subject: str
    sequence: int = 0
    """Of the last record: what the next one is expected to follow."""
    version: int = 0
    """How many records there are."""
    notice: Notice | None = None
    stored: int = 0
    """Sequence of the claim."""
    standing: Literal["queued", "claimed", "sent", "failed", "dropped"] = "queued"
    """Of the delivery; whether it was seen stands beside it."""
    at: datetime | None = None
    """When it came to stand so."""
    queued_at: datetime | None = None
    not_before: datetime | None = None
    by: str | None = None
    """In whose hands it was last."""
    lease_until: datetime | None = None
    channel: str | None = None
    """The one tried last."""
    attempts: Mapping[str, int] = field(default_factory=dict)
    """On each channel, since it was last queued."""
    given_up: frozenset[str] = frozenset()
    """Channels that will not take it."""
    unusable: frozenset[str] = frozenset()
    """Channels that cannot work until somebody mends them."""
    reason: str | None = None
    final: bool = False
    """Failed for good: a dead letter."""
    vendor_id: str | None = None
    sent_at: datetime | None = None
    acknowledged: Acknowledged | None = None
    """Since it was last queued."""
    seen: Acknowledged | None = None
    """The first time that it was, however often it was sent again since."""
    replays: int = 0
    again_by: Person | None = None

    @property
    def state(self) -> State:
        """For whoever asks: seen is seen, however it was delivered."""
        return "acknowledged" if self.acknowledged else self.standing

    @property
    def is_over(self) -> bool:
        """Nothing more will be sent, unless somebody replays it."""
        ended = self.standing in {"sent", "dropped"} or (self.standing == "failed" and self.final)
        return ended or self.acknowledged is not None

    def skipped(self, sequence: int) -> Self:
        """Past a record that this program cannot read."""
        return replace(self, sequence=sequence, version=self.version + 1)

    def leased(self, now: datetime) -> datetime | None:
        """Until when it is in somebody's hands, if it is."""
        held = self.standing == "claimed" and self.lease_until is not None and now < self.lease_until
        return self.lease_until if held else None


def follow(life: Life, sequence: int, record: NoticeRecord) -> Life:
    """The life with its next record; never refuses."""
    life = life.skipped(sequence)
    match record:
        case Queued():
            return _queued(life, sequence, record)
        case Claimed():
            return replace(
                life,
                standing="claimed",
                at=record.at,
                by=record.by,
                lease_until=record.lease_until,
                channel=record.channel,
                attempts={**life.attempts, record.channel: record.attempt},
            )
        case Sent():
            return replace(
                life,
                standing="sent",
                at=record.at,
                sent_at=record.at,
                channel=record.channel,
                vendor_id=record.vendor_id,
                reason=None,
            )
        case Failed():
            return replace(
                life,
                standing="failed",
                at=record.at,
                channel=record.channel,
                attempts={**life.attempts, record.channel: record.attempt},
                given_up=_with(life.given_up, record.channel, holds=record.given_up),
                unusable=_with(life.unusable, record.channel, holds=record.unusable),
                reason=record.reason,
                final=record.final,
            )
        case Dropped():
            return replace(life, standing="dropped", at=record.at, reason=record.reason)
        case Acknowledged():
            return replace(life, acknowledged=life.acknowledged or record, seen=life.seen or record)


def _with(channels: frozenset[str], channel: str, *, holds: bool) -> frozenset[str]:
    return channels | {channel} if holds else channels - {channel}


def _queued(life: Life, sequence: int, record: Queued) -> Life:
    """By hand it starts anew, but for what it is, who saw it, and how often it was."""
    return Life(
        life.subject,
        sequence,
        life.version,
        notice=record.notice,
        stored=life.stored or sequence,
        at=record.at,
        queued_at=record.at,
        not_before=record.not_before,
        seen=life.seen,
        replays=life.replays + (life.notice is not None),
        again_by=record.again_by,
    )
