"""Any valid value of any contract, read off its annotations: whatever the models admit, histories may hold."""

import types
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from random import Random
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from annotated_types import MinLen
from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from contracts import base
from contracts.base import Contract
from contracts.envelope import Unreadable
from contracts.events import EVENTS, Event
from contracts.parties import Actor
from tests.hazard.aggregate.cast import ACTORS, LONG, PARTIES, POLICIES, SECTORS, SITE, STANDARD, START

M = TypeVar("M", bound=BaseModel)

HAZARDS = (f"{SITE}-5f0c1d2e-0000-5000-8000-000000000001", f"{SITE}-5f0c1d2e-0000-5000-8000-000000000002")
TOKENS = (
    *("order", "assignment", "internal", "order:county-em", f"order:{LONG}"[:128]),
    *(f"{kind}-{n}" for kind in ("listing", "suspension", "proposal", "report", "objection") for n in (1, 2, 3)),
    *("publication-2", "factory", "villagers", "village", "town-a", "county-em", "city-em", "a-stranger", LONG),
)
NAMES = ("张伟", "罚款", "责令停产停业整顿", "县应急局", *STANDARD, "\u0627\u0644\u0639 🏭")
_POOLS: tuple[tuple[object, Iterable[object]], ...] = (
    (base.Token, (*TOKENS, *SECTORS, *(actor.id for actor in ACTORS[:12]))),
    (base.Name, NAMES),
    (base.Text, ("通道被占用", "a\nb\tc", "很长" * 900)),
    (base.AreaCode, ("32", "3206", "320623", "320623104", SITE, "110101")),
    (base.HazardId, HAZARDS),
    (base.CreditCode, ("91310000MA1FL5RP0T", "91350100M000100Y43")),
    (base.Sha256, (*POLICIES, "0" * 64, "f" * 64)),
    (base.Money, (Decimal("0.00"), Decimal("5000.00"), Decimal("99999999999999.99"))),
    (base.CalendarDate, (date(1949, 10, 1), date(2199, 12, 31), *(date(2026, 3, day) for day in range(1, 30)))),
    (
        base.Moment,
        (
            datetime(1949, 10, 1, tzinfo=UTC),
            datetime(2199, 12, 31, tzinfo=UTC),
            *(START + timedelta(hours=hours) for hours in (-48, -1, 0, 1, 23, 25, 200)),
            datetime.fromisoformat("2026-03-02T09:00:00.123456-11:30"),
        ),
    ),
)


def contract(kind: type[M], rng: Random, **fixed: object) -> M:
    """One value of that model; the fields given stay. The few that contradict themselves are drawn again."""
    while True:
        try:
            return kind(**{name: make(rng) for name, make in _makers(kind).items() if name not in fixed} | fixed)
        except ValidationError:
            continue


def event(rng: Random) -> Event | Unreadable:
    """Any event, now and then one that cannot be read."""
    if rng.randrange(60) == 0:
        return Unreadable(rng.choice(("newer_schema", "damaged")), "hazard.unheard_of 7")
    return contract(rng.choice(list(EVENTS.values())), rng)


@cache
def _makers(kind: type[BaseModel]) -> dict[str, Callable[[Random], object]]:
    hints = get_type_hints(kind, include_extras=True)
    return {name: _field(hints[name], field) for name, field in kind.model_fields.items()}


def _field(hint: Any, field: FieldInfo) -> Callable[[Random], object]:  # noqa: ANN401  (a type of any shape)
    make = _maker(hint)
    if field.is_required():
        return make
    return lambda rng: field.get_default(call_default_factory=False) if rng.randrange(4) == 0 else make(rng)


def _maker(hint: Any) -> Callable[[Random], object]:  # noqa: ANN401, PLR0911  (a table by shape)
    for alias, pool in _POOLS:
        if hint == alias:
            values = tuple(pool)
            return lambda rng: rng.choice(values)
    origin = get_origin(hint)
    if origin is Annotated:
        return _annotated(hint)
    if origin in {Union, types.UnionType}:
        makers = [_maker(one) for one in get_args(hint)]
        return lambda rng: rng.choice(makers)(rng)
    if origin is tuple:
        return _several(_maker(get_args(hint)[0]), 0)
    if origin is Literal:
        return lambda rng: rng.choice(get_args(hint))
    if hint is Actor:
        return lambda rng: rng.choice(ACTORS) if rng.randrange(3) else contract(Actor, rng)
    if hint is base.EvidenceRef:
        return lambda rng: base.EvidenceRef(sha256=rng.choice("abc") * 64, media_type="image/png", size=1)
    if isinstance(hint, type):
        return _plain(hint)
    raise TypeError(f"no way to make {hint}")


def _plain(hint: type) -> Callable[[Random], object]:
    if hint is type(None):
        return lambda _: None
    if hint is bool:
        return lambda rng: rng.randrange(2) == 1
    if issubclass(hint, StrEnum):
        members = list(hint)
        return lambda rng: rng.choice(members)
    if hint.__name__ == "Party":
        return lambda rng: rng.choice(PARTIES) if rng.randrange(2) else contract(hint, rng)
    if issubclass(hint, Contract):
        return lambda rng: contract(hint, rng)
    raise TypeError(f"no way to make {hint}")


def _annotated(hint: Any) -> Callable[[Random], object]:  # noqa: ANN401  (a type of any shape)
    inner, *metadata = get_args(hint)
    if get_origin(inner) is tuple:
        bounds = [one for field in metadata for one in getattr(field, "metadata", ())]
        least = next((one.min_length for one in bounds if isinstance(one, MinLen)), 0)
        return _several(_maker(get_args(inner)[0]), least)
    if inner is int:
        return lambda rng: rng.choice((1, 2, 3, 1, 5))
    if inner is str:
        return lambda _: "rules: []"
    if inner is AwareDatetime:
        return _maker(base.Moment)
    return _maker(inner)


def _several(make: Callable[[Random], object], least: int) -> Callable[[Random], object]:
    return lambda rng: tuple(make(rng) for _ in range(rng.choice((least, least + 1, least + 2))))
