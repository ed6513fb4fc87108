"""What the environment says; nothing else is configured anywhere."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.environment import Environment, NatsServers, Readable, Zone


class Settings(Environment):
    """`NATS_URL`, `NATS_MONITOR_URLS`, `BIHUAN_DIRECTORY` …: by these names, in capitals."""

    nats_url: NatsServers = "nats://127.0.0.1:4222"
    """Servers, comma-separated."""
    nats_monitor_urls: str = ""
    """The monitoring port of each, comma-separated: the service refuses servers that acknowledge before they write."""
    nats_credentials: Readable | None = None
    """A .creds file. Who may state an actor is the business of the credentials that may publish commands."""
    nats_replicas: Annotated[int, Field(ge=1, le=5)] = 1
    bihuan_directory: Path | None = None
    """Bodies with competences and powers, as YAML; without it nobody has a power."""
    bihuan_zone: Zone = "Asia/Shanghai"
    """Where the sites are: calendar days are theirs."""
    bihuan_cache: Annotated[int, Field(ge=1)] = 10_000
    """Events held folded in memory."""
    bihuan_limit: Annotated[int, Field(ge=1, le=100_000)] = 512
    """Messages handled at a time; one more is told `busy`."""
    bihuan_grace: Annotated[float, Field(gt=0)] = 20.0
    """Seconds that the service takes at most to end in good order."""
