"""A ledger as one JSON object, and as a file: both read a thousand lines at a time."""

import getpass
import sys
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from services.cli.ledgers import table
from services.cli.ledgers.desk import Desk
from services.cli.ledgers.late import KEPT
from services.cli.ledgers.options import Lines
from services.cli.ledgers.past import State
from services.cli.outcome import Status, Stop
from services.cli.site import minute
from services.hazard import app
from services.projection import printing
from services.projection.asking import QuestionError
from services.projection.ledger import Ledger
from services.projection.queries import View, opened, record

BATCH = 500


def to_program(place: Desk, ledger: Ledger, found: State, lines: Lines) -> None:
    """`{"columns": [...], "rows": [...], "sequence": …}`, and what else is good to know."""
    with opened(found.database, ledger) as view:
        where = lines.conditions(view.ledger, place.settings.zone)
        limit = lines.limit or (table.LINES if lines.page > 1 else None)
        rows = view.rows(where, after=lines.after, limit=limit, page=lines.page)
        first = next(rows, None)  # an unknown key is told before anything is written
        head = to_json(_head(view, found, view.count(where))).decode()
        sys.stdout.write(head[:-1] + ',"rows":[')
        digest, comma, last = sha256(), "", None
        batch = [] if first is None else [first, *islice(rows, BATCH - 1)]
        while batch:
            members = view.members([row.key for row in batch]) if lines.keys else None
            for row in batch:
                told = record(row, view.ledger, members.get(row.key, {}) if members is not None else None)
                sys.stdout.write(comma + to_json(told).decode())
                digest.update(printing.digest_line(row, view.ledger))
                comma, last = ",", row.key
            batch = list(islice(rows, BATCH))
        sys.stdout.write(f'],"next":{to_json(last).decode()},"sha256":"{digest.hexdigest()}"}}\n')
        sys.stdout.flush()


def _head(view: View, found: State, total: int) -> dict[str, Any]:
    return {
        "ledger": view.ledger.name,
        "title": view.ledger.title,
        "version": view.position.version,
        "sequence": view.sequence,
        "total": total,
        "as_of": found.cutoff,
        "known_at": found.asked.sequence if found.asked else None,
        "remark": found.remark,
        "late": found.late.machine() if found.late else [],
        "late_total": found.late.count if found.late else 0,
        "columns": [{"key": one.key, "title": one.title, "kind": one.kind.value} for one in view.ledger.columns],
    }


def on_paper(place: Desk, ledger: Ledger, found: State, lines: Lines, path: Path) -> None:
    """An .xlsx with its provenance; nothing is written where not all of it can be."""
    if path.suffix.lower() != ".xlsx":
        raise QuestionError(f"{path} 应以 .xlsx 结尾。The file's name should end in .xlsx.")
    said = [
        ("条件", "；".join(lines.where) or "无"),
        *(found.said or [("截止时间", "现在"), ("知悉截至", "现在")]),
        ("制表时间", minute(app.clock())),
        ("制表", f"{getpass.getuser()}，bihuan {version('bihuan')}"),
        *([("注意", found.remark)] if found.remark else []),
        *(("追溯变更", line.strip()) for line in (found.late.people(KEPT) if found.late else ())),
    ]
    try:
        with opened(found.database, ledger) as view:
            where = lines.conditions(view.ledger, place.settings.zone)
            printed = printing.write(path, view, where, printing.Said(said), found.names.shown)
            sequence = view.sequence
    except OSError as wrong:
        reason = f"写不了 {path}：{wrong.strerror}。请检查文件夹，并关闭已打开的同名文件。It cannot be written."
        raise Stop(Status.USAGE, reason) from wrong
    place.session.tell(
        {"file": str(path), "rows": printed.rows, "sha256": printed.sha256, "sequence": sequence},
        f"已写入 {path}：{printed.rows} 行，记到第 {sequence} 号事件。Written.",
    )
