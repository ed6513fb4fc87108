"""An application that knows nothing of NATS."""

import os
import subprocess
import sys
from pathlib import Path

from tests.journal.library_env import OnServers

EXAMPLE = Path(__file__).parents[2] / "examples" / "dog_school.py"


QUIET_END = """
import threading
from eventsourcing.application import Application
Application().close()
for thread in threading.enumerate():
    if thread.name == "journal":
        thread.join()
print("done")
"""


def run(env: dict[str, str], *what: str) -> list[str]:
    """What the example says, or another program, in a process of its own where a warning is an error."""
    command = [sys.executable, "-W", "error", *(what or [str(EXAMPLE)])]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


class TestExample(OnServers):
    """The same script, in memory and on JetStream."""

    def test_only_the_environment_differs(self) -> None:
        """It says the same on a fresh stream as in memory; run again, it still knows the dog of the first run."""
        lesson = ["Fido knows roll over, fetch ball", "dogs: Fido"]
        in_memory = {name: value for name, value in os.environ.items() if name != "PERSISTENCE_MODULE"}
        assert run(in_memory) == lesson
        assert run(in_memory) == lesson
        assert run(dict(os.environ)) == lesson
        assert run(dict(os.environ)) == [lesson[0], "dogs: Fido, Fido"]

    def test_nothing_is_said_in_its_name(self) -> None:
        """What an application prints is its own: connecting and closing add no line to it."""
        assert run(dict(os.environ), "-c", QUIET_END) == ["done"]
