"""The policy that ships."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from contracts.policy import SIGNED_FROM, Basis, Policy, Rule, Step
from contracts.terms import Ladder, Origin, Role
from services.policies import SHIPPED, shipped

ROOT = Path(__file__).parents[2]
TEXT, POLICY = shipped()
SCHEMA: dict[str, Any] = json.loads((ROOT / "contracts/schema/policy.json").read_text(encoding="utf-8"))
STEPS = [(rule, step) for rule in POLICY.rules for step in rule.steps]
GENERAL = {f"G{n:02}" for n in range(1, 11)}
MAJOR = {f"M{n:02}" for n in range(1, 17)}
OTHERS = {"V01", "V02", "V04", "V05", *(f"F{n:02}" for n in range(1, 8)), "T01"}
OURS = {"M17", "V06", "A01", "F08"}
ENTERPRISE = {Role.ENTERPRISE_HEAD, Role.SAFETY_MANAGER, Role.WORKER, Role.WORKER_REPRESENTATIVE, "responsible"}


def names(steps: list[tuple[Rule, Step]]) -> list[str]:
    """As tests call them."""
    return [f"{rule.id}-{step.step}" for rule, step in steps]


def test_every_rule_of_the_table_is_there_and_ours_are_few() -> None:
    """V03 is void: software sets no new deadline. R, D and C need what does not exist yet."""
    assert {rule.id for rule in POLICY.rules} == GENERAL | MAJOR | OTHERS | OURS


def test_it_validates_against_the_schema_that_its_first_line_names() -> None:
    """So that an editor underlines what we would refuse."""
    first = TEXT.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    named = (ROOT / "deploy/policy" / first.partition("=")[2]).resolve()
    assert named == ROOT / "contracts/schema/policy.json"
    validator = Draft202012Validator(SCHEMA)
    value = yaml.safe_load(TEXT)
    assert [error.message for error in validator.iter_errors(value)] == []
    value["rules"][0]["steps"][0]["after"] = "-3 nd"
    assert not validator.is_valid(value)


def test_both_ladders_have_every_level_and_a_signer_from_l2() -> None:
    """L0 to L7, twice."""
    for ladder in Ladder:
        rungs = POLICY.ladders[ladder]
        assert [rung.level for rung in rungs] == list(range(8))
        assert all(rung.signs for rung in rungs if rung.level >= SIGNED_FROM)


def test_the_enterprises_own_is_one_side_and_all_others_the_other() -> None:
    """No origin falls between the two, and none counts as both; self_after_notice counts as found by others."""
    own = {Origin.SELF, Origin.ASSISTANCE}
    said = {frozenset(one.origin) for one in _conditions(POLICY) if one.origin}
    assert said == {frozenset(own), frozenset(set(Origin) - own)}


@pytest.mark.parametrize(("rule", "step"), STEPS, ids=names(STEPS))
def test_each_step_says_what_to_do_without_a_number_of_ours(rule: Rule, step: Step) -> None:
    """Numbers tagged M or P appear in no document; the step's words might be printed in one."""
    assert step.action
    assert not any(mark.isdigit() for mark in step.action), (rule.id, step.action)


@pytest.mark.parametrize("rule", [rule for rule in POLICY.rules if rule.label], ids=lambda rule: str(rule.id))
def test_an_adverse_label_is_a_suspicion_for_the_competent_body_only(rule: Rule) -> None:
    """疑似, confidential, and nobody of the enterprise among those named."""
    assert rule.label is not None
    assert rule.label.startswith("疑似")
    assert rule.confidential
    for step in rule.steps:
        rung = next(one for one in POLICY.ladders[rule.ladder] if one.level == step.level)
        assert ENTERPRISE.isdisjoint(step.tell or rung.tell)


def test_what_is_tagged_as_statute_is_an_article() -> None:
    """And nothing else is printed as law."""
    statutes = [basis for basis in _bases(POLICY) if basis.tag == "L"]
    assert statutes
    assert all(one.text.startswith(("安全生产法第", "行政处罚法第")) for one in statutes)


def test_it_is_found_in_a_checkout_and_shipped_with_the_package() -> None:
    """The wheel puts it where an installed program looks."""
    checkout, installed = SHIPPED
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert checkout == ROOT / "deploy/policy/default.yaml"
    assert f'"{checkout.relative_to(ROOT)}" = "{installed.relative_to(ROOT)}"' in project


def _conditions(policy: Policy) -> Iterator[Any]:
    for rule in policy.rules:
        yield rule.applies
        yield from (step.applies for step in rule.steps if step.applies)


def _bases(policy: Policy) -> Iterator[Basis]:
    for rule in policy.rules:
        yield from rule.basis
