"""The event store: append, load, follow. It speaks the library's types: `StoredEvent` in, `Notification` out."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from uuid import UUID

from nats.aio.client import Client

from services.journal.appending import Appender
from services.journal.following import Follower
from services.journal.library import Notification, StoredEvent
from services.journal.reading import OriginatorOf, Reader
from services.journal.wire import MAX_BATCH, TooLarge

SubjectOf = Callable[[UUID | str], str]


class EventStore:
    """One stream of events, one literal subject for each originator.

    For our own events the originator's id is the subject; other applications give a mapping both ways.
    No call takes longer than `timeout` seconds: reads raise Unavailable, writes Unavailable (surely not stored) or
    UnknownOutcome (perhaps).
    """

    def __init__(
        self,
        nc: Client,
        stream: str = "EVENTS",
        *,
        subject_of: SubjectOf = str,
        originator_of: OriginatorOf = str,
        timeout: float = 5.0,
    ) -> None:
        self._subject_of = subject_of
        self._reader = Reader(nc, stream, originator_of, timeout)
        self._appender = Appender(nc, stream, self._reader, timeout)
        self._follower = Follower(nc, stream, self._reader, timeout)

    async def append(self, event: StoredEvent, *, after: int) -> int:
        """Store one event if the originator's last sequence is still `after` (0: none yet); gives its sequence.

        Raises Conflict, TooLarge, Refused; UnknownOutcome and Unavailable after the time-out.
        """
        return await self._appender.one(self._literal(event.originator_id), event, after)

    async def append_all(self, events: Sequence[StoredEvent], *, after: int | Mapping[UUID | str, int]) -> list[int]:
        """Store all or none, one after another; gives their sequences. Errors as `append`.

        Events of several originators come with a mapping: each originator's last sequence. At most 1,000 events;
        on one server a batch costs 40 times what a single event costs.
        """
        if len(events) > MAX_BATCH:
            raise TooLarge(f"{len(events)} events are more than the {MAX_BATCH} of an atomic batch")
        if not events:
            return []
        expected = after if isinstance(after, Mapping) else {events[0].originator_id: after}
        expectations = {self._literal(originator): last for originator, last in expected.items()}
        messages = [(self._literal(event.originator_id), event) for event in events]
        if missing := {subject for subject, _ in messages} - expectations.keys():
            raise ValueError(f"no expectation for {sorted(missing)}")
        if len(events) == 1:
            return [await self._appender.one(*messages[0], expectations[messages[0][0]])]
        last = await self._appender.batch(messages, expectations)
        return list(range(last - len(events) + 1, last + 1))

    async def load(self, originator: UUID | str, *, after: int = 0) -> list[Notification]:
        """The originator's events past sequence `after`, in order, however many they are."""
        return await self._reader.history(self._literal(originator), after)

    async def last(self, originator: UUID | str) -> Notification | None:
        """The originator's last event, as the leader knows it."""
        return await self._reader.last(self._literal(originator))

    async def last_sequence(self, originator: UUID | str) -> int:
        """The sequence of the originator's last event, as the leader knows it; 0 for none."""
        found = await self.last(originator)
        return found.id if found else 0

    async def at(self, sequence: int) -> Notification | None:
        """The event with that sequence, as the leader knows it; None where there is none."""
        return await self._reader.at(sequence)

    async def last_of_stream(self) -> int:
        """The stream's last sequence; a reader that is contiguous up to it has caught up."""
        return await self._reader.last_sequence()

    def follow(
        self, *, after: int = 0, subjects: Sequence[str] = (), until: int | None = None
    ) -> AsyncGenerator[list[Notification], None]:
        """Every event past `after`, in order, complete, in lists as they come; see `following`.

        `subjects` are wildcards to keep to; `until` ends it once everything up to that sequence was given.
        """
        return self._follower.follow(after, subjects, until)

    def _literal(self, originator: UUID | str) -> str:
        subject = self._subject_of(originator)
        if "*" in subject or ">" in subject:
            raise ValueError(f"{subject!r} is a wildcard, not the subject of one originator")
        return subject
