"""The people of tests/props.py in a directory, each with the posts that his roles say, all reached through `log`."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contracts import events, subjects
from contracts.acts.proceedings import Escalation
from contracts.directory import ENTERPRISE_POSTS, Address, Directory, Member, Post
from contracts.envelope import Envelope
from contracts.parties import Actor, Person
from contracts.policy import Fact, Told
from contracts.terms import Grade, Origin, Role, Stage
from services.notifier.letters.recipients import Recipient, resolve
from services.notifier.rules import Rules, compiled
from services.notifier.timing.case import Case, Deadline, Mark
from services.policies import policy_version, shipped
from tests import props as p

SITE = ZoneInfo("Asia/Shanghai")
NOW = p.MORNING + timedelta(days=9)
PEOPLE = tuple(one for one in vars(p).values() if isinstance(one, Actor) and (one.body or one.enterprise))
TEXT, POLICY = shipped()
RULES: Rules = compiled(POLICY, policy_version(TEXT))


def member(actor: Actor, **changes: object) -> Member:
    """With a post for each of his roles."""
    posts = tuple(
        Post(role=role, enterprise=actor.enterprise) if role in ENTERPRISE_POSTS else Post(role=role, body=actor.body)
        for role in actor.roles
    )
    said = Member(id=actor.id, name=actor.name, posts=posts, reach=(Address(channel="log"),))
    return said.model_copy(update=changes)


def staff(*changed: Member, without: tuple[Actor, ...] = (), **more: object) -> Directory:
    """Everybody, some of them otherwise; and whoever else is given."""
    ours = {one.id: member(one) for one in PEOPLE if one not in without} | {one.id: one for one in changed}
    return Directory(bodies=p.DIRECTORY.bodies, people=tuple(ours.values())).model_copy(update=more)


def names(*told: Told, case: Case, directory: Directory | None = None, now: datetime = NOW, **how: Any) -> list[str]:  # noqa: ANN401
    """Who is told."""
    return [one.member.id for one in found(*told, case=case, directory=directory, now=now, **how)]


def found(
    *told: Told,
    case: Case,
    directory: Directory | None = None,
    now: datetime = NOW,
    **how: Any,  # noqa: ANN401 (as `resolve` takes it)
) -> list[Recipient]:
    """Who is told, as what."""
    return resolve(told, case, directory or staff(), now, SITE, **how)


def mark(fact: Fact, version: int, key: str | None = None) -> Mark:
    """An hour after the one before."""
    at = p.MORNING + timedelta(hours=version)
    return Mark(fact, version, at, at, key=key)


CASE = Case(
    id=p.HAZARD_ID,
    version=4,
    area=p.VILLAGE_AREA,
    stage=Stage.ASSIGNED,
    origin=Origin.SELF,
    description="砂轮机防护罩缺失",
    place="打磨间",
    sector="industry_trade",
    grade=Grade.GENERAL,
    party=p.FACTORY,
    competent="em",
    responsible=(p.name(p.safety),),
    deadlines={"internal": Deadline(p.day(8), 3, p.MORNING, p.MORNING)},
    marks=(mark(Fact.FOUND, 1), mark(Fact.GRADED, 2), mark(Fact.ASSIGNED, 3)),
)
"""Self-found in the factory, handed to its safety manager, a day late."""


def escalated(rule: str, step: str, level: int, **changes: object) -> Envelope:
    """As the hazard service stores it, the fourth of its history."""
    known = RULES.rule(rule)
    said = Escalation(
        rule=rule,
        step=step,
        level=level,
        ladder=known.ladder if known else None,
        due_at=NOW,
        policy_version=RULES.version,
        clock_started_by=3,
    ).model_copy(update=changes)
    event = events.HazardEscalated(
        **dict(said),
        proposal="proposal-5",
        actor=Actor(id="notifier", name="系统催办", roles=(Role.NOTIFIER,)),
        occurred_at=NOW,
        recorded_at=NOW,
    )
    return Envelope(
        id=subjects.escalation_id(p.HAZARD_ID, rule, step, 3),
        type=event.type,
        schema_version=1,
        aggregate_id=p.HAZARD_ID,
        version=5,
        command_id="c",
        command_hash="0" * 64,
        previous_hash="0" * 64,
        event=event,
    )


def person(actor: Actor) -> Person:
    """By id and name."""
    return Person(id=actor.id, name=actor.name)
