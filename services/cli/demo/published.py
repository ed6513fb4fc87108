"""The published cases, fact by fact: what the source does not say is not said."""

from typing import Any, Final
from uuid import uuid5

from contracts import subjects
from services.cli.demo.script import Json, Life, Step, moment, read

KINDS: Final = {
    "found": "find_hazard",
    "graded": "grade_hazard",
    "assigned": "assign_hazard",
    "verification_failed": "fail_verification",
    "verification_passed": "pass_verification",
    "measure_recorded": "record_measure",
}


def cases() -> list[Life]:
    """Every case of data/cases.yaml."""
    return [_life(case) for case in read("cases.yaml")["cases"]]


def _life(case: Json) -> Life:
    return Life(case["id"], case["enterprise"], _Teller(case).steps(), case["source"], expect=case["expect"])


class _Teller:
    """Goes through the facts of one case; a fact without `at` takes the date of the one before it, and says so."""

    def __init__(self, case: Json) -> None:
        self._case = case
        self._area = case["area"]["code"]
        self._hazards: list[str] = []
        self._day = ""
        self._steps: list[Step] = []

    def steps(self) -> list[Step]:
        shared = sum(fact["what"] == "found" for fact in self._case["facts"]) > 1
        for fact in self._case["facts"]:
            if fact["what"] == "found":
                self._find(fact)
            else:
                self._tell(fact, shared=shared)
        return self._steps

    def _find(self, fact: Json) -> None:
        command_id = self._next_id()
        self._hazards.append(subjects.hazard_id(self._area, command_id))
        enterprise = self._case["enterprise"]
        party = f"name-{uuid5(subjects.NAMESPACE, f'party/{self._area}/{enterprise}')}"
        body = {
            "area": self._area,
            "description": fact["hazard"],
            "origin": self._case["expect"]["origin"],
            "found_by": [{"name": fact["by"], "lead": True}],
            "party": {"id": party, "name": enterprise, "kind": "enterprise"},
        }
        self._add("find_hazard", body, fact)
        if "graded" in fact:
            self._add("grade_hazard", _grading(fact["graded"]), fact, addressed=True)

    def _tell(self, fact: Json, *, shared: bool) -> None:
        """A measure shared by several hazards stands on the first and covers the others."""
        body = _BODIES[fact["what"]](fact)
        if shared and fact["what"] == "measure_recorded":
            body["covers"] = self._hazards[1:]
            self._add("record_measure", body, fact, hazard=self._hazards[0], addressed=True)
        else:
            self._add(KINDS[fact["what"]], body, fact, addressed=True)

    def _add(
        self, imperative: str, body: Json, fact: Json, *, hazard: str | None = None, addressed: bool = False
    ) -> None:
        inferred = "at" not in fact
        self._day = str(fact.get("at", self._day))
        hazard = hazard or self._hazards[-1]
        at = moment(self._day)
        clerk = {"id": "archive-clerk", "name": "案例录入员", "roles": ["officer"], "area": self._area}
        told = {
            **body,
            "command_id": self._next_id(),
            "actor": clerk,
            "occurred_at": at.isoformat(),
            "historical": self._case["source"],
            "date_inferred": inferred,
            **({"hazard_id": hazard} if addressed else {}),
        }
        self._steps.append(Step(hazard, imperative, told, at))

    def _next_id(self) -> str:
        return f"case-{self._case['id']}-{len(self._steps) + 1}"


def _grading(fact: Json) -> Json:
    basis = {name: fact[name] for name in ("standard", "version", "article", "item") if name in fact}
    return {"grade": fact["grade"], "basis": {"kind": "clause", **basis}}


def _assignment(fact: Json) -> Json:
    due = {"due": str(fact["due"])} if "due" in fact else {}
    beside = {"measures": fact["and"]} if "and" in fact else {}
    return {"kind": "order", "document": {"title": fact["document"]}, **due, **beside}


def _failure(fact: Json) -> Json:
    return {"trigger": fact["trigger"], "remaining": fact["finding"]}


def _pass(fact: Json) -> Json:
    return {"trigger": fact["trigger"], "opinion": fact["finding"]}


def _measure(fact: Json) -> Json:
    found: Json = {"kind": fact["kind"]}
    if "amount_yuan" in fact:
        found["amount"] = f"{fact['amount_yuan']}.00"
    if "body" in fact:
        found["body"] = {"name": fact["body"]}
    return found | {to: fact[name] for name, to in _MEASURE.items() if name in fact}


_MEASURE: Final = {"days": "days", "law": "basis", "violated": "violated"}
_BODIES: Final[dict[str, Any]] = {
    "graded": _grading,
    "assigned": _assignment,
    "verification_failed": _failure,
    "verification_passed": _pass,
    "measure_recorded": _measure,
}
