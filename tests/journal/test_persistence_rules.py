"""What the library's cases do not ask, and what an operator relies on."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent, Tracking

from services.journal import wire
from tests.journal.library_env import OnServers


def events(originator: UUID | str, *versions: int) -> list[StoredEvent]:
    """Events that differ in nothing but their version."""
    return [StoredEvent(originator, version, "topic", b"state") for version in versions]


def versions(stored: Sequence[StoredEvent]) -> list[int]:
    """Theirs."""
    return [each.originator_version for each in stored]


class TestVersions(OnServers):
    """Which versions may follow which."""

    def test_events_leave_no_gap(self) -> None:
        """A history begins at 0 or 1 and goes on by one; anything else is refused and stores nothing."""
        recorder = self.factory().application_recorder()
        for first in (-1, 2, 7):
            with pytest.raises(IntegrityError):
                recorder.insert_events(events(uuid4(), first))
        for first in (0, 1):
            dog = uuid4()
            recorder.insert_events(events(dog, first))
            for wrong in ([first + 2], [first], [first + 1, first + 3], [first + 2, first + 1]):
                with pytest.raises(IntegrityError):
                    recorder.insert_events(events(dog, *wrong))
            assert versions(recorder.select_events(dog)) == [first]
        assert recorder.max_notification_id() == 2

    def test_snapshots_may_leave_gaps(self) -> None:
        """They are taken now and then, of older versions too, and come by version; none is replaced."""
        recorder = self.factory().aggregate_recorder(purpose="snapshots")
        dog = uuid4()
        for version in (10, 40, 20):
            recorder.insert_events(events(dog, version))
        with pytest.raises(IntegrityError):
            recorder.insert_events(events(dog, 20))
        assert versions(recorder.select_events(dog)) == [10, 20, 40]
        assert versions(recorder.select_events(dog, desc=True, limit=1)) == [40]
        assert versions(recorder.select_events(dog, lte=30, desc=True, limit=1)) == [20]

    def test_several_aggregates_are_stored_together_or_not_at_all(self) -> None:
        """One stale aggregate refuses what was saved with it, and the others are as they were."""
        recorder = self.factory().application_recorder()
        one, other = uuid4(), uuid4()
        stored = recorder.insert_events([*events(one, 1, 2), *events(other, 1)])
        assert stored == [1, 2, 3]
        with pytest.raises(IntegrityError):
            recorder.insert_events([*events(one, 3), *events(other, 1)])
        assert recorder.max_notification_id() == 3

    def test_the_limit_counts_what_is_given(self) -> None:
        """Topics are chosen first; then the limit cuts, also within what the server sent at once."""
        recorder = self.factory().application_recorder()
        recorder.insert_events([StoredEvent(uuid4(), 1, f"topic{n % 2}", b"") for n in range(10)])
        assert [each.id for each in recorder.select_notifications(2, 3, topics=["topic0"])] == [3, 5, 7]

    def test_more_than_a_batch_is_refused(self) -> None:
        """The server takes a thousand at once; one more is too many and stores nothing."""
        recorder = self.factory().application_recorder()
        with pytest.raises(wire.TooLarge, match="1000"):
            recorder.insert_events(events(uuid4(), *range(1001)))
        assert recorder.max_notification_id() is None


class TestProcesses(OnServers):
    """Events and positions in one step."""

    def test_neither_moves_without_the_other(self) -> None:
        """A position that was reached stores no event, and a stale event moves no position."""
        recorder = self.factory().process_recorder()
        one, other = uuid4(), uuid4()
        recorder.insert_events(events(one, 1), tracking=Tracking("upstream", 5))
        with pytest.raises(IntegrityError):
            recorder.insert_events(events(other, 1), tracking=Tracking("upstream", 5))
        with pytest.raises(IntegrityError):
            recorder.insert_events(events(one, 1), tracking=Tracking("upstream", 6))
        assert recorder.select_events(other) == []
        assert recorder.max_tracking_id("upstream") == 5

    def test_positions_are_no_notifications(self) -> None:
        """Who follows a process sees its events; the positions between them are holes in the ids."""
        recorder = self.factory().process_recorder()
        for position in (1, 2):
            recorder.insert_events(events(uuid4(), 1), tracking=Tracking("upstream", position))
        recorder.insert_events([], tracking=Tracking("upstream", 3))
        assert [each.id for each in recorder.select_notifications(None, 9)] == [1, 3]
        assert recorder.max_notification_id() == 3
