"""A county and who acts in it: bodies with and without powers, enterprises, a public body, a village, their people."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Final

from contracts.base import EvidenceRef
from contracts.directory import Body, Delegation, Directory
from contracts.parties import Actor, Party, Person, Signatory
from contracts.terms import PartyKind, Power, Role
from services.hazard.aggregate.clauses import Article, ClauseLibrary, Standard

START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SITE: Final = "320623104201"
PHOTO: Final = EvidenceRef(sha256="a" * 64, media_type="image/jpeg", size=1024)
PAPER: Final = EvidenceRef(sha256="b" * 64, media_type="application/pdf", size=2048, name="签字扫描件.pdf")
POLICIES: Final = frozenset({"c" * 64})
STANDARD: Final = ("工贸企业重大事故隐患判定标准", "应急管理部令第10号")
LONG: Final = "county-special-" + "x" * 113
"""The longest id that a body may have."""


def _powers(*powers: Power, until: date | None = None) -> tuple[Delegation, ...]:
    return tuple(
        Delegation(power=power, basis="公布的权责清单", since=date(2020, 1, 1), until=until) for power in powers
    )


DIRECTORY: Final = Directory(
    bodies=(
        Body(id="city-gov", name="市政府", area="3206"),
        Body(id="city-em", name="市应急局", area="3206", superior="city-gov", competences=("industry_trade",)),
        Body(id="county-gov", name="县政府", area="320623", superior="city-gov"),
        Body(id="county-committee", name="县安委办", area="320623", superior="county-gov"),
        Body(
            id="county-em",
            name="县应急局",
            area="320623",
            superior="city-em",
            competences=("industry_trade",),
            powers=_powers(*Power),
        ),
        Body(
            id="county-fire",
            name="县消防救援大队",
            area="320623",
            superior="county-gov",
            competences=("fire",),
            powers=_powers(Power.ORDER_CORRECTION, Power.ORDER_SUSPENSION),
        ),
        Body(id="county-roads", name="县公路中心", area="320623", superior="county-gov", competences=("roads",)),
        Body(id=LONG, name="县市场监管局", area="320623", competences=("special_equipment",), powers=_powers(*Power)),
        Body(
            id="town-a",
            name="甲镇",
            area="320623104",
            superior="county-gov",
            competences=("industry_trade", "roads"),
            powers=_powers(Power.ORDER_CORRECTION),
        ),
        Body(
            id="town-b",
            name="乙镇",
            area="320623105",
            superior="county-gov",
            powers=_powers(Power.ORDER_CORRECTION, until=date(2026, 1, 1)),
        ),
        Body(id="village", name="甲村", area=SITE, superior="town-a"),
        Body(id="elsewhere", name="邻县应急局", area="320684", powers=_powers(*Power)),
    )
)
CLAUSES: Final = ClauseLibrary(
    {STANDARD: Standard(*STANDARD, {3: Article(3, "工贸企业", complete=True, items={1: "未统一协调、管理"})})}
)
SECTORS: Final = ("industry_trade", "fire", "roads", "special_equipment")


def _party(name: str, kind: PartyKind, staff: int | None = None, body: str | None = None) -> Party:
    head = Person(id=f"{name}-head", name=f"{name}-head")
    return Party(id=name, name=f"{name}有限公司", kind=kind, staff=staff, head=head, body=body)


FACTORY: Final = _party("factory", PartyKind.ENTERPRISE, 30)
WORKSHOP: Final = _party("workshop", PartyKind.ENTERPRISE, 5)
TINY: Final = _party("tiny", PartyKind.ENTERPRISE, 2)
SHOP: Final = _party("shop", PartyKind.SOLE_TRADER, 12)
ROADS: Final = _party("roads-office", PartyKind.PUBLIC_BODY, body="county-roads")
VILLAGERS: Final = _party("villagers", PartyKind.VILLAGE, body="village")
HOUSEHOLD: Final = _party("household", PartyKind.HOUSEHOLD)
PARTIES: Final = (FACTORY, WORKSHOP, TINY, SHOP, ROADS, VILLAGERS, HOUSEHOLD)

_IN_ENTERPRISES: Final = {
    "head": Role.ENTERPRISE_HEAD,
    "manager": Role.SAFETY_MANAGER,
    "acceptor": Role.WORKER,
    "worker": Role.WORKER,
    "representative": Role.WORKER_REPRESENTATIVE,
}
_IN_BODIES: Final[dict[str, tuple[Role, ...]]] = {
    "city-gov": (Role.LISTING_AUTHORITY, Role.LISTING_AUTHORITY),
    "city-em": (Role.SUPERIOR_INSPECTOR, Role.SUPERIOR_INSPECTOR, Role.REGULATOR_LEAD),
    "county-gov": (Role.LISTING_AUTHORITY, Role.LISTING_AUTHORITY, Role.INTAKE_OFFICER),
    "county-committee": (Role.SAFETY_COMMITTEE, Role.SAFETY_COMMITTEE),
    "county-em": (
        Role.OFFICER,
        Role.OFFICER,
        Role.REGULATOR,
        Role.REGULATOR_LEAD,
        Role.REGULATOR_LEAD,
        Role.LEGAL_REVIEWER,
    ),
    "county-fire": (Role.OFFICER, Role.OFFICER, Role.OFFICER, Role.REGULATOR_LEAD),
    "county-roads": (
        Role.REGULATOR,
        Role.REGULATOR,
        Role.REGULATOR_LEAD,
        Role.PARTY_OFFICER,
        Role.OFFICER,
        Role.OFFICER,
    ),
    LONG: (Role.OFFICER, Role.OFFICER, Role.REGULATOR_LEAD),
    "town-a": (
        Role.TOWNSHIP_CHECKER,
        Role.TOWNSHIP_CHECKER,
        Role.OFFICER,
        Role.OFFICER,
        Role.TOWNSHIP_LEAD,
        Role.EXPERT,
    ),
    "town-b": (Role.TOWNSHIP_CHECKER, Role.TOWNSHIP_CHECKER, Role.TOWNSHIP_LEAD, Role.OFFICER, Role.OFFICER),
    "village": (Role.VILLAGE_OFFICER, Role.VILLAGE_OFFICER, Role.PARTY_OFFICER),
    "elsewhere": (Role.OFFICER, Role.OFFICER, Role.REGULATOR_LEAD),
}


def _enterprise_people() -> list[Actor]:
    return [
        Actor(id=f"{party.id}-{who}", name=f"{party.id}-{who}", roles=(role,), enterprise=party.id)
        for party in PARTIES
        if party.body is None
        for who, role in _IN_ENTERPRISES.items()
    ]


def _officials() -> list[Actor]:
    return [
        Actor(
            id=f"{body[:12]}-{number}",
            name="张伟" if number == 0 else f"{body[:12]}-{number}",  # a name that many bodies have
            roles=(role,),
            body=body,
            area=area.area if (area := DIRECTORY.body(body)) else None,
            certificate=f"苏-{body[:12]}-{number}",
        )
        for body, roles in _IN_BODIES.items()
        for number, role in enumerate(roles)
    ]


NOTIFIER: Final = Actor(id="notifier", name="系统催办", roles=(Role.NOTIFIER,))
AUDITOR: Final = Actor(id="auditor", name="审计", roles=(Role.AUDITOR,), area="32")
STRAYS: Final = (
    NOTIFIER,
    AUDITOR,
    Actor(id="no-body", name="无单位", roles=(Role.SUPERIOR_INSPECTOR, Role.LISTING_AUTHORITY), area="32"),
    Actor(id="no-area", name="无辖区", roles=(Role.REGULATOR_LEAD, Role.OFFICER, Role.REGULATOR), body="unlisted"),
    Actor(
        id="many-hats",
        name="身兼数职",
        roles=(Role.OFFICER, Role.REGULATOR_LEAD, Role.LISTING_AUTHORITY),
        body="county-em",
        certificate="苏-many",
    ),
)
ACTORS: Final = (*_enterprise_people(), *_officials(), *STRAYS)


@cache
def with_roles(*roles: Role) -> tuple[Actor, ...]:
    """Everybody who holds one of them."""
    return tuple(actor for actor in ACTORS if set(actor.roles) & set(roles))


def sign(actor: Actor) -> Signatory:
    """The actor as a name on a document."""
    return Signatory(id=actor.id, name=actor.name, body=actor.body, role=actor.roles[0], certificate=actor.certificate)


def person(actor: Actor) -> Person:
    """The actor as somebody named."""
    return Person(id=actor.id, name=actor.name)


@cache
def _of(body: str | None, enterprise: str | None) -> tuple[Actor, ...]:
    return tuple(actor for actor in ACTORS if (actor.body, actor.enterprise) == (body, enterprise))


def colleagues(actor: Actor, *roles: Role) -> list[Actor]:
    """Others of the same body or enterprise, with one of the roles where any is given."""
    same = _of(actor.body, actor.enterprise)
    return [other for other in same if other.id != actor.id and (not roles or set(other.roles) & set(roles))]
