"""What a benchmark is asked for at the command line: all of its sections, or some, at full size or quickly."""

import argparse
import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from services import logs
from services.tuning import collect_seldom, loop_factory


class Run(Protocol):
    """Every section, or those named."""

    def __call__(self, *, quick: bool, only: Sequence[str]) -> Coroutine[Any, Any, None]:
        """At the sizes that are asked for."""


def main(about: str | None, sections: Sequence[Callable[..., object]], quick: str, run: Run) -> None:
    """Runs it on the product's event loop; `about` is the module's docstring, `quick` what `--quick` saves."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=quick)
    names = [section.__name__ for section in sections]
    parser.add_argument("only", nargs="*", help=f"some of {', '.join(names)}", choices=[*names, []])
    told = parser.parse_args()
    collect_seldom()
    logs.configure(logging.ERROR)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run(quick=told.quick, only=told.only))
