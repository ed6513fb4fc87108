import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.journal.chain import GENESIS, Entry, check, link

SUBJECT = "events.hazard.32.06.23.104.one"


def claim(body: bytes) -> str:
    """As an envelope carries it: in JSON, under one name."""
    match json.loads(body):
        case {"previous_hash": str(found)}:
            return found
    raise ValueError("the body names no hash")


def grow(texts: list[str], subject: str = SUBJECT) -> tuple[list[Entry], str]:
    """A history as an honest writer makes it, and the hash of its last event."""
    entries, previous = [], GENESIS
    for version, text in enumerate(texts, 1):
        body = json.dumps({"previous_hash": previous, "text": text}, ensure_ascii=False).encode()
        entries.append(Entry(subject, f"hazard.kind{version % 3}", version, body))
        previous = link(previous, *entries[-1])
    return entries, previous


histories = st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=3, max_size=12).map(grow)


@dataclass
class Places:
    """Draws places of a history; `before_last` leaves out the one that nothing later speaks for."""

    data: st.DataObject
    entries: list[Entry]

    def any(self) -> int:
        """A place."""
        return self.data.draw(st.integers(0, len(self.entries) - 1), label="place")

    def before_last(self) -> int:
        """A place with an event after it."""
        return self.data.draw(st.integers(0, len(self.entries) - 2), label="place before the last")


def renumbered(entries: list[Entry]) -> list[Entry]:
    """Versions 1…n again, as a careful forger leaves them."""
    return [entry._replace(version=n) for n, entry in enumerate(entries, 1)]


Numbering = Callable[[list[Entry]], list[Entry]]
numberings = st.sampled_from([list, renumbered])


@given(histories)
def test_an_honest_history_holds(history: tuple[list[Entry], str]) -> None:
    """A history as it was written has no break, with or without the hash of its last event."""
    entries, tip = history
    assert check(entries, claim) == []
    assert check(entries, claim, tip=tip) == []


def test_an_empty_history_holds() -> None:
    """Nothing written contradicts nothing; but a noted last event is missed."""
    assert check([], claim) == []
    assert check([], claim, tip=GENESIS) == []
    assert [found.position for found in check([], claim, tip="a" * 64)] == [0]


@given(histories, st.data())
def test_an_altered_body_is_found(history: tuple[list[Entry], str], data: st.DataObject) -> None:
    """Changing what an event says, even by one byte, contradicts the event after it."""
    entries, _ = history
    place = Places(data, entries).before_last()
    text = data.draw(st.text(st.characters(codec="utf-8"), max_size=20), label="new text")
    body = json.dumps({"previous_hash": claim(entries[place].body), "text": text}, ensure_ascii=False).encode()
    assume(body != entries[place].body)
    entries[place] = entries[place]._replace(body=body)
    assert [found.position for found in check(entries, claim)] == [place + 2]


@given(histories, st.data())
def test_an_altered_type_is_found(history: tuple[list[Entry], str], data: st.DataObject) -> None:
    """Type and version are sealed with the body: an event cannot be passed off as another kind."""
    entries, _ = history
    place = Places(data, entries).before_last()
    entries[place] = entries[place]._replace(topic="hazard.other")
    assert [found.position for found in check(entries, claim)] == [place + 2]


@given(histories, st.integers().filter(bool))
def test_a_version_out_of_place_is_found(history: tuple[list[Entry], str], shift: int) -> None:
    """Versions go from 1 to n, of the last event too."""
    entries, _ = history
    entries[-1] = entries[-1]._replace(version=len(entries) + shift)
    (found,) = check(entries, claim)
    assert found.reason == f"stands where version {len(entries)} belongs"


@given(histories)
def test_one_history_has_one_subject(history: tuple[list[Entry], str]) -> None:
    """An event of another subject does not belong, be it the last, which nothing later speaks for."""
    entries, _ = history
    entries[-1] = entries[-1]._replace(subject="events.hazard.32.other")
    (found,) = check(entries, claim)
    assert found.reason == f"belongs to events.hazard.32.other, the history to {SUBJECT}"


@given(histories, st.data(), numberings)
def test_a_removed_event_is_found(history: tuple[list[Entry], str], data: st.DataObject, numbered: Numbering) -> None:
    """Taking out an event that is not the last is seen, even when the rest is numbered anew."""
    entries, _ = history
    del entries[Places(data, entries).before_last()]
    assert check(numbered(entries), claim)


@given(histories, st.data(), numberings)
def test_reordered_events_are_found(history: tuple[list[Entry], str], data: st.DataObject, numbered: Numbering) -> None:
    """Two events that changed places are seen, even when they are numbered anew."""
    entries, _ = history
    places = Places(data, entries)
    one, other = places.any(), places.any()
    assume(one != other)
    entries[one], entries[other] = entries[other], entries[one]
    assert check(numbered(entries), claim)


@given(histories, st.data(), numberings)
def test_a_doubled_event_is_found(history: tuple[list[Entry], str], data: st.DataObject, numbered: Numbering) -> None:
    """The same event twice is seen, wherever the copy stands."""
    entries, _ = history
    places = Places(data, entries)
    entries.insert(places.any() + 1, entries[places.any()])
    assert check(numbered(entries), claim)


@given(histories, st.data())
def test_an_inserted_event_is_found(history: tuple[list[Entry], str], data: st.DataObject) -> None:
    """A forged event that names the right hash is still contradicted by the one after it."""
    entries, _ = history
    place = Places(data, entries).any()
    body = json.dumps({"previous_hash": claim(entries[place].body), "text": "forged"}).encode()
    entries.insert(place, Entry(SUBJECT, "hazard.forged", place + 1, body))
    assert check(renumbered(entries), claim)


@given(histories, st.data())
def test_an_event_of_another_history_is_found(history: tuple[list[Entry], str], data: st.DataObject) -> None:
    """An event of another hazard does not pass, though its version fits."""
    entries, _ = history
    strangers, _ = grow([str(n) for n in range(len(entries))], "events.hazard.32.06.23.104.other")
    place = Places(data, entries).any()
    entries[place] = strangers[place]
    assert check(entries, claim)


@given(histories, st.data())
def test_a_lost_tail_shows_only_against_a_noted_hash(history: tuple[list[Entry], str], data: st.DataObject) -> None:
    """What the events alone cannot say: that more of them followed, or that the last said something else."""
    entries, tip = history
    shorter = entries[: Places(data, entries).any()]
    assert check(shorter, claim) == []
    assert check(shorter, claim, tip=tip)


@given(histories)
def test_an_altered_last_event_shows_only_against_a_noted_hash(history: tuple[list[Entry], str]) -> None:
    """The last event is spoken for by nothing but a hash kept elsewhere."""
    entries, tip = history
    body = json.dumps({"previous_hash": claim(entries[-1].body), "text": "\x00 not what was said"}).encode()
    forged = [*entries[:-1], entries[-1]._replace(body=body)]
    assert check(forged, claim) == []
    assert check(forged, claim, tip=tip)


@pytest.mark.parametrize("body", [b"", b"\xff", b"null", b"{}", b'{"previous_hash":1}', b"[" * 9])
def test_a_body_that_names_no_hash_is_a_break(body: bytes) -> None:
    """A body that cannot be read is named with its place; it stops neither the check nor the rest of it."""
    entries, _ = grow(["a", "b", "c"])
    entries[1] = entries[1]._replace(body=body)
    first, second = check(entries, claim)
    assert str(first) == "event 2 (version 2) names no hash of the event before it"
    assert str(second) == "event 3 (version 3) does not name the hash of the event before it"


def test_the_first_event_names_genesis() -> None:
    """A history whose beginning was cut off does not begin at sixty-four zeros."""
    entries, _ = grow(["a", "b", "c"])
    assert check(renumbered(entries[1:]), claim)[0].position == 1


@given(st.text(max_size=5), st.text(max_size=5), st.text(min_size=1, max_size=5))
def test_parts_do_not_run_together(subject: str, topic: str, moved: str) -> None:
    """What ends the subject cannot be read as what begins the type: each part carries its length."""
    assert link(GENESIS, subject + moved, topic, 1, b"") != link(GENESIS, subject, moved + topic, 1, b"")
    assert link(GENESIS, subject, topic, 11, b"x") != link(GENESIS, subject, topic, 1, b"1x")


def test_the_hash_never_changes() -> None:
    """Histories outlive programs: this very hash is what stored events name."""
    body = '{"text":"消防通道堵塞"}'.encode()
    assert (
        link(GENESIS, SUBJECT, "hazard.found", 1, body)
        == "14633a4c8d46869c77eca179e20a9d8605491b18fadfa681e15e32dbe40c01aa"
    )
