"""JSON Schemas (draft 2020-12) of all that crosses a border, written from the models: `make schema`.

They are checked in, so that a change of the contracts is seen in review and other departments need no Python.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from contracts.commands import COMMANDS, Command
from contracts.directory import Directory
from contracts.envelope import StoredEnvelope
from contracts.events import EVENTS, Event
from contracts.notices import NoticeRecord
from contracts.policy import Policy
from contracts.reading import MAX_COMMANDS
from contracts.replies import Replies, Reply
from contracts.words import act

FOLDER: Final = Path(__file__).parent / "schema"
ROOT: Final = "https://bihuan.cn/schema"
"""Where the ids of the schemas start: names, which need not answer."""

Schema = dict[str, Any]


class _Plain(GenerateJsonSchema):
    """Without a title for every field, which only says its name again."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002  (pydantic's signature)
        return False


def schemas() -> dict[str, Schema]:
    """Every schema by its path below schema/."""
    return (
        {f"events/{wire_name}.json": _event(event) for wire_name, event in EVENTS.items()}
        | {f"commands/{imperative}.json": _command(command) for imperative, command in COMMANDS.items()}
        | {
            "batch.json": _named("batch", _batch()),
            "directory.json": _named("directory", _of(TypeAdapter(Directory))),
            "envelope.json": _named("envelope", _of(TypeAdapter(StoredEnvelope))),
            "notices.json": _named("notices", _of(TypeAdapter(NoticeRecord))),
            "policy.json": _named("policy", _of(TypeAdapter(Policy))),
            "replies.json": _named("replies", _of(TypeAdapter(Reply | Replies))),
        }
    )


def written(schema: Schema) -> str:
    """As it stands in the file: readable Chinese, fields in the order of the models, a line end at the end."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write(current: dict[str, Schema], folder: Path = FOLDER) -> None:
    """Write every schema and remove those of what is no more."""
    for path in folder.rglob("*.json"):
        if path.relative_to(folder).as_posix() not in current:
            path.unlink()
    for name, schema in current.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(schema), encoding="utf-8")


def _event(event: type[Event]) -> Schema:
    facts = {"x-word": act(event), "x-version": event.schema_version}
    return _named(event.type, _of(TypeAdapter(event)), f"events/{event.type}.{event.schema_version}", facts)


def _command(command: type[Command]) -> Schema:
    schema = _of(TypeAdapter(command))
    for part in _parts(schema):
        if part.get("type") == "object" and "properties" in part:
            part["additionalProperties"] = False
    return _named(command.imperative, schema, f"commands/{command.imperative}", {"x-word": act(command)})


def _batch() -> Schema:
    items = [
        {
            "type": "object",
            "properties": {"command": {"const": imperative}, "body": {"$ref": f"{ROOT}/commands/{imperative}.json"}},
            "required": ["command", "body"],
            "additionalProperties": False,
        }
        for imperative in COMMANDS
    ]
    return {
        "description": "Commands one after another; the answers come in the same order (replies.json).",
        "type": "object",
        "properties": {"commands": {"type": "array", "maxItems": MAX_COMMANDS, "items": {"oneOf": items}}},
        "required": ["commands"],
        "additionalProperties": False,
    }


def _of(adapter: TypeAdapter[Any]) -> Schema:
    """What pydantic says, without the bounds of dates, for which the standard has no keyword."""
    schema: Schema = adapter.json_schema(schema_generator=_Plain)
    for part in _parts(schema):
        if part.get("format") in {"date", "date-time"}:
            part.pop("ge", None)
            part.pop("le", None)
    return schema


def _named(title: str, schema: Schema, place: str = "", facts: Schema | None = None) -> Schema:
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"{ROOT}/{place or title}.json",
        "title": title,
        **(facts or {}),
    }
    return head | {key: value for key, value in schema.items() if key != "title"}


def _parts(value: object) -> Iterator[Schema]:
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _parts(inner)


if __name__ == "__main__":
    write(schemas())
