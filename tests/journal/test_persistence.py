"""The library's own cases, inherited: what it asks of every persistence module, on one server."""

import os

from eventsourcing.tests import persistence as cases
from eventsourcing.utils import Environment

from services.journal.persistence import JetStreamFactory
from services.journal.recording.recorders import (
    JetStreamAggregateRecorder,
    JetStreamApplicationRecorder,
    JetStreamProcessRecorder,
    JetStreamTrackingRecorder,
)
from tests.journal.library_env import OnServers


class TestEvents(OnServers, cases.AggregateRecorderTestCase):
    """Events by aggregate."""

    def create_recorder(self) -> JetStreamAggregateRecorder:
        """For events."""
        return self.factory().aggregate_recorder()


class TestSnapshots(OnServers, cases.AggregateRecorderTestCase):
    """Snapshots by aggregate."""

    def create_recorder(self) -> JetStreamAggregateRecorder:
        """For snapshots."""
        return self.factory().aggregate_recorder(purpose="snapshots")


class TestApplication(OnServers, cases.ApplicationRecorderTestCase[JetStreamApplicationRecorder]):
    """Events in the order of the application, concurrent writers, subscriptions."""

    def create_recorder(self) -> JetStreamApplicationRecorder:
        """For one application."""
        return self.factory().application_recorder()

    def test_insert_subscribe(self) -> None:
        """A subscription replays, waits, goes on, and ends quietly when it is stopped at any point."""
        self.optional_test_insert_subscribe()


class TestTracking(OnServers, cases.TrackingRecorderTestCase):
    """Positions that only move forward."""

    def create_recorder(self) -> JetStreamTrackingRecorder:
        """For positions alone."""
        return self.factory().tracking_recorder()


class TestProcess(OnServers, cases.ProcessRecorderTestCase):
    """Events and positions, together or not at all."""

    def create_recorder(self) -> JetStreamProcessRecorder:
        """For both."""
        return self.factory().process_recorder()


class TestNonInterleaving(OnServers, cases.NonInterleavingNotificationIDsBaseCase):
    """Two inserts of a thousand events at once stand one after the other."""

    def create_recorder(self) -> JetStreamApplicationRecorder:
        """For one application."""
        return self.factory().application_recorder()


class SpecialTrackingRecorder(JetStreamTrackingRecorder):
    """One that an application brings along."""


class TestFactory(OnServers, cases.InfrastructureFactoryTestCase[JetStreamFactory]):
    """The module holds one factory, and it builds every recorder."""

    def setUp(self) -> None:
        """Only the environment says which module it is."""
        self.env = Environment("", dict(os.environ))
        super().setUp()

    def expected_factory_class(self) -> type[JetStreamFactory]:
        """What the module holds."""
        return JetStreamFactory

    def expected_aggregate_recorder_class(self) -> type[JetStreamAggregateRecorder]:
        """Exactly this one."""
        return JetStreamAggregateRecorder

    def expected_application_recorder_class(self) -> type[JetStreamApplicationRecorder]:
        """Exactly this one."""
        return JetStreamApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[JetStreamTrackingRecorder]:
        """Exactly this one."""
        return JetStreamTrackingRecorder

    def tracking_recorder_subclass(self) -> type[JetStreamTrackingRecorder]:
        """One that an application brings along."""
        return SpecialTrackingRecorder

    def expected_process_recorder_class(self) -> type[JetStreamProcessRecorder]:
        """Exactly this one."""
        return JetStreamProcessRecorder
