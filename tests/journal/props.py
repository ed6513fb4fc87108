"""What the tests of the journal append."""

from eventsourcing.persistence import StoredEvent


def event(originator: str, version: int = 1, body: bytes = b"{}") -> StoredEvent:
    """An event that nobody will read."""
    return StoredEvent(originator, version, "hazard.found", body)


def history(originator: str, count: int, first: int = 1) -> list[StoredEvent]:
    """Events of one originator, versions in a row, each with a body of its own."""
    return [event(originator, version, b"%d" % version) for version in range(first, first + count)]
