"""A persistence module of the `eventsourcing` library: any application of it runs on JetStream.

PERSISTENCE_MODULE=services.journal.persistence

| setting            | unless set            |                                                                      |
|--------------------|-----------------------|----------------------------------------------------------------------|
| NATS_URL           | nats://127.0.0.1:4222 | one server, or several with commas between them                      |
| NATS_STREAM        | EVENTSOURCING         | the events; applications may share it, each has subjects of its own  |
| NATS_REPLICAS      | 1                     | 3 in a cluster                                                       |
| ORIGINATOR_ID_TYPE | uuid                  | text: ids in notifications stay text even if they look like a UUID   |
| CREATE_TABLE       | y                     | n: the streams exist, these credentials may not create any           |

Snapshots and positions stand beside it in `<stream>_SNAPSHOTS` and `<stream>_TRACKING`. As everywhere in the library
the application's name may stand in front: `BANKACCOUNTS_NATS_STREAM`. Not fork-safe: build it after the fork.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from services.journal.library import (
    Environment,
    EnvType,
    InfrastructureFactory,
    resolve_topic,
    strtobool,
)
from services.journal.recording import streams
from services.journal.recording.connection import connect
from services.journal.recording.logs import IdOf, Log, uuid_or_text
from services.journal.recording.portal import Portal
from services.journal.recording.recorders import (
    JetStreamAggregateRecorder,
    JetStreamApplicationRecorder,
    JetStreamProcessRecorder,
    JetStreamTrackingRecorder,
)
from services.journal.recording.tracks import Tracks

T = TypeVar("T")


class JetStreamFactory(InfrastructureFactory[JetStreamTrackingRecorder]):
    """Builds recorders over one connection, which it opens with the first of them."""

    NATS_URL = "NATS_URL"
    NATS_STREAM = "NATS_STREAM"
    NATS_REPLICAS = "NATS_REPLICAS"
    ORIGINATOR_ID_TYPE = "ORIGINATOR_ID_TYPE"
    CREATE_TABLE = "CREATE_TABLE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        url = self.env.get(self.NATS_URL, "nats://127.0.0.1:4222")
        self._stream = self.env.get(self.NATS_STREAM, "EVENTSOURCING")
        self._replicas = int(self.env.get(self.NATS_REPLICAS, "1"))
        self._portal = Portal(lambda: connect(url))

    def aggregate_recorder(self, purpose: str = "events") -> JetStreamAggregateRecorder:
        """For events, or for snapshots, whose versions may leave gaps."""
        place = "" if purpose == "events" else purpose
        return JetStreamAggregateRecorder(self._portal, self._log(place, sparse=bool(place)))

    def application_recorder(self) -> JetStreamApplicationRecorder:
        """Of the class that APPLICATION_RECORDER_TOPIC names, if it does."""
        kind = self._class(self.APPLICATION_RECORDER_TOPIC, JetStreamApplicationRecorder)
        return kind(self._portal, self._log())

    def tracking_recorder(
        self, tracking_recorder_class: type[JetStreamTrackingRecorder] | None = None
    ) -> JetStreamTrackingRecorder:
        """Of the class given, or of the one that TRACKING_RECORDER_TOPIC names, if it does."""
        kind = tracking_recorder_class or self._class(self.TRACKING_RECORDER_TOPIC, JetStreamTrackingRecorder)
        return kind(self._portal, self._portal.call(self._open, Tracks, streams.TRACKING))

    def process_recorder(self) -> JetStreamProcessRecorder:
        """Of the class that PROCESS_RECORDER_TOPIC names, if it does."""
        kind = self._class(self.PROCESS_RECORDER_TOPIC, JetStreamProcessRecorder)
        return kind(self._portal, self._log())

    def close(self) -> None:
        """Give up what runs and disconnect, without waiting; as often as one likes."""
        self._portal.close()

    def _log(self, purpose: str = "", *, sparse: bool = False) -> Log:
        return self._portal.call(self._open, Log, purpose, sparse=sparse, id_of=self._id_of())

    async def _open(self, kind: Callable[..., T], purpose: str, **options: Any) -> T:  # noqa: ANN401 (those of `kind`)
        nc = await self._portal.client()
        if strtobool(self.env.get(self.CREATE_TABLE, "y")):
            await streams.declare(nc, self._stream, purpose, self._replicas)
        name = streams.stream_name(self._stream, purpose)
        return kind(nc, name, streams.root(name, self.env.name), **options)

    def _id_of(self) -> IdOf:
        return str if self.env.get(self.ORIGINATOR_ID_TYPE, "uuid") == "text" else uuid_or_text

    def _class(self, topic: str, default: type[T]) -> type[T]:
        named = self.env.get(topic)
        kind: type[T] = resolve_topic(named) if named else default
        if not issubclass(kind, default):
            raise TypeError(f"{topic} names {kind.__name__}, which is no {default.__name__}")
        return kind


Factory = JetStreamFactory
