"""One line per message handled: JSON, or colours on a terminal; on stderr, for stdout belongs to answers."""

import logging
import sys
from typing import Any

import structlog
from pydantic_core import to_json


def configure(level: int = logging.INFO) -> None:
    """Once for each process, before the first line."""
    terminal = sys.stderr.isatty()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(
                [structlog.dev.ConsoleRenderer()]
                if terminal
                else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
        if terminal
        else structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def _json(values: Any, **_: Any) -> bytes:  # noqa: ANN401 (structlog's own signature)
    return to_json(values, fallback=str)
