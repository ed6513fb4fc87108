"""The checker accepts a sound history and notices each way of spoiling it."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import pytest
from checker import Append, faults
from eventsourcing.persistence import Notification

Views = dict[str, list[Notification]]


def sound() -> tuple[list[Append], Views, Views]:
    """Three originators, thirty events, two refusals, one unknown that was stored and one that was not."""
    appends, view = [], list[Notification]()
    for n in range(30):
        name, version, body = f"h{n % 3}", n // 3 + 1, b"e%d" % n
        appends.append(Append(name, version, body, 2 * n, 2 * n + 1, "acknowledged", n + 1))
        view.append(Notification(name, version, "t", body, n + 1))
    appends[29] = Append("h2", 10, b"e29", 58)
    appends.append(Append("h0", 3, b"refused", 20, 21, "refused"))
    appends.append(Append("h1", 11, b"nowhere", 62))
    return appends, {"n1": view, "n2": deepcopy(view)}, {"reader": deepcopy(view[:20])}


def at(views: Views, place: int, **changes: object) -> None:
    """Alter one stored event in every view that has it."""
    for view in views.values():
        if place < len(view):
            view[place] = replace(view[place], **changes)  # type: ignore[arg-type]


def swap(views: Views, one: int, other: int) -> None:
    """Exchange two events of different originators everywhere, with their sequences in order."""
    for view in views.values():
        view[one], view[other] = replace(view[other], id=one + 1), replace(view[one], id=other + 1)


MUTATIONS: dict[str, tuple[Callable[[list[Append], Views], object], str]] = {
    "an acknowledged event lost at the end of one replica": (lambda _, views: views["n2"].pop(28), "is lost"),
    "an event lost in the middle": (lambda _, views: views["n1"].pop(9), "stands at place 10"),
    "an event stored twice": (
        lambda _, views: views["n1"].append(replace(views["n1"][4], id=31)),
        "stored twice",
    ),
    "an event that nobody sent": (
        lambda _, views: views["n1"].append(Notification("h0", 11, "t", b"ghost", 31)),
        "sent by nobody",
    ),
    "a body altered on one replica": (
        lambda _, views: views["n2"].__setitem__(5, replace(views["n2"][5], state=b"x")),
        "elsewhere",
    ),
    "an event under another originator": (lambda _, views: at(views, 5, originator_id="h9"), "belongs to"),
    "an event with another version": (lambda _, views: at(views, 5, originator_version=7), "where 2 belongs"),
    "two events exchanged": (lambda _, views: swap(views, 6, 10), "and is at"),
    "a refused event stored": (
        lambda appends, _: setattr(appends[3], "outcome", "refused"),
        "refused and is stored",
    ),
    "another sequence acknowledged": (lambda appends, _: setattr(appends[3], "sequence", 12), "and is at 4"),
    "an earlier sequence for a later request": (
        lambda appends, _: setattr(appends[3], "invoked", 40),
        "before it was asked for",
    ),
    "a reader that skipped an event": (lambda _, views: views["reader"].pop(3), "reader: sequence 5"),
    "a reader that saw events in another order": (
        lambda _, views: views["reader"].sort(key=lambda event: -event.id),
        "reader: ",
    ),
}


def test_a_sound_history_is_accepted() -> None:
    """A reader may be behind, an unknown may be stored or not."""
    assert faults(*sound()) == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_spoilt_history_is_noticed(name: str) -> None:
    """A checker that cannot fail proves nothing."""
    mutate, complaint = MUTATIONS[name]
    appends, replicas, readers = sound()
    mutate(appends, views := {**replicas, **readers})
    found = faults(appends, {name: views[name] for name in replicas}, {name: views[name] for name in readers})
    assert any(complaint in fault for fault in found), found
