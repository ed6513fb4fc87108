"""Ledgers of some hazards only: the finding says whether one is listed, and nothing is kept of the others."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts import events
from contracts.events import Event
from contracts.parties import Person
from contracts.terms import Origin
from services.projection.entries import Entry
from services.projection.facets import wording
from services.projection.ledger import Rule
from services.projection.pages import Page


def only(chosen: Callable[[events.HazardFound], bool], rules: Mapping[type[Event], Rule]) -> dict[type[Event], Rule]:
    """These rules, for hazards so found; what is told of one whose finding is not there begins nothing."""
    return {kind: _listed(chosen, rule) for kind, rule in rules.items()}


def _listed(chosen: Callable[[events.HazardFound], bool], rule: Rule) -> Rule:
    def run(event: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401 (a rule takes its own event)
        if chosen(event) if isinstance(event, events.HazardFound) else not page.empty:
            rule(event, entry, page)

    return run


def finders(event: events.HazardFound) -> tuple[Person, ...]:
    """发现人: as named, else who says so himself or has it entered for him; a 举报 or an old table names nobody."""
    if event.finders or event.historical or event.origin in {Origin.REPORT, Origin.TRANSFERRED_IN}:
        return event.finders
    principal = event.actor.on_behalf_of
    return (principal.person if principal else wording.person(event.actor),)
