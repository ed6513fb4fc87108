"""What all commands and all events have in common."""

from typing import get_args

import pytest
from pydantic import ValidationError

from contracts import commands, events
from contracts.commands import COMMANDS, Command, HazardCommand, InspectionCommand
from contracts.events import EVENTS, Event

ACTOR = {"id": "p1", "name": "周建国", "roles": ["officer"], "body": "county"}


def leaves(kind: type) -> set[type]:
    """Every class below, that nobody derives from."""
    below = kind.__subclasses__()
    return {kind} if not below else {leaf for one in below for leaf in leaves(one)}


def test_every_event_stands_in_the_union() -> None:
    """`match` over HazardEvent is checked to be complete: one left out would never be handled."""
    visits = get_args(events.InspectionEvent)
    assert set(EVENTS.values()) == leaves(Event) == {*get_args(events.HazardEvent), events.PolicyAdopted, *visits}


def test_every_command_stands_in_the_union() -> None:
    """One left out could be published and would be answered by nobody."""
    assert (
        set(COMMANDS.values())
        == leaves(Command)
        == {
            *get_args(commands.HazardCommands),
            *get_args(commands.InspectionCommands),
            commands.AdoptPolicy,
        }
    )


def test_every_command_yields_one_event() -> None:
    """They stand in the same order; each command states what its event records."""
    pairs = list(zip(COMMANDS.values(), EVENTS.values(), strict=True))
    assert all(set(acts(command)) & set(acts(event)) for command, event in pairs)


def acts(kind: type) -> list[type]:
    """The act that a command or event states: the part from contracts.acts."""
    return [base for base in kind.__mro__ if base.__module__.startswith("contracts.acts")]


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_has_every_field_of_its_command(event: type[Event]) -> None:
    """What a command states and its event forgets would be lost for ever."""
    command = next(command for command in COMMANDS.values() if set(acts(command)) == set(acts(event)))
    asked_only = {"command_id", "hazard_id", "inspection_id", "expected_version", "correlation_id", "causation_id"}
    asked_only |= {"date_inferred"}  # the event says it as a flag
    if event is events.PolicyAdopted:
        asked_only |= {"area"}  # the aggregate's id carries it
    assert command.model_fields.keys() - asked_only <= event.model_fields.keys()


def test_wire_names_never_change() -> None:
    """They lie in streams and stand in other departments' programs; this list may only grow."""
    assert " ".join(EVENTS) == (
        "hazard.found hazard.graded hazard.regraded hazard.corrected hazard.merged hazard.withdrawn "
        "hazard.origin_ruled hazard.objection_recorded hazard.objection_answered hazard.assigned "
        "hazard.interim_control_recorded hazard.rectification_planned hazard.rectification_started "
        "hazard.progress_reported hazard.responsible_party_changed hazard.reported_to_regulator "
        "hazard.report_acknowledged hazard.reported_to_workers hazard.listing_proposed hazard.listing_declined "
        "hazard.listed hazard.listing_filed hazard.listing_published hazard.publication_withdrawn "
        "hazard.delisting_applied hazard.delisting_refused hazard.delisted hazard.suspension_ordered "
        "hazard.suspension_complied hazard.resumption_applied hazard.resumption_refused hazard.operations_resumed "
        "hazard.order_revoked hazard.extension_requested hazard.extension_granted hazard.extension_refused "
        "hazard.rectification_submitted hazard.verification_passed hazard.verification_failed hazard.closed "
        "hazard.reopened hazard.transferred hazard.transfer_accepted hazard.transfer_refused "
        "hazard.competence_assigned hazard.result_reported hazard.escalated hazard.measure_recorded "
        "hazard.measure_declined hazard.document_signed hazard.clock_paused hazard.clock_resumed "
        "hazard.policy_moved policy.adopted "
        "inspection.recorded inspection.expert_opinion_given inspection.signed inspection.offer_declined "
        "inspection.corrected inspection.withdrawn"
    )


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_names_what_it_is_about_unless_it_makes_it(command: type[Command]) -> None:
    """Finding gives the hazard its id, recording the visit; adopting a policy speaks of an area."""
    begins = {commands.FindHazard, commands.RecordInspection, commands.AdoptPolicy}
    assert issubclass(command, HazardCommand | InspectionCommand) == (command not in begins)


@pytest.mark.parametrize("kind", [*EVENTS.values(), *COMMANDS.values()], ids=[*EVENTS, *COMMANDS])
def test_no_field_could_hold_a_reporter_or_a_telephone(kind: type[Event | Command]) -> None:
    """What is never forgotten must not hold what must be forgettable."""
    assert not [name for name in kind.model_fields if any(word in name for word in ("phone", "reporter", "id_card"))]


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_takes_no_unknown_field_however_it_is_made(command: type[Command]) -> None:
    """Also where a program builds it without a reader."""
    with pytest.raises(ValidationError, match="colour"):
        command.model_validate({"colour": "red"})


def test_nothing_stated_can_be_changed_afterwards() -> None:
    """Events and commands are frozen."""
    command = commands.StartRectification.model_validate_json(
        '{"command_id":"c1","hazard_id":"32-5f0c1d2e-0000-4000-8000-000000000001","occurred_at":"2026-03-02T09:00:00Z",'
        '"actor":{"id":"p1","name":"周建国","roles":["officer"]}}'
    )
    with pytest.raises(ValidationError, match="frozen"):
        command.note = "later"
