"""What the environment says to the ledgers: where they are kept, which server they follow, which calendar counts."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.projection.database import Database, default_url


def _known(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (OSError, ValueError) as unknown:
        raise ValueError("时区应形如 Asia/Shanghai：no such time zone") from unknown


class Settings(BaseSettings):
    """`BIHUAN_LEDGERS`, `BIHUAN_ZONE`, `NATS_URL` …: by these names, in capitals."""

    model_config = SettingsConfigDict(extra="ignore")

    bihuan_ledgers: str = ""
    """sqlite:///folder/ledgers.sqlite, or postgresql+psycopg://user@host/database; else beside the events."""
    bihuan_zone: Annotated[str, AfterValidator(_known)] = "Asia/Shanghai"
    """Where the sites are: calendar days are theirs."""
    nats_url: str = "nats://127.0.0.1:4222"
    nats_credentials: Path | None = None

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
