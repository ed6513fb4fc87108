"""A line in the log: the channel of the demonstration, and of whoever has no other."""

import structlog

from services.notifier.channels.base import Letter

_log = structlog.get_logger()


class Log:
    """日志. Which notice, and its title; neither text nor address."""

    def __init__(self, name: str = "log", per_minute: int | None = None) -> None:
        self.name, self.per_minute = name, per_minute

    async def send(self, letter: Letter) -> str | None:
        """Always taken."""
        _log.info("notice.shown", channel=self.name, notice=letter.notice_id, title=letter.title, level=letter.level)
        return None

    async def close(self) -> None:
        """Nothing is open."""
