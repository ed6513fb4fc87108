"""What kind of visit a table came from 检查性质, and whom the actor then is. The origin can never be altered later."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from contracts.parties import Actor, Party, Person, Principal
from contracts.terms import Origin, Role, VisitKind

VILLAGE_DIGITS: Final = 12


class Visit(StrEnum):
    """检查性质 (policy.md section 7)."""

    INSPECTION = "行政检查"
    PATROL = "巡查"
    ASSISTANCE = "帮扶"
    SELF = "自查"
    SUPERVISION = "督导"


Kind = Literal["行政检查", "巡查", "帮扶", "自查", "督导"]
"""The same for the command line, which would take an enum's English names."""
ORIGINS: Final = {
    Visit.INSPECTION: Origin.INSPECTION,
    Visit.PATROL: Origin.PATROL,
    Visit.ASSISTANCE: Origin.ASSISTANCE,
    Visit.SELF: Origin.SELF,
    Visit.SUPERVISION: Origin.INSPECTION,
}


KINDS: Final = {
    Visit.INSPECTION: VisitKind.INSPECTION,
    Visit.PATROL: VisitKind.PATROL,
    Visit.ASSISTANCE: VisitKind.ASSISTANCE,
    Visit.SELF: VisitKind.SELF_CHECK,
    Visit.SUPERVISION: VisitKind.SUPERVISION,
}


class Unit(StrEnum):
    """Whose name stands under 排查单位: the form does not say."""

    CHECKED = "checked"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a table does not tell and its importer does."""

    area: str
    unit: Unit
    visit: Visit
    actor: Actor
    source: str
    """The file's name, which stands in every record that comes from it."""


def recorder(area: str) -> Actor:
    """Who enters the table when nobody says who: a village's own officer for a village, else the township's."""
    role = Role.VILLAGE_OFFICER if len(area) == VILLAGE_DIGITS else Role.TOWNSHIP_CHECKER
    return Actor(id=f"import-{area}", name="排查表导入", roles=(role,), area=area)


def on_behalf(actor: Actor, party: Party | None) -> Actor:
    """代录: a self-check is the enterprise's own; the form does not name its head."""
    if party is None or actor.on_behalf_of or actor.enterprise:
        return actor
    head = Person(id=f"head-{party.id}", name=f"{party.name[:180]}负责人（表中未具名）")
    return actor.model_copy(update={"on_behalf_of": Principal(person=head, enterprise=party.id)})
