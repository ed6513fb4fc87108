"""The library's own cases on three servers, where what answers may be behind what accepted."""

from eventsourcing.tests import application, persistence

from services.journal.recording.recorders import (
    JetStreamAggregateRecorder,
    JetStreamApplicationRecorder,
    JetStreamProcessRecorder,
    JetStreamTrackingRecorder,
)
from tests.journal.library_env import MODULE, OnThree


class TestEventsOnThree(OnThree, persistence.AggregateRecorderTestCase):
    """Events by aggregate."""

    def create_recorder(self) -> JetStreamAggregateRecorder:
        """For events."""
        return self.factory().aggregate_recorder()


class TestSnapshotsOnThree(OnThree, persistence.AggregateRecorderTestCase):
    """Snapshots by aggregate."""

    def create_recorder(self) -> JetStreamAggregateRecorder:
        """For snapshots."""
        return self.factory().aggregate_recorder(purpose="snapshots")


class TestApplicationOnThree(OnThree, persistence.ApplicationRecorderTestCase[JetStreamApplicationRecorder]):
    """Events in the order of the application, concurrent writers, subscriptions."""

    def create_recorder(self) -> JetStreamApplicationRecorder:
        """For one application."""
        return self.factory().application_recorder()

    def test_insert_subscribe(self) -> None:
        """A subscription replays, waits, goes on, and ends quietly when it is stopped at any point."""
        self.optional_test_insert_subscribe()


class TestTrackingOnThree(OnThree, persistence.TrackingRecorderTestCase):
    """Positions that only move forward."""

    def create_recorder(self) -> JetStreamTrackingRecorder:
        """For positions alone."""
        return self.factory().tracking_recorder()


class TestProcessOnThree(OnThree, persistence.ProcessRecorderTestCase):
    """Events and positions, together or not at all."""

    def create_recorder(self) -> JetStreamProcessRecorder:
        """For both."""
        return self.factory().process_recorder()


class TestNonInterleavingOnThree(OnThree, persistence.NonInterleavingNotificationIDsBaseCase):
    """Two inserts of a thousand events at once stand one after the other."""

    def create_recorder(self) -> JetStreamApplicationRecorder:
        """For one application."""
        return self.factory().application_recorder()


class TestExampleOnThree(OnThree, application.ExampleApplicationTestCase):
    """Bank accounts with snapshots: every read sees the write before it."""

    expected_factory_topic = f"{MODULE}:JetStreamFactory"
