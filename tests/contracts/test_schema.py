import functools
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from contracts import generate
from contracts.commands import COMMANDS
from contracts.events import EVENTS
from contracts.reading import read_batch

GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = generate.schemas()
REGISTRY: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)
PERSON = {"id": "p1", "name": "周建国"}
FIND = {
    "command_id": "c1",
    "actor": PERSON | {"roles": ["officer"]},
    "occurred_at": "2026-03-02T09:15:00+08:00",
    "area": "320623199",
    "description": "安全出口被封闭",
    "origin": "patrol",
}


@functools.cache
def check(schema: str) -> None:
    """By the meta-schema; once for all who share a definition."""
    Draft202012Validator.check_schema(json.loads(schema))


def faults(name: str, value: object) -> list[str]:
    """What another department's validator would say."""
    validator = Draft202012Validator(
        SCHEMAS[name], registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [error.message for error in validator.iter_errors(value)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_in_the_folder_is_what_the_models_say(name: str) -> None:
    """A change of the contracts is seen in review, as a change of the schema."""
    path = generate.FOLDER / name
    assert path.exists(), "the schemas are stale: run `make schema`"
    assert path.read_text("utf-8") == generate.written(SCHEMAS[name]), "the schemas are stale: run `make schema`"


def test_the_folder_holds_no_schema_of_what_is_no_more() -> None:
    """A schema left behind would promise what nobody keeps."""
    present = {path.relative_to(generate.FOLDER).as_posix() for path in generate.FOLDER.rglob("*") if path.is_file()}
    assert present == set(SCHEMAS), "the schemas are stale: run `make schema`"


def test_every_event_and_command_has_a_schema() -> None:
    """One file each, found by wire name or imperative."""
    assert {f"events/{name}.json" for name in EVENTS} <= SCHEMAS.keys()
    assert {f"commands/{name}.json" for name in COMMANDS} <= SCHEMAS.keys()


def test_writing_again_mends_the_folder(tmp_path: Path) -> None:
    """A file that was edited is restored, one left behind is removed, and the second run changes nothing."""
    generate.write(SCHEMAS, tmp_path)
    (tmp_path / "replies.json").write_text("{}", encoding="utf-8")
    (tmp_path / "events" / "hazard.dreamt.json").write_text("{}", encoding="utf-8")
    generate.write(SCHEMAS, tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")} == set(SCHEMAS)
    assert (tmp_path / "replies.json").read_text("utf-8") == generate.written(SCHEMAS["replies.json"])


def test_a_schema_reads_as_chinese_and_ends_its_last_line() -> None:
    """It is read by people and by `git diff`."""
    text = generate.written(SCHEMAS["events/hazard.found.json"])
    assert "隐患登记" in text
    assert "\\u" not in text
    assert text.endswith("}\n")


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_draft_2020_12(name: str) -> None:
    """Its head and each of its definitions; the id is a name of our own."""
    head = {key: value for key, value in SCHEMAS[name].items() if key != "$defs"}
    for part in [head, *SCHEMAS[name].get("$defs", {}).values()]:
        check(generate.written(part))
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMAS[name]["$id"].startswith("https://bihuan.cn/schema/")


def test_no_two_schemas_share_an_id() -> None:
    """An id names one thing."""
    ids = [schema["$id"] for schema in SCHEMAS.values()]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("wire_name", EVENTS)
def test_a_golden_is_valid_by_the_published_schemas(wire_name: str) -> None:
    """Envelope and data: what we store is what we say that we store."""
    body = json.loads((GOLDEN / f"{wire_name}.json").read_text("utf-8"))
    assert not faults("envelope.json", body)
    assert not faults(f"events/{wire_name}.json", body["data"])


@pytest.mark.parametrize("wire_name", EVENTS)
def test_an_event_may_gain_fields_and_stays_valid(wire_name: str) -> None:
    """A reader with an older schema survives our additions."""
    data = json.loads((GOLDEN / f"{wire_name}.json").read_text("utf-8"))["data"]
    data["actor"] |= {"mood": "calm"}
    assert not faults(f"events/{wire_name}.json", data | {"weather": "rain"})


@pytest.mark.parametrize("imperative", COMMANDS)
def test_a_command_schema_closes_every_object(imperative: str) -> None:
    """As the reader does: no field passes that nobody knows."""
    closed = [part for part in generate._parts(SCHEMAS[f"commands/{imperative}.json"]) if "properties" in part]
    assert closed
    assert all(part["additionalProperties"] is False for part in closed if part.get("type") == "object")


def test_a_command_schema_says_what_the_reader_says() -> None:
    """Valid here and read there; a nested typo is refused by both."""
    assert not faults("commands/find_hazard.json", FIND)
    assert faults("commands/find_hazard.json", FIND | {"actor": FIND["actor"] | {"colour": "red"}})
    assert faults("commands/find_hazard.json", FIND | {"area": "32062"})
    assert faults("commands/find_hazard.json", FIND | {"occurred_at": 5})


def test_the_batch_schema_is_what_the_batch_reader_reads() -> None:
    """The name stands beside the body, and each body is judged by its own schema."""
    batch = {"commands": [{"command": "find_hazard", "body": FIND}]}
    assert not faults("batch.json", batch)
    assert len(read_batch(json.dumps(batch).encode())) == 1
    assert faults("batch.json", {"commands": [{"command": "grade_hazard", "body": FIND}]})


@pytest.mark.parametrize(
    "reply",
    [
        {"status": "accepted", "hazard_id": "h", "version": 1, "sequence": 7, "events": []},
        {"status": "refused", "code": "stage", "reason": "当前环节不能办理：待整改"},
        {"status": "unknown", "command_id": "c1"},
        {"replies": [{"status": "unknown", "command_id": "c1"}]},
    ],
)
def test_every_kind_of_answer_is_valid(reply: dict[str, Any]) -> None:
    """Accepted, refused, unknown, and the answers to a batch."""
    assert not faults("replies.json", reply)
    assert faults("replies.json", reply | {"status": "failed", "replies": 1})
