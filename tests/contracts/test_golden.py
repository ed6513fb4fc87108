"""The goldens are written once, by hand: what was stored must stay readable for ever, so none is ever regenerated."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
from pydantic import BaseModel

from contracts.envelope import Unreadable, decode, encode
from contracts.events import EVENTS, Event
from contracts.upcasts import UPCASTS

GOLDEN = Path(__file__).parent / "golden"
WIRE_NAMES = sorted(EVENTS)


def stored(name: str) -> bytes:
    """The body as it lies in the stream."""
    path = GOLDEN / f"{name}.json"
    assert path.exists(), f"write {path.relative_to(GOLDEN.parent)}: every event has one golden"
    return path.read_bytes()


def models(value: object) -> list[BaseModel]:
    """A model and all that it holds, at every depth."""
    if isinstance(value, BaseModel):
        return [value, *(one for name in type(value).model_fields for one in models(getattr(value, name)))]
    return [one for inner in value for one in models(inner)] if isinstance(value, tuple) else []


@pytest.mark.parametrize("wire_name", WIRE_NAMES)
def test_what_was_stored_is_read_as_the_event_that_it_was(wire_name: str) -> None:
    """Every event ever written is typed, not Unreadable."""
    read = decode(stored(wire_name))
    assert not isinstance(read.event, Unreadable), read.event.detail
    assert type(read.event) is EVENTS[wire_name]
    assert read.type == wire_name


@pytest.mark.parametrize("wire_name", WIRE_NAMES)
def test_what_was_stored_would_be_stored_alike_today(wire_name: str) -> None:
    """No field is lost, renamed or spelt otherwise on the way in and out."""
    assert json.loads(encode(decode(stored(wire_name)))) == json.loads(stored(wire_name))


@pytest.mark.parametrize("wire_name", WIRE_NAMES)
def test_a_golden_fills_every_field_of_its_event(wire_name: str) -> None:
    """A field that no golden has could be renamed and nobody would see it."""
    data = json.loads(stored(wire_name))["data"]
    assert EVENTS[wire_name].model_fields.keys() - data.keys() <= {"historical"}


def test_the_goldens_together_fill_every_field_of_every_model() -> None:
    """The same for what events hold: people, parties, papers."""
    filled: defaultdict[type[BaseModel], set[str]] = defaultdict(set)
    for wire_name in WIRE_NAMES:
        for model in models(decode(stored(wire_name)).event):
            filled[type(model)] |= model.model_fields_set
    missing = {
        f"{kind.__name__}.{name}"
        for kind, names in filled.items()
        for name in kind.model_fields.keys() - names
        if not (issubclass(kind, Event) and name == "historical")
    }
    assert not missing


def test_no_golden_stands_for_an_event_that_is_no_more() -> None:
    """Events are never removed: a golden without its event means that one was."""
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(EVENTS)


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.json")), ids=lambda path: path.stem)
def test_a_golden_is_written_for_people(path: Path) -> None:
    """Chinese as Chinese; no telephone or identity-card number, not even an invented one."""
    text = path.read_text("utf-8")
    assert re.search("[\u4e00-\u9fff]", text)
    assert "\\u" not in text
    assert not re.search(r"(?<![0-9a-f])1[3-9]\d{9}(?![0-9a-f])", text)


@pytest.mark.parametrize("step", UPCASTS, ids=lambda step: f"{step[0]}.{step[1]}")
def test_an_upcast_turns_the_old_body_into_what_the_new_body_says(step: tuple[str, int]) -> None:
    """Every step has its golden pair: the body as it was written, and as it would be written one version later."""
    wire_name, version = step
    old = decode(stored(f"upcasts/{wire_name}.{version}"))
    new = decode(stored(f"upcasts/{wire_name}.{version + 1}"))
    assert (old.schema_version, new.schema_version) == (version, version + 1)
    assert not isinstance(old.event, Unreadable), old.event.detail
    assert old.event == new.event


@pytest.mark.parametrize("wire_name", WIRE_NAMES)
def test_every_older_schema_has_a_step_to_the_next(wire_name: str) -> None:
    """A version was raised: the bodies of all the versions before it are still in the stream."""
    assert {(wire_name, version) for version in range(1, EVENTS[wire_name].schema_version)} == {
        step for step in UPCASTS if step[0] == wire_name
    }


def test_an_upcast_body_is_stored_anew_in_the_present_schema() -> None:
    """Version 1 with the fields of version 2 would be upcast a second time."""
    again = json.loads(encode(decode(stored("upcasts/hazard.found.1"))))
    assert again == json.loads(stored("upcasts/hazard.found.2"))
