"""A hash chain over one aggregate's history: each body names the hash of the event before it.

The hash covers subject, type, version and body, so an event cannot be altered, removed, moved, doubled or slipped in
without a later event speaking against it. Nothing speaks for the last event: that it was altered, or that the tail was
cut off, shows only against its hash kept elsewhere (`tip`, given to `check`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

GENESIS: Final = "0" * 64
"""What the first event of a history names as the hash before it."""


class Entry(NamedTuple):
    """One event as it is stored; the body carries the hash of the entry before it."""

    subject: str
    topic: str
    version: int
    body: bytes


@dataclass(frozen=True)
class Break:
    """Where a history contradicts itself: the place (from 1), the version that stands there, and a sentence."""

    position: int
    version: int
    reason: str

    def __str__(self) -> str:
        return f"event {self.position} (version {self.version}) {self.reason}"


def link(previous: str, subject: str, topic: str, version: int, body: bytes) -> str:
    """SHA-256 in hex over the five, each preceded by its length so that no two different fives read alike."""
    digest = sha256()
    for part in (previous.encode(), subject.encode(), topic.encode(), str(version).encode(), body):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def check(history: Iterable[Entry], claim: Callable[[bytes], str], *, tip: str | None = None) -> list[Break]:
    """Every contradiction in the whole history of one aggregate, in order; none means that it holds together.

    `claim` reads from a body the hash that it names, and raises ValueError where there is none to read. `tip` is the
    hash of the last event as it was noted elsewhere: without it a lost tail or an altered last event goes unseen.
    """
    entries = list(history)
    breaks: list[Break] = []
    previous = GENESIS
    for position, entry in enumerate(entries, 1):
        claimed = _claimed(entry, claim)
        reasons = [*_out_of_place(entry, position, entries), *_unlinked(claimed, previous)]
        breaks += [Break(position, entry.version, reason) for reason in reasons]
        previous = link(claimed or "", *entry)
    if tip is not None and tip != previous:
        version = entries[-1].version if entries else 0
        breaks.append(Break(len(entries), version, "is not the last event that was noted elsewhere"))
    return breaks


def _claimed(entry: Entry, claim: Callable[[bytes], str]) -> str | None:
    try:
        return claim(entry.body)
    except ValueError:
        return None


def _out_of_place(entry: Entry, position: int, entries: Sequence[Entry]) -> Iterable[str]:
    if entry.version != position:
        yield f"stands where version {position} belongs"
    if entry.subject != entries[0].subject:
        yield f"belongs to {entry.subject}, the history to {entries[0].subject}"


def _unlinked(claimed: str | None, previous: str) -> Iterable[str]:
    if claimed is None:
        yield "names no hash of the event before it"
    elif claimed != previous:
        yield "does not name the hash of the event before it"
