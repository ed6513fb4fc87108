"""Histories kept in memory by the hundred thousand: as they were stored, a third as large."""

import marshal
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

LOOSE: Final = 64 * 1024 * 1024
"""Bytes of bodies that lie about before they are packed: several of one hazard pack better than each by itself."""
FASTEST: Final = 1

Stored = tuple[int, int, bytes]
"""Sequence, version, body."""


@dataclass
class Packed:
    """Bodies by subject, each subject's in order."""

    _packed: dict[str, list[bytes]] = field(default_factory=dict)
    _loose: dict[str, list[Stored]] = field(default_factory=dict)
    _size: int = 0

    def keep(self, subject: str, stored: Stored) -> None:
        """The next of that subject."""
        self._loose.setdefault(subject, []).append(stored)
        self._size += len(stored[2])
        if self._size > LOOSE:
            self._pack()

    def history(self, subject: str) -> list[Stored]:
        """All of it."""
        packed = self._packed.get(subject, ())
        kept: list[Stored] = [one for each in packed for one in marshal.loads(zlib.decompress(each))]  # noqa: S302
        return [*kept, *self._loose.get(subject, ())]

    def __iter__(self) -> Iterator[str]:
        """Every subject."""
        yield from dict.fromkeys([*self._packed, *self._loose])

    def _pack(self) -> None:
        for subject, stored in self._loose.items():
            self._packed.setdefault(subject, []).append(zlib.compress(marshal.dumps(stored), FASTEST))
        self._loose.clear()
        self._size = 0
