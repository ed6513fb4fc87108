"""What a file holds for us, one thing after another: commands to send, or a row that goes back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from pydantic_core import from_json, to_json

from contracts.reading import Invalid, malformed, read_batch, read_command
from services.cli.importing.cells import Cell
from services.cli.importing.forms import COLUMNS, read_form
from services.cli.importing.rows import BadRow, Reader
from services.cli.importing.sheets import check_file
from services.cli.importing.visits import Circumstances

COMMAND_FILE: Final = ".jsonl"


class Step(NamedTuple):
    """A command to send."""

    imperative: str
    body: bytes


class Item(NamedTuple):
    """What a row asks for, in order, each step once the one before is stored; and the row."""

    order: int
    where: str
    cells: Sequence[Cell]
    steps: tuple[Step, ...]
    none_found: bool = False
    """The row says 无: the visit is all there is."""

    @property
    def now(self) -> Step:
        """What is to be sent next."""
        return self.steps[0]


class Rejected(NamedTuple):
    """A row and why it was not taken."""

    order: int
    where: str
    cells: Sequence[Cell]
    reason: str


@dataclass(frozen=True)
class Source:
    """A file that could be opened."""

    columns: Sequence[str]
    total: int
    """About how many rows."""
    rows: Iterator[Item | Rejected]
    ordered: bool
    """Later commands may rest on earlier ones: one batch at a time."""
    hidden: Sequence[str] = ()
    """Sheets of the form that were left out because they are hidden."""


def form(path: Path, circumstances: Circumstances, now: datetime) -> Source:
    """Form A. Raises UnreadableFile, WrongHeading."""
    total, rows, hidden = read_form(path)
    reader = Reader(circumstances, now)

    def read() -> Iterator[Item | Rejected]:
        for order, row in enumerate(rows):
            cells = [row.get(name) for name in COLUMNS]
            try:
                visit, finding = reader.told(row)
                steps = (Step("record_inspection", visit), *((Step("find_hazard", finding),) if finding else ()))
                yield Item(order, row.where, cells, steps, none_found=finding is None)
            except BadRow as bad:
                yield Rejected(order, row.where, cells, str(bad))

    return Source(COLUMNS, total, read(), ordered=False, hidden=hidden)


def commands(path: Path) -> Source:
    """One command per line: `{"command": "find_hazard", …}`. Raises UnreadableFile."""
    check_file(path)
    with path.open("rb") as file:
        total = sum(1 for line in file if line.strip())

    def read() -> Iterator[Item | Rejected]:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                text = line.removeprefix(b"\xef\xbb\xbf").strip()
                if text:
                    yield _item(number, text)

    return Source(("命令",), total, read(), ordered=True)


def _item(number: int, text: bytes) -> Item | Rejected:
    where, shown = f"第{number}行", text.decode(errors="replace")
    try:
        imperative, body = _command(text)
        read_command(imperative, body)
    except Invalid as wrong:
        return Rejected(number, where, (shown,), wrong.reason)
    return Item(number, where, (shown,), (Step(imperative, body),))


def _command(text: bytes) -> tuple[str, bytes]:
    """Its name and the rest; refused where two programs could read the line in two ways, as the contract has it."""
    try:
        fields = from_json(text)
    except ValueError as wrong:
        raise malformed(wrong, text, "第{column}列") from wrong
    read_batch(b'{"commands": [{"command": "", "body": %b}]}' % text)
    if not isinstance(fields, dict):
        raise Invalid("wrong_type", "每行须为一个对象：each line is an object")
    return str(fields.pop("command", "")), to_json(fields)
