"""What is sent to whom 通知, and what became of it: the messages of the stream NOTICES.

One subject for each notice: its first message claims it, the next tell its life. `queued` again is a replay by hand.
No address, no telephone number and no secret stands in any of them; only the ids of the channels.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter

from contracts.base import AreaCode, CalendarDate, Contract, Moment, Name, Sha256, Token
from contracts.parties import Person
from contracts.policy import RuleId, Told
from contracts.terms import Ladder

Letter = Annotated[str, StringConstraints(min_length=1, max_length=16_000)]


class Record(Contract):
    """Readers ignore what they do not know."""

    model_config = ConfigDict(extra="ignore")

    at: Moment
    """By the event store's clock."""


class Notice(Contract):
    """The claim: to whom, why, in what words."""

    model_config = ConfigDict(extra="ignore")

    id: Token
    """uuid5 of what it is about and whom it tells: the same notice whoever claims it."""
    kind: Literal["reminder", "draft", "digest"]
    """A reminder of L0-L1; that a draft waits; all reminders of a person's day in one."""
    area: AreaCode
    hazard_id: Token | None = None
    """Absent in a digest, which is about many."""
    event_id: Token | None = None
    """Of the escalation that it tells of."""
    proposal: Token | None = None
    rule: RuleId | None = None
    step: Token | None = None
    level: Annotated[int, Field(ge=0, le=7)]
    ladder: Ladder
    policy_version: Sha256 | None = None
    person: Person
    """The name resolved when the rule fired."""
    role: Told | None = None
    """As what he is told."""
    deputy_for: Person | None = None
    among: Annotated[int, Field(ge=1)] = 1
    """How many are told of the same: so many claims, and all of them were made."""
    recipient_missing: tuple[Told, ...] = ()
    """Roles that the rule names and nobody holds: he is told in their stead."""
    channels: Annotated[tuple[Token, ...], Field(max_length=10)]
    """In the order in which they are tried."""
    title: Name
    text: Letter
    draft: Letter | None = None
    """The document as drafted, for its signer."""
    urgent: bool = False
    """Lives are in danger: at any hour."""
    digest: CalendarDate | None = None
    """The day in whose digest it goes; absent: by itself."""
    items: Annotated[int, Field(ge=1)] | None = None
    """How many reminders a digest holds."""
    gathered: Annotated[int, Field(ge=1)] | None = None
    """Of how many that stood there; the others were no longer so."""
    provisional: bool = False
    """Counted on a calendar that is not published yet."""


class Queued(Record):
    """待发送: recorded, and surely sent one day."""

    state: Literal["queued"] = "queued"
    notice: Notice
    not_before: Moment | None = None
    """Quiet hours, or a robot's limit."""
    again_by: Person | None = None
    """Who sent it again by hand."""


class Claimed(Record):
    """In the hands of one notifier until the lease ends; then of the next."""

    state: Literal["claimed"] = "claimed"
    by: Name
    channel: Token
    attempt: Annotated[int, Field(ge=1)]
    lease_until: Moment


class Sent(Record):
    """已发送: the channel took it."""

    state: Literal["sent"] = "sent"
    channel: Token
    attempt: Annotated[int, Field(ge=1)]
    vendor_id: Name | None = None


class Failed(Record):
    """发送失败, this time or for good."""

    state: Literal["failed"] = "failed"
    channel: Token
    attempt: Annotated[int, Field(ge=1)]
    reason: Name
    final: bool
    """No further attempt: a dead letter, to be replayed by hand."""
    given_up: bool = False
    """This channel is not tried again; another may be."""
    unusable: bool = False
    """The channel cannot work until somebody mends it: the others are tried first."""


class Dropped(Record):
    """不再发送: what it tells is no longer so."""

    state: Literal["dropped"] = "dropped"
    reason: Name


class Acknowledged(Record):
    """已阅: seen, by whom. No clock stops for it."""

    state: Literal["acknowledged"] = "acknowledged"
    person: Person


NoticeRecord = Annotated[Queued | Claimed | Sent | Failed | Dropped | Acknowledged, Field(discriminator="state")]
NOTICE_RECORD: TypeAdapter[NoticeRecord] = TypeAdapter(NoticeRecord)
"""Reads and validates a message of NOTICES."""
