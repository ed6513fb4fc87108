"""Photos and papers: immutable bytes in pieces, encrypted under a key of their own, named by their hash.

The hash is that of the ciphertext, so what an event says of its evidence can still be proved when the key has been
destroyed and nobody can read it any more. The same file stored twice becomes two ciphertexts and two hashes. A piece
is stored once and never replaced; a crash half way leaves pieces that nothing refers to, never a reference to less
than the whole.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nats.aio.client import Client

from contracts.subjects import EVIDENCE, evidence_subject
from services.journal.events import EventStore
from services.journal.keys import Keys
from services.journal.library import StoredEvent
from services.journal.wire import Conflict, JournalError, TooLarge

PIECE: Final = 512 * 1024
"""Bytes of a piece; the last one is shorter, and so says that it is the last. Below the server's usual 1 MiB."""
LARGEST: Final = 32 * 1024 * 1024
"""Bytes of the largest file."""
CIPHER: Final = "aes-256-gcm"
_NONCE = 12
_HASH = re.compile(r"[0-9a-f]{64}")


class MissingEvidence(JournalError):
    """There is no such evidence."""


class AlteredEvidence(JournalError):
    """The stored bytes are not those that were stored."""


@dataclass(frozen=True)
class Reference:
    """What an event keeps of a file: the hash of its ciphertext, its media type, and its size in plain bytes."""

    sha256: str
    media_type: str
    size: int


class Evidence:
    """The files of one tenant, in streams that exist: see streams.py."""

    def __init__(self, nc: Client, *, largest: int = LARGEST) -> None:
        self._pieces = EventStore(nc, EVIDENCE)
        self._keys = Keys(nc)
        self._largest = largest

    async def put(self, data: bytes | AsyncIterable[bytes], media_type: str) -> Reference:
        """Store a file wholly, then give its reference; raises TooLarge before anything is stored."""
        plain = await self._whole(data)
        key = AESGCM.generate_key(256)
        sealed = await asyncio.to_thread(_seal, key, plain)
        name = sha256(sealed).hexdigest()
        await self._keys.keep(name, key)
        for number, start in enumerate(range(0, len(sealed) + 1, PIECE)):
            await self._store(name, number, sealed[start : start + PIECE])
        return Reference(name, media_type, len(plain))

    async def get(self, name: str) -> bytes:
        """The plain bytes, every one checked; raises Forgotten, MissingEvidence or AlteredEvidence."""
        key = await self._keys.find(_checked(name))
        sealed = await self.sealed(name)
        if key is None:
            raise MissingEvidence(f"the key of evidence {name} is missing")
        try:
            return await asyncio.to_thread(_open, key, sealed)
        except InvalidTag:
            raise AlteredEvidence(f"the key of evidence {name} does not fit it") from None

    async def sealed(self, name: str) -> bytes:
        """The ciphertext, checked against its hash: the proof that stays when the key is destroyed."""
        pieces: list[bytes] = []
        while not pieces or len(pieces[-1]) == PIECE:
            pieces.append(await self._piece(_checked(name), len(pieces)))
        sealed = b"".join(pieces)
        if sha256(sealed).hexdigest() != name:
            raise AlteredEvidence(f"evidence {name} was altered: its bytes have another hash")
        return sealed

    async def forget(self, name: str) -> None:
        """Destroy the key for good: `get` then raises Forgotten, `sealed` still proves what was stored."""
        await self._piece(_checked(name), 0)
        await self._keys.destroy(name)

    async def _whole(self, data: bytes | AsyncIterable[bytes]) -> bytes:
        plain = bytearray()
        async for chunk in _chunks(data):
            plain += chunk
            if len(plain) > self._largest:
                raise TooLarge(f"the file has more than {self._largest} bytes, the most that is taken")
        return bytes(plain)

    async def _store(self, name: str, number: int, piece: bytes) -> None:
        event = StoredEvent(evidence_subject(name, number), number, CIPHER, piece)
        try:
            await self._pieces.append(event, after=0)
        except Conflict:
            if await self._piece(name, number) != piece:
                raise AlteredEvidence(f"piece {number} of evidence {name} is taken by other bytes") from None

    async def _piece(self, name: str, number: int) -> bytes:
        found = await self._pieces.last(evidence_subject(name, number))
        if found is None and number == 0:
            raise MissingEvidence(f"there is no evidence {name}")
        if found is None:
            raise MissingEvidence(f"piece {number} of evidence {name} is missing")
        return found.state


async def _chunks(data: bytes | AsyncIterable[bytes]) -> AsyncIterable[bytes]:
    if isinstance(data, bytes):
        yield data
    else:
        async for chunk in data:
            yield chunk


def _checked(name: str) -> str:
    if not _HASH.fullmatch(name):
        raise MissingEvidence(f"{name!r} names no evidence: 64 hexadecimal digits do")
    return name


def _seal(key: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, CIPHER.encode())


def _open(key: bytes, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], CIPHER.encode())
