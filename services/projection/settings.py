"""What the environment says to the ledgers: where they are kept, which server they follow, which calendar counts."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from services.environment import Environment, NatsServers, Readable, Zone
from services.projection.database import Database, default_url


def _address(url: str) -> str:
    try:
        make_url(url or "sqlite://")
    except (ArgumentError, ValueError):
        raise PydanticCustomError(
            "our_ledgers",
            "应形如 sqlite:///目录/ledgers.sqlite 或 postgresql+psycopg://用户@主机/库：not an address of a database",
        ) from None
    return url


class Settings(Environment):
    """`BIHUAN_LEDGERS`, `BIHUAN_ZONE`, `NATS_URL` …: by these names, in capitals."""

    bihuan_ledgers: Annotated[str, AfterValidator(_address)] = ""
    """sqlite:///folder/ledgers.sqlite, or postgresql+psycopg://user@host/database; else beside the events."""
    bihuan_zone: Zone = "Asia/Shanghai"
    """Where the sites are: calendar days are theirs."""
    nats_url: NatsServers = "nats://127.0.0.1:4222"
    nats_credentials: Readable | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Of the sites."""
        return ZoneInfo(self.bihuan_zone)

    def database(self, data: Path) -> Database:
        """The one named, or that in the data folder, which is made; raises DatabaseTrouble, OSError."""
        if self.bihuan_ledgers:
            return Database(self.bihuan_ledgers)
        data.mkdir(parents=True, exist_ok=True)
        return Database(default_url(data))
