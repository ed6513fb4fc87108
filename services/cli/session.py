"""What every command gets: the options that all share, and how to say something to a person or to a program."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from pydantic_core import to_json
from rich.console import Console

from services.cli.outcome import Exit, Stop


@dataclass(frozen=True)
class Session:
    """The global options."""

    data: Path
    nats: str | None = None
    json: bool = False

    def say(self, people: str) -> None:
        """For a person only: a program reads the one JSON line and nothing else."""
        if not self.json:
            out().print(people)

    def aside(self, people: str) -> None:
        """On stderr, to a person or into a log."""
        aside().print(people)

    def tell(self, machine: Mapping[str, Any], *people: str) -> None:
        """One answer, either way."""
        if self.json:
            sys.stdout.write(to_json(machine, fallback=str).decode() + "\n")
            sys.stdout.flush()
        for text in people:
            self.say(text)

    def stopped(self, stop: Stop) -> Exit:
        """The sentence of an early end."""
        if self.json:
            self.tell({"status": stop.status, "reason": stop.reason})
        else:
            self.aside(stop.reason)
        return stop.code


Here = Annotated[Session, Parameter(parse=False)]
"""Given by main.py, not by the command line."""


def out() -> Console:
    """Plain text on stdout: no markup in what people wrote, no lines broken where a program reads."""
    return _console(stderr=False)


def aside() -> Console:
    """The same on stderr."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)
