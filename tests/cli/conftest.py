"""One `bihuan up` for the tests that only need some service; each has an area of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from services.cli.main import run

BIHUAN = (sys.executable, "-m", "services.cli")
Cli = Callable[..., tuple[int, dict[str, Any]]]

_areas = count(1)


@dataclass
class Up:
    """A running `bihuan up`, and the line that it announced itself with."""

    process: subprocess.Popen[bytes]
    said: dict[str, Any]

    def end(self, number: int = signal.SIGTERM) -> int:
        """Its exit code."""
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        self.process.communicate(timeout=30)
        return self.process.returncode


def start(data: Path, *options: str) -> Up:
    """Waits until it says that it is up."""
    command = [*BIHUAN, "up", "--json", "--data", str(data), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    return Up(process, json.loads(process.stdout.readline()))


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A service that nobody chases, so that a history is what the test made it; it ends in good order."""
    up = start(tmp_path_factory.mktemp("served") / "data", "--without", "notifier")
    yield up
    assert up.end() == 0


@pytest.fixture
def served(running: Up) -> Path:
    """Its data folder."""
    return Path(running.said["data"])


@pytest.fixture
def url(running: Up) -> str:
    """Its server."""
    return str(running.said["url"])


@pytest.fixture
def area() -> str:
    """A township that no other test uses."""
    return f"50022{next(_areas):04}"


@pytest.fixture
def bihuan(served: Path, capfd: pytest.CaptureFixture[str]) -> Cli:
    """`bihuan … --json` beside the running service: its exit code and its answer."""

    def ask(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        capfd.readouterr()
        code = run(["--data", str(served), *map(str, arguments), "--json"])
        return code, json.loads(capfd.readouterr().out)

    return ask
