"""The library's recorders: each call is carried through the portal to the log, a line for each method."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.journal.library import (
    AggregateRecorder,
    ApplicationRecorder,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from services.journal.recording.logs import Log
from services.journal.recording.portal import Portal
from services.journal.recording.subscription import JetStreamSubscription
from services.journal.recording.tracks import Tracks


class JetStreamAggregateRecorder(AggregateRecorder):
    """Events by aggregate, or snapshots."""

    def __init__(self, portal: Portal, log: Log) -> None:
        self._portal = portal
        self._log = log

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> Sequence[int] | None:
        """Store all or none."""
        self._portal.call(self._log.insert, stored_events)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """One aggregate's events by version."""
        return self._portal.call(self._log.select, originator_id, gt=gt, lte=lte, desc=desc, limit=limit)


class JetStreamApplicationRecorder(JetStreamAggregateRecorder, ApplicationRecorder):
    """Events by aggregate, and all of them in the order of the stream."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> Sequence[int] | None:
        """Store all or none; gives their notification ids, which are the stream's sequences."""
        return self._portal.call(self._log.insert, stored_events)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """A stretch of the application's notifications."""
        after = 0 if start is None else start - inclusive_of_start
        return self._portal.call(self._log.notifications, max(after, 0), limit, stop, topics)

    def max_notification_id(self) -> int | None:
        """The last notification id; None where nothing is stored."""
        return self._portal.call(self._log.last_id)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> JetStreamSubscription:
        """Notifications past `gt`, and then each one as it is stored."""
        return JetStreamSubscription(self, self._portal, self._log.follow(gt or 0), gt, topics)


class JetStreamTrackingRecorder(TrackingRecorder):
    """Positions in other applications' notifications."""

    def __init__(self, portal: Portal, tracks: Tracks) -> None:
        self._portal = portal
        self._tracks = tracks

    def insert_tracking(self, tracking: Tracking) -> None:
        """Move on; raises IntegrityError unless the position is past the last."""
        self._portal.call(self._tracks.insert, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last position; None where there is none."""
        return self._portal.call(self._tracks.last, application_name)


class JetStreamProcessRecorder(JetStreamTrackingRecorder, JetStreamApplicationRecorder, ProcessRecorder):
    """Events together with the position of the one that they came of."""

    def __init__(self, portal: Portal, log: Log) -> None:
        JetStreamApplicationRecorder.__init__(self, portal, log)
        JetStreamTrackingRecorder.__init__(self, portal, log.tracks)

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 (as the library has it)
    ) -> Sequence[int] | None:
        """Store all, with `tracking` where it is given, or nothing."""
        return self._portal.call(self._log.insert, stored_events, kwargs.get("tracking"))
