"""The clock on the wall of the site, for people."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

SITE: Final = ZoneInfo("Asia/Shanghai")


def minute(moment: datetime) -> str:
    """2026-03-02 08:30, as the clock there shows."""
    return moment.astimezone(SITE).isoformat(" ", "minutes")[:16]
