"""What we use of the `eventsourcing` library, 9.5: the one place to change when its names move, as they do in 10.0."""

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    IntegrityError,
    InterfaceError,
    Notification,
    ProcessRecorder,
    ProgrammingError,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

__all__ = [
    "AggregateRecorder",
    "ApplicationRecorder",
    "EnvType",
    "Environment",
    "InfrastructureFactory",
    "IntegrityError",
    "InterfaceError",
    "Notification",
    "ProcessRecorder",
    "ProgrammingError",
    "StoredEvent",
    "Subscription",
    "Tracking",
    "TrackingRecorder",
    "resolve_topic",
    "strtobool",
]
