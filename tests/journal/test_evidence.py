"""Evidence on one server and on three: whole, immutable, provable, and forgotten only on purpose."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import FrozenInstanceError
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nats.aio.client import Client

from contracts.subjects import EVIDENCE, KEYS, evidence_subject
from services.journal import wire
from services.journal.api import call
from services.journal.evidence import PIECE, AlteredEvidence, Evidence, MissingEvidence, Reference
from services.journal.keys import BUCKET, Forgotten, Keys
from services.journal.streams import STREAMS
from tests.servers import Servers

PHOTO = bytes(range(256)) * 16
LARGE = b"".join(n.to_bytes(4, "big") for n in range(3 * PIECE // 4))  # three pieces and a bit, no two alike


@pytest.fixture
async def evidence(nc: Client, servers: Servers) -> AsyncIterator[Evidence]:
    """Fresh streams; an administrator may tamper with their messages, to see that it is noticed."""
    await create(nc, EVIDENCE, servers.replicas, deny_delete=False)
    await create(nc, KEYS, servers.replicas)
    yield Evidence(nc)
    for name in (EVIDENCE, BUCKET):
        await call(nc, f"STREAM.DELETE.{name}")


async def create(nc: Client, name: str, replicas: int, **changes: Any) -> None:  # noqa: ANN401 (any setting)
    """A stream as it is declared, but for the changes."""
    config = {"name": name, **STREAMS[name], "num_replicas": replicas, **changes}
    await call(nc, f"STREAM.CREATE.{config['name']}", config, timeout=20)


async def message(nc: Client, subject: str) -> dict[str, Any]:
    """A stored message as the server shows it."""
    found: dict[str, Any] = (await call(nc, f"STREAM.MSG.GET.{EVIDENCE}", {"last_by_subj": subject}))["message"]
    return found


async def messages(nc: Client) -> int:
    """How many pieces are stored."""
    return int((await call(nc, f"STREAM.INFO.{EVIDENCE}"))["state"]["messages"])


@pytest.mark.parametrize("data", [b"", b"x", PHOTO, LARGE], ids=["empty", "a byte", "a piece", "pieces"])
async def test_what_was_put_is_what_one_gets(evidence: Evidence, data: bytes) -> None:
    """Every byte comes back, and the reference gives the size and type of the file itself."""
    reference = await evidence.put(data, "image/jpeg")
    assert await evidence.get(reference.sha256) == data
    assert (reference.size, reference.media_type) == (len(data), "image/jpeg")


async def test_a_file_that_ends_with_a_piece_is_whole(evidence: Evidence) -> None:
    """Where the ciphertext fills its pieces exactly, an empty one says that it is the last."""
    data = bytes(2 * PIECE - len(await evidence.sealed((await evidence.put(b"", "text/plain")).sha256)))
    reference = await evidence.put(data, "text/plain")
    assert len(await evidence.sealed(reference.sha256)) == 2 * PIECE
    assert await evidence.get(reference.sha256) == data


async def test_a_file_may_come_in_chunks(evidence: Evidence) -> None:
    """An upload is handed over as it arrives."""

    async def upload() -> AsyncIterator[bytes]:
        for start in range(0, len(LARGE), 100_000):
            yield LARGE[start : start + 100_000]

    assert await evidence.get((await evidence.put(upload(), "video/mp4")).sha256) == LARGE


async def test_the_hash_is_that_of_the_stored_bytes(nc: Client, evidence: Evidence) -> None:
    """The proof needs no key: the pieces in their order have the hash that the event names, and tell nothing."""
    reference = await evidence.put(PHOTO, "image/jpeg")
    sealed = await evidence.sealed(reference.sha256)
    assert sha256(sealed).hexdigest() == reference.sha256
    assert PHOTO[:32] not in sealed
    assert (await message(nc, evidence_subject(reference.sha256, 0)))["subject"] == f"evidence.{reference.sha256}.0"


async def test_the_same_file_twice_is_two_pieces_of_evidence(evidence: Evidence) -> None:
    """Each has its key, so that one can be forgotten and the other not."""
    one, other = await evidence.put(PHOTO, "image/jpeg"), await evidence.put(PHOTO, "image/jpeg")
    await evidence.forget(one.sha256)
    assert one.sha256 != other.sha256
    assert await evidence.get(other.sha256) == PHOTO


async def test_forgotten_evidence_is_unreadable_and_still_proved(evidence: Evidence) -> None:
    """After its key is destroyed nobody reads it, the answer says that it was on purpose, the hash still holds."""
    reference = await evidence.put(PHOTO, "image/jpeg")
    await evidence.forget(reference.sha256)
    await evidence.forget(reference.sha256)
    with pytest.raises(Forgotten, match="on purpose"):
        await evidence.get(reference.sha256)
    assert sha256(await evidence.sealed(reference.sha256)).hexdigest() == reference.sha256


async def test_a_destroyed_key_is_overwritten_on_the_disk(nc: Client, servers: Servers, evidence: Evidence) -> None:
    """A mark alone would leave the key readable in the bucket's files; none of them, on any server, keeps it."""
    reference = await evidence.put(PHOTO, "image/jpeg")
    key = await Keys(nc).find(reference.sha256)
    assert key is not None
    assert key_on_disk(servers, key)
    await evidence.forget(reference.sha256)
    assert (await call(nc, f"STREAM.INFO.{BUCKET}"))["state"]["messages"] == 1  # the mark
    async with asyncio.timeout(10):  # a follower is a moment behind the leader
        while key_on_disk(servers, key):  # noqa: ASYNC110 (a disk tells nobody)
            await asyncio.sleep(0.05)


async def test_a_bucket_that_keeps_its_keys_is_refused(nc: Client, servers: Servers, evidence: Evidence) -> None:
    """Where a key cannot be overwritten nobody is told that it was forgotten, and it still opens its file."""
    await call(nc, f"STREAM.DELETE.{BUCKET}")
    await create(nc, KEYS, servers.replicas, deny_delete=True)
    reference = await evidence.put(PHOTO, "image/jpeg")
    with pytest.raises(wire.Unsafe, match="deny_delete"):
        await evidence.forget(reference.sha256)
    assert await evidence.get(reference.sha256) == PHOTO


def key_on_disk(servers: Servers, key: bytes) -> bool:
    """Whether any file of the bucket on any server holds these bytes."""
    files = (path for node in servers.nodes for path in node.folder.rglob(f"{BUCKET}/**/*") if path.is_file())
    return any(key in path.read_bytes() for path in files)


async def test_evidence_that_never_was(evidence: Evidence) -> None:
    """Neither read nor forgotten, and said so."""
    for ask in (evidence.get, evidence.sealed, evidence.forget):
        with pytest.raises(MissingEvidence, match="there is no evidence 0000"):
            await ask("0" * 64)


@pytest.mark.parametrize("name", ["", "*", ">", "a" * 63, "A" * 64, "0" * 64 + ".0", "../" + "0" * 61, "0" * 63 + "\n"])
async def test_only_a_hash_names_evidence(evidence: Evidence, name: str) -> None:
    """Nothing that a request carries becomes part of a subject unless it is 64 hexadecimal digits."""
    for ask in (evidence.get, evidence.sealed, evidence.forget):
        with pytest.raises(MissingEvidence, match="64 hexadecimal digits"):
            await ask(name)


@pytest.mark.parametrize("piece", [0, 1, 3])
async def test_a_missing_piece_is_named(nc: Client, evidence: Evidence, piece: int) -> None:
    """Evidence with a hole is not given, whichever piece it is."""
    reference = await evidence.put(LARGE, "image/jpeg")
    found = await message(nc, evidence_subject(reference.sha256, piece))
    await call(nc, f"STREAM.MSG.DELETE.{EVIDENCE}", {"seq": found["seq"]})
    sentence = "there is no evidence" if piece == 0 else f"piece {piece} of evidence {reference.sha256} is missing"
    with pytest.raises(MissingEvidence, match=sentence):
        await evidence.get(reference.sha256)


@pytest.mark.parametrize("change", [lambda b: b[:-1] + bytes([b[-1] ^ 1]), lambda b: b[:-1], lambda b: b + b"\0"])
async def test_an_altered_piece_is_noticed(nc: Client, evidence: Evidence, change: Any) -> None:  # noqa: ANN401
    """One bit, a byte less, a byte more: the hash that the event names speaks against it."""
    reference = await evidence.put(PHOTO, "image/jpeg")
    subject = evidence_subject(reference.sha256, 0)
    altered = change(await evidence.sealed(reference.sha256))
    await nc.jetstream().publish(subject, altered)
    with pytest.raises(AlteredEvidence, match="another hash"):
        await evidence.get(reference.sha256)


async def test_a_replaced_key_is_noticed(nc: Client, evidence: Evidence) -> None:
    """Another key opens nothing: the tag says so, and no garbage is taken for a photo."""
    reference = await evidence.put(PHOTO, "image/jpeg")
    await nc.jetstream().publish(f"$KV.{KEYS}.{reference.sha256}", AESGCM.generate_key(256))
    with pytest.raises(AlteredEvidence, match="does not fit"):
        await evidence.get(reference.sha256)


async def test_a_lost_key_is_not_called_forgotten(nc: Client, evidence: Evidence) -> None:
    """A bucket that was restored without a key lost it; nobody destroyed it on purpose."""
    reference = await evidence.put(PHOTO, "image/jpeg")
    await call(nc, f"STREAM.PURGE.{BUCKET}")
    with pytest.raises(MissingEvidence, match="key of evidence"):
        await evidence.get(reference.sha256)


async def test_too_large_a_file_stores_nothing(nc: Client, evidence: Evidence) -> None:  # noqa: ARG001 (the streams)
    """The cap is kept while the chunks come in: an endless upload ends, and no piece of it is stored."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1000)

    small = Evidence(nc, largest=10_000)
    for data in (bytes(10_001), endless()):
        with pytest.raises(wire.TooLarge, match="more than 10000 bytes"):
            await small.put(data, "image/jpeg")
    assert await messages(nc) == 0
    assert (await small.put(bytes(10_000), "image/jpeg")).size == 10_000


async def test_a_broken_upload_stores_nothing(nc: Client, evidence: Evidence) -> None:
    """A phone that loses its connection half way leaves no piece."""

    async def broken() -> AsyncIterator[bytes]:
        yield LARGE
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await evidence.put(broken(), "image/jpeg")
    assert await messages(nc) == 0


async def test_half_stored_evidence_has_no_reference(nc: Client, servers: Servers, evidence: Evidence) -> None:
    """Where the store gives out between two pieces the caller gets an error; what lies there is never whole."""
    await call(nc, f"STREAM.DELETE.{EVIDENCE}")
    await create(nc, EVIDENCE, servers.replicas, max_msgs=2)
    with pytest.raises(wire.Refused):
        await evidence.put(LARGE, "image/jpeg")
    orphan = await message(nc, "evidence.*.1")
    (name,) = re.findall(r"evidence\.(\w+)\.1", orphan["subject"])
    with pytest.raises(MissingEvidence, match="piece 2"):
        await evidence.get(name)


async def test_a_piece_stands_once(nc: Client, evidence: Evidence) -> None:
    """The same piece again changes nothing, as after an unknown outcome; another in its place is refused."""
    reference = await evidence.put(PHOTO, "image/jpeg")
    sealed = await evidence.sealed(reference.sha256)
    await evidence._store(reference.sha256, 0, sealed)
    with pytest.raises(AlteredEvidence, match="taken by other bytes"):
        await evidence._store(reference.sha256, 0, b"other")
    assert await messages(nc) == 1
    assert await evidence.get(reference.sha256) == PHOTO


async def test_the_declared_stream_never_lets_go(nc: Client, evidence: Evidence, servers: Servers) -> None:
    """As it is declared, no piece of evidence can be deleted."""
    await call(nc, f"STREAM.DELETE.{EVIDENCE}")
    await create(nc, EVIDENCE, servers.replicas)
    reference = await evidence.put(PHOTO, "image/jpeg")
    found = await message(nc, evidence_subject(reference.sha256, 0))
    with pytest.raises(wire.JournalError):
        await call(nc, f"STREAM.MSG.DELETE.{EVIDENCE}", {"seq": found["seq"]}, timeout=0.5)
    assert await evidence.get(reference.sha256) == PHOTO


def test_a_reference_is_a_fact() -> None:
    """It is compared by value and never changed."""
    reference = Reference("0" * 64, "image/jpeg", 1)
    assert reference == Reference("0" * 64, "image/jpeg", 1)
    with pytest.raises(FrozenInstanceError):
        reference.size = 2  # type: ignore[misc]
