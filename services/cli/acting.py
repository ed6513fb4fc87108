"""Who acts: an Actor in a JSON file, as several commands take it."""

from pathlib import Path

from pydantic import ValidationError

from contracts.parties import Actor
from services.cli.outcome import Status, Stop


def read_actor(path: Path) -> Actor:
    """Raises Stop with what is wrong with the file."""
    try:
        return Actor.model_validate_json(path.read_bytes())
    except OSError as wrong:
        raise Stop(Status.USAGE, f"打不开 {path}：{wrong.strerror}。The file cannot be opened.") from wrong
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise Stop(
            Status.USAGE, f"{path.name} 不是经办人：{where} {first['msg']}。It is not an Actor in JSON."
        ) from wrong
