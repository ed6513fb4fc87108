"""Who acts in the lives: the offices of a township and its county, and the parties of a village."""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from stdnum.cn import uscc

from contracts.parties import Actor, BodyRef, Finder, Party, Person, Signatory
from contracts.terms import Origin, PartyKind, Role
from tests.lives.shapes import signatory

VILLAGE_PARTIES: Final = 14
"""Enterprises of a village; the first of them have most of its hazards."""


@dataclass(frozen=True, slots=True)
class Office:
    """The officials who act in a township, of its own and of its county."""

    bureau: BodyRef
    fire: BodyRef
    officer: Actor
    verifier: Actor
    director: Actor
    fireman: Actor
    intake: Actor
    expert: Actor
    mayor: Actor
    committee: Actor
    checker: Actor
    lead: Actor
    cadre: Actor
    officers: tuple[Signatory, ...]
    verifiers: tuple[Signatory, ...]

    def finder(self, origin: Origin) -> Actor:
        """Who enters what was not found by the enterprise itself."""
        by_origin = {
            Origin.ASSISTANCE: self.expert,
            Origin.PATROL: self.cadre,
            Origin.REPORT: self.intake,
            Origin.TRANSFERRED_IN: self.fireman,
        }
        return by_origin.get(origin, self.officer)


@dataclass(frozen=True, slots=True)
class Company:
    """A party, and who speaks for it: for an enterprise its people, for another the village's officer."""

    party: Party
    head: Actor
    manager: Actor


@cache
def office(township: str) -> Office:
    """Of the township of that code of nine digits."""
    county = township[:6]
    bureau = BodyRef(id=f"em-{county}", name="县应急管理局")

    def official(name: str, body: str, role: Role, *, area: str = county, certificate: str | None = None) -> Actor:
        actor_id = f"{role.value}-{body}-{certificate or 1}"
        return Actor(id=actor_id, name=name, roles=(role,), body=body, area=area, certificate=certificate)

    def bureau_officer(name: str, number: int) -> Actor:
        return official(name, f"em-{county}", Role.OFFICER, certificate=f"{county}{number:03}")

    officer, second = bureau_officer("秦执法", 11), bureau_officer("韩执法", 12)
    verifier, fourth = bureau_officer("赵执法", 13), bureau_officer("杨执法", 14)
    town = f"town-{township}"
    return Office(
        bureau=bureau,
        fire=BodyRef(id=f"fire-{county}", name="县消防救援大队"),
        officer=officer,
        verifier=verifier,
        director=official("许局长", f"em-{county}", Role.REGULATOR_LEAD),
        fireman=official("汤消防", f"fire-{county}", Role.OFFICER, certificate=f"{county}021"),
        intake=official("受理员", f"em-{county}", Role.INTAKE_OFFICER),
        expert=Actor(id=f"expert-{county}", name="庄专家", roles=(Role.EXPERT,), area=county),
        mayor=official("县长", f"gov-{county}", Role.LISTING_AUTHORITY),
        committee=official("安委办主任", f"gov-{county}", Role.SAFETY_COMMITTEE),
        checker=official("陈检查", town, Role.TOWNSHIP_CHECKER, area=township, certificate=f"{township}01"),
        lead=official("分管副镇长", town, Role.TOWNSHIP_LEAD, area=township),
        cadre=official("周网格", f"villages-{township}", Role.VILLAGE_OFFICER, area=township),
        officers=(signatory(officer), signatory(second)),
        verifiers=(signatory(verifier), signatory(fourth)),
    )


@cache
def company(area: str, number: int) -> Company:
    """The enterprise of that number in that village; every third is a sole trader, every second has its code."""
    party_id = f"e-{area}-{number}"
    head = Person(id=f"head-{area}-{number}", name=f"厂长{number}")
    party = Party(
        id=party_id,
        name=f"{area[-6:]}第{number + 1}机械厂",
        kind=PartyKind.SOLE_TRADER if number % 3 == 2 else PartyKind.ENTERPRISE,
        credit_code=_credit_code(area, number) if number % 2 else None,
        staff=3 + number * 17,
        head=head,
    )
    return Company(
        party,
        Actor(id=head.id, name=head.name, roles=(Role.ENTERPRISE_HEAD,), enterprise=party_id),
        Actor(id=f"safety-{area}-{number}", name=f"安全员{number}", roles=(Role.SAFETY_MANAGER,), enterprise=party_id),
    )


@cache
def public_body(area: str) -> Company:
    """The county's road station, or the village itself."""
    county, cadre = area[:6], office(area[:9]).cadre
    if len(area) == 12 and area.endswith("1"):
        village = Party(id=f"v-{area}", name=f"{area[-3:]}村", kind=PartyKind.VILLAGE, body=f"villages-{area[:9]}")
        return Company(village, cadre, cadre)
    station = f"roads-{county}"
    clerk = Actor(id=f"clerk-{county}", name="公路站经办人", roles=(Role.PARTY_OFFICER,), body=station, area=county)
    return Company(Party(id=station, name="县公路站", kind=PartyKind.PUBLIC_BODY, body=station), clerk, clerk)


def draw_company(rng: Random, area: str, origin: Origin) -> Company | None:
    """Whose hazard it is: mostly one of few enterprises, seldom a public body, sometimes nobody known."""
    roll = 1.0 if origin in {Origin.SELF, Origin.SELF_AFTER_NOTICE} else rng.random()
    if roll < 0.12:
        return None
    if roll < 0.24:
        return public_body(area)
    return company(area, int(rng.random() ** 2 * VILLAGE_PARTIES))


def as_finder(body: BodyRef) -> tuple[Finder, ...]:
    """The one body that found it."""
    return (Finder(id=body.id, name=body.name, lead=True),)


def _credit_code(area: str, number: int) -> str:
    stem = f"91{area[:6]}M{area[6:].ljust(6, '0')}{number:02}"
    return stem + uscc.calc_check_digit(stem)
