"""The clock that the stories move."""

from datetime import datetime


class VirtualClock:
    """Stands where the story stands, and never goes back."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """Where the story stands."""
        return self._now

    def reach(self, moment: datetime) -> None:
        """Forward only."""
        self._now = max(self._now, moment)
