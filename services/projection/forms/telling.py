"""The same form for programs, and the fingerprint of what it says.

`as_json` gives `{"form", "title", "sheets", "trace"}`. A sheet has `name`, `part`, `area`, `heads`; then form B
`values` and `keys` (for each value the ids that it counts), every other form `rows` (cells by key; `keys` where ids
were given) and `totals`. A day is "2026-05-01", a moment RFC 3339, an amount or a rate a string that no reader rounds,
a picture `{"name", "sha256"}`. The words of the columns are the template's.
"""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from services.projection.forms import rows
from services.projection.forms.library import shipped
from services.projection.forms.model import Form, LateEntry, Picture, Row, Sheet, Trace, Value
from services.projection.forms.parts import FiguresPart
from services.projection.forms.template import Template

DISCLAIMER: Final = "本记录不替代执法文书"


def as_json(form: Form, template: Template | None = None) -> dict[str, Any]:
    """What is printed, by key; ready for json.dumps."""
    layout = template or shipped(form.id)
    return {
        "form": form.id.value,
        "title": form.title or layout.title,
        "sheets": [_sheet(sheet, layout) for sheet in form.sheets],
        "trace": {**_trace(form.trace), "rows_sha256": rows_sha256(form), "disclaimer": DISCLAIMER},
    }


def rows_sha256(form: Form) -> str:
    """SHA-256 of the rows and figures as the report gave them, in canonical JSON (RFC 8785: there are no floats).

    The day of printing, the one who printed it and the layout have no part in it: the same question about the same
    events has the same fingerprint.
    """
    said = {"form": form.id.value, "sheets": [_given(sheet) for sheet in form.sheets]}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _given(sheet: Sheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "part": sheet.part,
        "area": sheet.area,
        "rows": [_row(row) for row in sheet.rows],
        "values": dict(sheet.values),
        "keys": _lists(sheet.keys),
        "totals": _cells(sheet.totals) if sheet.totals else None,
    }


def _sheet(sheet: Sheet, layout: Template) -> dict[str, Any]:
    part = layout.part(sheet.part)
    told = {
        "name": sheet.name or part.name,
        "part": part.part,
        "area": sheet.area,
        "heads": {key: _plain(value) for key, value in sheet.heads.items()},
    }
    if isinstance(part, FiguresPart):
        keys = [item.key for group in part.groups for item in group.items if item.key]
        return {**told, "values": {key: sheet.values.get(key) for key in keys}, "keys": _lists(sheet.keys)}
    totals = rows.totals(sheet, part)
    return {
        **told,
        "rows": [_row(row) for row in rows.printed(sheet, part)],
        "totals": _cells(totals) if totals else None,
    }


def _row(row: Row) -> dict[str, Any]:
    return {**_cells(row.cells), **({"keys": _lists(row.keys)} if row.keys else {})}


def _cells(cells: Mapping[str, Value]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in cells.items()}


def _lists(keys: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: list(ids) for name, ids in keys.items()}


def _plain(value: Value) -> Any:  # noqa: ANN401 (JSON)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return [_picture(one) for one in value]


def _picture(picture: Picture) -> dict[str, str]:
    return {"name": picture.name, "sha256": picture.sha256}


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "query": trace.query,
        "scope": trace.scope,
        "period": trace.period,
        "cutoff": trace.cutoff.isoformat(),
        "known_at": {"sequence": trace.known_sequence, "moment": trace.known_at.isoformat()},
        "last_sequence": trace.last_sequence,
        "ledgers": dict(trace.ledgers),
        "produced_at": trace.produced_at.isoformat(),
        "produced_by": trace.produced_by,
        "counts": dict(trace.counts),
        "late": [_late(one) for one in trace.late],
    }


def _late(entry: LateEntry) -> dict[str, Any]:
    return {
        "hazard": entry.hazard,
        "sequence": entry.sequence,
        "words": entry.words,
        "occurred_at": entry.occurred_at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
    }
