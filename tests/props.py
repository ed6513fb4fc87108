"""Who and what appears in the tests of the rules: one county, its bodies, its enterprises, their people, their papers.

乙镇 has no delegation; 甲镇 may order correction since 2024, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.base import DocumentRef, EvidenceRef
from contracts.directory import Body, Delegation, Directory
from contracts.parties import Actor, BodyRef, Finder, Party, Person, Principal, Signatory
from contracts.terms import PartyKind, Power, Role
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.world import World
from services.hazard.library import load_clauses

SITE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=SITE)
SAME_DAY = date(2026, 3, 2)
VILLAGE_AREA = "320623104201"
HAZARD_ID = f"{VILLAGE_AREA}-5f0c1d2e-0000-5000-8000-000000000001"
TWIN_ID = f"{VILLAGE_AREA}-5f0c1d2e-0000-5000-8000-000000000002"


def day(count: int) -> date:
    """So many days after the first."""
    return SAME_DAY + timedelta(days=count)


def _powers(*powers: Power, since: date = date(2021, 9, 1), until: date | None = None) -> tuple[Delegation, ...]:
    return tuple(Delegation(power=power, basis="公布的权责清单", since=since, until=until) for power in powers)


CITY_GOV = Body(id="city-gov", name="市人民政府", area="3206")
CITY_EM = Body(
    id="city-em",
    name="市应急管理局",
    area="3206",
    superior="city-gov",
    competences=("industry_trade",),
    powers=_powers(*Power),
)
COUNTY_GOV = Body(id="county-gov", name="县人民政府", area="320623", superior="city-gov")
COMMITTEE = Body(id="committee", name="县安委办", area="320623", superior="county-gov")
EM = Body(
    id="em",
    name="县应急管理局",
    area="320623",
    superior="city-em",
    competences=("industry_trade",),
    powers=_powers(*Power),
)
FIRE = Body(
    id="fire",
    name="县消防救援大队",
    area="320623",
    superior="county-gov",
    competences=("fire",),
    powers=_powers(*Power),
)
ROADS = Body(id="roads", name="县交通运输局", area="320623", superior="county-gov", competences=("roads",))
ROAD_STATION = Body(id="road-station", name="县公路站", area="320623", superior="roads")
TOWN = Body(
    id="town",
    name="甲镇人民政府",
    area="320623104",
    superior="county-gov",
    competences=("industry_trade", "roads"),
    powers=_powers(Power.ORDER_CORRECTION, since=date(2024, 1, 1)),
)
OTHER_TOWN = Body(id="other-town", name="乙镇人民政府", area="320623105", superior="county-gov")
VILLAGE = Body(id="village", name="甲村村委会", area=VILLAGE_AREA, superior="town")
NEIGHBOUR = Body(
    id="neighbour", name="邻县应急管理局", area="320684", competences=("industry_trade",), powers=_powers(*Power)
)
DIRECTORY = Directory(
    bodies=(
        *(CITY_GOV, CITY_EM, COUNTY_GOV, COMMITTEE, EM, FIRE, ROADS, ROAD_STATION),
        *(TOWN, OTHER_TOWN, VILLAGE, NEIGHBOUR),
    )
)
WORLD = World(MORNING, DIRECTORY, load_clauses())


def _official(actor_id: str, name: str, body: Body, *roles: Role, certificate: str | None = None) -> Actor:
    return Actor(id=actor_id, name=name, roles=roles, body=body.id, area=body.area, certificate=certificate)


# 村、镇
cadre = _official("cadre", "村干部老周", VILLAGE, Role.VILLAGE_OFFICER)
second_cadre = _official("second-cadre", "村干部小吴", VILLAGE, Role.VILLAGE_OFFICER)
checker = _official("checker", "镇检查员陈", TOWN, Role.TOWNSHIP_CHECKER, certificate="甲镇-01")
second_checker = _official("second-checker", "镇检查员陆", TOWN, Role.TOWNSHIP_CHECKER, certificate="甲镇-02")
town_officer = _official("town-officer", "镇执法员钱", TOWN, Role.OFFICER, certificate="甲镇-03")
second_town_officer = _official("second-town-officer", "镇执法员孙", TOWN, Role.OFFICER, certificate="甲镇-04")
town_lead = _official("town-lead", "分管副镇长", TOWN, Role.TOWNSHIP_LEAD)
other_checker = _official("other-checker", "乙镇检查员", OTHER_TOWN, Role.TOWNSHIP_CHECKER, certificate="乙镇-01")
other_town_lead = _official("other-town-lead", "乙镇副镇长", OTHER_TOWN, Role.TOWNSHIP_LEAD)
# 县
officer = _official("officer", "执法员秦", EM, Role.OFFICER, certificate="应急-11")
second_officer = _official("second-officer", "执法员韩", EM, Role.OFFICER, certificate="应急-12")
third_officer = _official("third-officer", "执法员赵", EM, Role.OFFICER, certificate="应急-13")
fourth_officer = _official("fourth-officer", "执法员杨", EM, Role.OFFICER, certificate="应急-14")
regulator = _official("regulator", "监管员魏", EM, Role.REGULATOR, certificate="应急-15")
director = _official("director", "应急局长", EM, Role.REGULATOR_LEAD)
deputy = _official("deputy", "应急副局长", EM, Role.REGULATOR_LEAD)
lawyer = _official("lawyer", "法制审核员", EM, Role.LEGAL_REVIEWER)
intake = _official("intake", "举报受理员", EM, Role.INTAKE_OFFICER)
fireman = _official("fireman", "消防员许", FIRE, Role.OFFICER, certificate="消防-21")
second_fireman = _official("second-fireman", "消防员汤", FIRE, Role.OFFICER, certificate="消防-22")
fire_chief = _official("fire-chief", "消防大队长", FIRE, Role.REGULATOR_LEAD)
road_officer = _official("road-officer", "交通执法员路", ROADS, Role.OFFICER, certificate="交通-41")
second_road_officer = _official("second-road-officer", "交通执法员乔", ROADS, Role.OFFICER, certificate="交通-42")
station_clerk = _official("station-clerk", "公路站经办人", ROAD_STATION, Role.PARTY_OFFICER)
station_officer = _official("station-officer", "公路站执法员", ROAD_STATION, Role.OFFICER, certificate="交通-51")
secretary = _official("secretary", "安委办主任", COMMITTEE, Role.SAFETY_COMMITTEE)
second_secretary = _official("second-secretary", "安委办副主任", COMMITTEE, Role.SAFETY_COMMITTEE)
mayor = _official("mayor", "县长", COUNTY_GOV, Role.LISTING_AUTHORITY)
neighbour_officer = _official("neighbour-officer", "邻县执法员", NEIGHBOUR, Role.OFFICER, certificate="邻-01")
second_neighbour = _official("second-neighbour", "邻县执法员二", NEIGHBOUR, Role.OFFICER, certificate="邻-02")
# 市
inspector = _official("inspector", "市督查石", CITY_EM, Role.SUPERIOR_INSPECTOR, certificate="市-51")
second_inspector = _official("second-inspector", "市督查查", CITY_EM, Role.SUPERIOR_INSPECTOR, certificate="市-52")
city_director = _official("city-director", "市应急局长", CITY_EM, Role.REGULATOR_LEAD)
city_mayor = _official("city-mayor", "市长", CITY_GOV, Role.LISTING_AUTHORITY)
# 其他
expert = Actor(id="expert", name="专家庄", roles=(Role.EXPERT,), area="320623")
notifier = Actor(id="notifier", name="系统催办", roles=(Role.NOTIFIER,))
auditor = Actor(id="auditor", name="审计员", roles=(Role.AUDITOR,), area="320623")
# 企业
owner = Actor(id="owner", name="厂长牛", roles=(Role.ENTERPRISE_HEAD,), enterprise="factory")
safety = Actor(id="safety", name="安全员俞", roles=(Role.SAFETY_MANAGER,), enterprise="factory")
worker = Actor(id="worker", name="工人马", roles=(Role.WORKER,), enterprise="factory")
mechanic = Actor(id="mechanic", name="机修工胡", roles=(Role.WORKER,), enterprise="factory")
steward = Actor(id="steward", name="工会主席龚", roles=(Role.WORKER_REPRESENTATIVE,), enterprise="factory")
shopkeeper = Actor(id="shopkeeper", name="店主方", roles=(Role.ENTERPRISE_HEAD,), enterprise="shop")
rival = Actor(id="rival", name="别厂厂长", roles=(Role.ENTERPRISE_HEAD,), enterprise="rival")
tenant_head = Actor(id="tenant-head", name="承租方典", roles=(Role.ENTERPRISE_HEAD,), enterprise="tenant")
tenant_safety = Actor(id="tenant-safety", name="承租方安全员", roles=(Role.SAFETY_MANAGER,), enterprise="tenant")

FACTORY = Party(id="factory", name="甲镇铸造厂", staff=30, head=Person(id="owner", name="厂长牛"))
WORKSHOP = FACTORY.model_copy(update={"name": "甲镇木器坊", "staff": 5})
SHOP = Party(
    id="shop", name="方记网吧", kind=PartyKind.SOLE_TRADER, staff=1, head=Person(id="shopkeeper", name="店主方")
)
TENANT = Party(id="tenant", name="典记五金", kind=PartyKind.SOLE_TRADER, staff=3)
RIVAL = Party(id="rival", name="别家工厂", staff=20)
STATION = Party(id="station", name="县公路站", kind=PartyKind.PUBLIC_BODY, body="road-station")
VILLAGERS = Party(id="villagers", name="甲村", kind=PartyKind.VILLAGE, body="village")
TOWN_HALL = Party(id="town-hall", name="甲镇", kind=PartyKind.PUBLIC_BODY, body="town")

PHOTO = EvidenceRef(sha256="a" * 64, media_type="image/jpeg", size=1024, name="照片.jpg")
PAPER = EvidenceRef(sha256="b" * 64, media_type="application/pdf", size=2048, name="签字扫描件.pdf")


def sign(*actors: Actor) -> tuple[Signatory, ...]:
    """Their names on a document: with body, office and certificate."""
    return tuple(
        Signatory(id=one.id, name=one.name, body=one.body, role=one.roles[0], certificate=one.certificate)
        for one in actors
    )


def name(actor: Actor) -> Person:
    """Somebody named."""
    return Person(id=actor.id, name=actor.name)


def for_(principal: Actor, recorder: Actor) -> Actor:
    """代录: the recorder, with the paper that the principal signed."""
    told = Principal(person=name(principal), enterprise=principal.enterprise, paper=PAPER)
    return recorder.model_copy(update={"on_behalf_of": told})


def ref(body: Body) -> BodyRef:
    """A body as a document names it."""
    return BodyRef(id=body.id, name=body.name)


def finder(*bodies: Body) -> tuple[Finder, ...]:
    """Bodies that found it together; the first leads."""
    return tuple(Finder(id=body.id, name=body.name, lead=body is bodies[0]) for body in bodies)


def number(text: str) -> DocumentRef:
    """A paper with its number."""
    return DocumentRef(number=text, scan=PAPER)


def world_with(others: Mapping[str, Hazard]) -> World:
    """The same county, with other hazards in it and a policy adopted."""
    return replace(WORLD, others=others, policies=frozenset({"c" * 64}))
