"""A row of form A to the commands that enter it: the visit, and the hazard where one was found.

Their ids follow from the area, the row's words and how often the same row stood before it, so a table can be
imported again, renumbered, re-ordered or under another name, and nothing is entered twice.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID, uuid5

from pydantic import ValidationError
from pydantic_core import to_json

from contracts.base import CONTROL, MAX_NAME
from contracts.parties import Finder, Party
from contracts.subjects import NAMESPACE, inspection_id
from services.cli.importing import forms
from services.cli.importing.cells import Cell, key, line, words
from services.cli.importing.dates import Doubtful, moment_of
from services.cli.importing.forms import FormRow
from services.cli.importing.verdict import Finding, Unclear, finding_of
from services.cli.importing.visits import KINDS, ORIGINS, Circumstances, Unit, Visit, on_behalf

NOT_KNOWN = frozenset({"不明", "不详", "未知", "无法确定", "待查"})
"""What stands under 排查单位 where nobody knows whose it is."""


class BadRow(ValueError):
    """The row goes back to whoever wrote it; the message is the reason."""


class Told(NamedTuple):
    """A row of form A is a visit, with or without a hazard; both in JSON."""

    visit: bytes
    finding: bytes | None


@dataclass(slots=True)
class Reader:
    """Reads the rows of one file, in order."""

    circumstances: Circumstances
    now: datetime
    _seen: Counter[bytes] = field(default_factory=Counter)
    _parties: dict[str, Party] = field(default_factory=dict)

    def told(self, row: FormRow) -> Told:
        """`record_inspection`, and `find_hazard` unless the row says that nothing was found. Raises BadRow."""
        try:
            found = finding_of(row.get(forms.DESCRIPTION))
            occurred_at = moment_of(row.get(forms.DATE), self.now)
        except (Unclear, Doubtful) as question:
            raise BadRow(str(question)) from question
        given, bodies, said = self.circumstances, self._unit(row.get(forms.UNIT)), words(row.get(forms.DESCRIPTION))
        row_id, both = self._id(row, occurred_at), _json(self._both(row, occurred_at, bodies[0]))
        kind, visit_id = KINDS[given.visit], f"visit-{row_id}"
        visit = {"command_id": visit_id, "kind": kind, "visited_by": bodies[1], "findings": said}
        if found is Finding.NONE:
            return Told(_joined(both, visit | {"none_found": True}), None)
        finding = {
            "command_id": f"row-{row_id}",
            "description": said,
            "origin": ORIGINS[given.visit],
            "found_by": bodies[1],
            "suspected_major": found is Finding.SUSPECTED_MAJOR,
            "visit": inspection_id(given.area, visit_id),
            "visit_kind": kind,
        }
        return Told(_joined(both, visit), _joined(both, finding))

    def _both(self, row: FormRow, occurred_at: datetime, party: Party | None) -> dict[str, object]:
        """What visit and finding have in common."""
        given = self.circumstances
        return {
            "actor": on_behalf(given.actor, party) if given.visit is Visit.SELF else given.actor,
            "occurred_at": occurred_at,
            "historical": CONTROL.sub("", f"{given.source[-160:]} {row.where[-30:]}"),
            "area": given.area,
            "place": words(row.get(forms.PLACE)) or None,
            "party": party,
            "handling": words(row.get(forms.HANDLING)) or None,
            "remarks": _remarks(row) or None,
        }

    def _id(self, row: FormRow, occurred_at: datetime) -> UUID:
        """序号 has no part in it, and a date is its day however it was written."""
        columns = [key(row.get(name)) for name in forms.COLUMNS if name not in {forms.NUMBER, forms.DATE}]
        row_key = to_json([self.circumstances.area, occurred_at.isoformat(), *columns])
        digest = blake2b(row_key, digest_size=16).digest()
        self._seen[digest] += 1
        return uuid5(NAMESPACE, f"import/{UUID(bytes=digest)}/{self._seen[digest]}")

    def _unit(self, cell: Cell) -> tuple[Party | None, list[Finder]]:
        name = line(cell)
        if not name:
            raise BadRow("排查单位为空：请填单位名称；确实查不明责任单位的，请填“不明”")
        if len(name) > MAX_NAME:
            raise BadRow(f"排查单位过长（{len(name)} 字）：最多 {MAX_NAME} 字，一行只写一个单位")
        try:
            if self.circumstances.unit is Unit.CHECKING:
                # Nobody finds in another body's name: where the actor has a body, it is the one that checked.
                return None, [Finder(id=self.circumstances.actor.body, name=name, lead=True)]
            return None if key(cell) in NOT_KNOWN else self._party(name, key(cell)), []
        except ValidationError as wrong:
            raise BadRow(f"{forms.UNIT}：{_said(wrong)}") from wrong

    def _party(self, name: str, same: str) -> Party:
        """The form has no credit code: until somebody gives it, a name in an area stands for one enterprise."""
        if same not in self._parties:
            party_id = f"name-{uuid5(NAMESPACE, f'party/{self.circumstances.area}/{same}')}"
            self._parties[same] = Party(id=party_id, name=name)
        return self._parties[same]


def _json(told: Mapping[str, object]) -> bytes:
    return to_json({name: value for name, value in told.items() if value is not None}, exclude_none=True)


def _joined(both: bytes, own: Mapping[str, object]) -> bytes:
    """One object of two, neither of them empty."""
    return both[:-1] + b"," + _json(own)[1:]


def _remarks(row: FormRow) -> str:
    photos = words(row.get(forms.PHOTO))
    return "\n".join(part for part in (words(row.get(forms.REMARKS)), f"图片：{photos}" if photos else "") if part)


def _said(wrong: ValidationError) -> str:
    return str(wrong.errors()[0]["msg"])
