"""One run: its server, its peers, its sizes."""

from dataclasses import dataclass
from pathlib import Path

from eventsourcing.persistence import ApplicationRecorder
from nats.aio.client import Client

from benchmarks.measure import Table
from contracts.directory import Directory
from services.hazard.app import clock
from services.hazard.deciders import RULES
from services.hazard.hazards import Hazards
from services.hazard.library import load_library
from services.journal import embedded
from services.journal.events import EventStore


@dataclass
class Bench:
    """One run."""

    table: Table
    folder: Path
    server: embedded.Embedded
    nc: Client
    peers: dict[str, ApplicationRecorder | None]
    quick: bool

    @property
    def store(self) -> EventStore:
        """On the run's connection."""
        return EventStore(self.nc)

    @property
    def hazards(self) -> Hazards:
        """A service in this process, with the real rules."""
        return Hazards(self.store, Directory(), load_library(), clock, rules=RULES)

    def sized(self, full: int, quick: int) -> int:
        """How many."""
        return quick if self.quick else full
