"""Why a command is refused. Codes are stable; the clause is for the person who asked, in the words on the screen.

Refusal
├── NotPermitted   role, power, area, separation: another person or body must do it
├── WrongStage     stage: not now
├── RuleBroken     a rule of the loop: what is missing, what stands in the way
└── Unclear        the history cannot be judged by this program: newer_schema, damaged_history
"""

from typing import Final

CODES: Final = {
    # Another person or body must do it
    "role": "the actor's role may not do this",
    "area": "outside the actor's enterprise, area or level",
    "power": "the actor's body has no such power on that day: transfer it to the one named",
    "separation": "the person already holds a duty that excludes this one",
    "not_named": "the actor must be one of the names on the document",
    "not_responsible": "somebody else must sign: 整改责任人, 主要负责人",
    "other_body": "it belongs to another body, or the name is of another body",
    "other_acceptor": "the plan names another acceptor",
    "other_superior": "the result is first told to the superior that handed it down",
    "binding": "a body above has assigned it",
    # Not now
    "stage": "not at this stage",
    "exists": "the hazard was found already",
    "graded_already": "graded already: regrade it",
    "ungraded": "not graded yet: grade it",
    "reopen_first": "verified as a general hazard: reopen it before it is called major",
    # What is missing, or stands in the way
    "rule": "a rule of the loop stands in the way",
    "incomplete": "something that it must carry is missing; the field says which",
    "two_names": "two distinct persons must be named",
    "certificate": "an officer's certificate number is missing",
    "unknown_hazard": "there is no such hazard",
    "unknown_body": "the directory has no such body",
    "unknown_standard": "the clause library has no such standard or version",
    "unknown_clause": "the standard has no such article or item",
    "unknown_policy": "the policy was not adopted in this area",
    "no_such": "nothing open has that id",
    "not_in_that_event": "the event to correct does not say that, or does not name that person",
    "none_pending": "nothing waits to be answered or ended",
    "ambiguous": "several are open: name one",
    "pending": "the same was asked for and is not answered yet",
    "future": "it lies in the future",
    "before_finding": "it lies before the finding",
    "not_historical": "it happened while this system already knew the hazard",
    "self_found": "a self-check has no finding body",
    "unknown_visit": "no such visit was recorded",
    "visit_withdrawn": "the visit was taken back",
    "other_visit": "the visit was to another place or party",
    "other_visit_kind": "the visit's record says another kind",
    "other_origin": "a visit of that kind finds nothing of that origin",
    "before_visit": "it lies before the visit began",
    "no_offer": "no answer of the visit offers that",
    "no_inspection": "an order rests on 行政检查 by two certified officers",
    "two_minds": "signed for the party, or refused: one of them",
    "signed_already": "the record is signed",
    "declined_already": "declined already",
    "times": "end, notice and beginning of the visit contradict each other",
    "mode": "that kind of visit is not made in that way",
    "none_found": "无 was stated and an answer is a problem",
    "unknown_checklist": "there is no such checklist or version",
    "unknown_item": "the checklist has no such item",
    "not_qualified": "the body may not carry out 行政检查",
    "reporter_hidden": "no field may hold the person who reported",
    "same_grade": "it has that grade",
    "not_a_mistake": "a grade goes down only to correct a mistake",
    "listed_or_suspended": "not while it is listed or suspended",
    "survivor_is_later": "the earlier record survives a merger",
    "survivor_not_open": "the survivor must be another open hazard",
    "overlay_would_be_lost": "the survivor lacks an order, listing, suspension or handover",
    "grade_would_be_lost": "the survivor is graded lower",
    "deadline_would_be_lost": "the survivor's deadline is later, or it has none",
    "class_would_be_lost": "the survivor would be verified by its own enterprise",
    "other_party": "another responsible party",
    "same_party": "a responsible party already",
    "due_in_past": "the day has passed",
    "use_extension": "a deadline moves back by an extension only",
    "after_deadline": "the plan ends after the deadline in force",
    "has_staff": "there are workers to be told",
    "attendance": "present must be between 1 and the total",
    "not_major": "only a major hazard is listed",
    "already_listed": "the same body lists it already",
    "not_superseded": "no listing of a body above stands beside it",
    "no_deadline": "there is no deadline to extend",
    "extension_pending": "one request at a time",
    "not_later": "not later than the deadline in force",
    "more_than_asked": "later than was asked for",
    "lapsed": "the deadline that was to move is no longer there",
    "too_late": "即查即改 is within 24 hours of the finding",
    "on_site": "to be verified on site",
    "not_expired": "the deadline has not come: it is a spot check",
    "assign_competence": "sent back twice: the committee assigns",
    "own_body": "not to or by one's own body",
    "paused": "the clock stands still already",
    "not_paused": "the clock runs",
    "already_adopted": "that policy is in force",
    "unusable_policy": "no rules can be made of the file; the reason names the first line at fault",
    # Nobody can judge
    "newer_schema": "the history holds an event from a newer program: upgrade this one",
    "damaged_history": "the history holds an event that cannot be read",
}
"""What each code means. Codes are stable: programs may depend on them."""


class Refusal(Exception):
    """The command is refused; the history is untouched."""

    code = "refused"

    def __init__(self, reason: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code or self.code
        self.field = field


class NotPermitted(Refusal):
    """Another person or body must do it."""

    code = "role"


class WrongStage(Refusal):
    """Not at this stage."""

    code = "stage"


class RuleBroken(Refusal):
    """A rule of the loop stands in the way."""

    code = "rule"


class Unclear(Refusal):
    """The history holds what this program cannot judge."""

    code = "newer_schema"
