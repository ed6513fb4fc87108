"""The library's own applications and projections, with nothing changed but the environment."""

import pytest
from eventsourcing.persistence import Tracking
from eventsourcing.tests import application, projection

from services.journal.recording.portal import Portal
from services.journal.recording.recorders import JetStreamTrackingRecorder
from services.journal.recording.tracks import Tracks
from tests.journal.library_env import MODULE, OnServers


class TestExample(OnServers, application.ExampleApplicationTestCase):
    """Bank accounts, their notification log and their snapshots."""

    expected_factory_topic = f"{MODULE}:JetStreamFactory"


@pytest.mark.filterwarnings("always:'log' is deprecated:DeprecationWarning")  # one case is about that warning
class TestApplications(OnServers, application.ApplicationTestCase):
    """Caches, fast-forwarding under contention, recordings with their notification ids."""


class Counters(JetStreamTrackingRecorder, projection.EventCountersView):
    """Counts in memory, each event once: it counts when the position has moved."""

    def __init__(self, portal: Portal, tracks: Tracks) -> None:
        super().__init__(portal, tracks)
        self._created = self._subsequent = 0

    def get_created_event_counter(self) -> int:
        """How many began."""
        return self._created

    def get_subsequent_event_counter(self) -> int:
        """How many followed."""
        return self._subsequent

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        """One that began."""
        self.insert_tracking(tracking)
        self._created += 1

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        """One that followed."""
        self.insert_tracking(tracking)
        self._subsequent += 1


class TestCountersView(OnServers, projection.EventCountersViewTestCase):
    """A view of an application's own, built on the tracking recorder."""

    def construct_event_counters_view(self) -> projection.EventCountersView:
        """Through the factory, as a runner does."""
        return self.factory().tracking_recorder(Counters)


class TestProjection(OnServers, projection.AggregateEventCountersProjectionTestCase):
    """A projection follows an application through a subscription and tells of its own failure."""

    view_class = Counters


class TestEventSourcedProjection(OnServers, projection.EventSourcedProjectionTestCase):
    """One application follows another through the same stream: events and position move together."""
