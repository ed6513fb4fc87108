"""What an import says: before, while and after."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from contracts import words
from services.cli.importing.sending import Tally
from services.cli.importing.sources import Item
from services.cli.importing.visits import ORIGINS, Circumstances, Unit, Visit
from services.cli.session import Session, aside

SHOWN = 5
"""Rows named on the terminal; the file has them all."""
MEND_ROWS: Final = "改好后直接导入它即可。Mend the rows there and import that file."
MEND_COMMANDS: Final = (
    "该表只供查看，不能导入；请在原 .jsonl 里改好这些行，再导入原文件，已登记的不会重复。"
    "Mend the lines in the .jsonl itself and import it again; nothing is entered twice."
)


def before(given: Circumstances, hidden: Sequence[str] = ()) -> str:
    """How the table will be read, while it can still be stopped."""
    if given.unit is Unit.CHECKED:
        unit = "“排查单位”按受检单位（责任单位）登记；如是检查单位，请用 --unit checking。Read as the checked unit."
    else:
        unit = "“排查单位”按检查单位登记，责任单位待查；如是受检单位，请用 --unit checked。Read as the checking unit."
    origin = words.origin(ORIGINS[given.visit])
    lines = [
        unit,
        f"来源登记为“{origin}”（--visit-kind {given.visit}），以后不能改。The origin cannot be altered later.",
    ]
    if given.visit in {Visit.INSPECTION, Visit.SUPERVISION}:
        lines.append("表中没有执法证号：按历史补录登记，不能据此下达责令文书")
    if given.visit is Visit.SELF:
        lines.append("企业自查由经办人代录；企业负责人表中未具名")
    if hidden:
        lines.append(f"隐藏的工作表不导入：{'、'.join(hidden)}；要导入请先取消隐藏。Hidden sheets are left out.")
    return "\n".join(lines)


@contextmanager
def progress(session: Session, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr, where somebody looks at it."""
    console = aside()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=session.json or not console.is_terminal) as bar:
        task = bar.add_task("导入 Importing", total=total)
        yield lambda rows: bar.advance(task, rows)


@dataclass(frozen=True)
class Returned:
    """The file of rows that came back, beside the file that was imported."""

    beside: Path
    written: bool
    """By this import; otherwise nothing came back."""
    there: bool
    """One of that name was there before."""
    commands: bool
    """Of a .jsonl: a sheet of commands cannot be imported."""

    @property
    def stale(self) -> bool:
        """What lies there speaks of an earlier import."""
        return self.there and not self.written


def machine(tally: Tally, returned: Returned) -> dict[str, Any]:
    """The counts; `open` rows and an older file of rejected rows only where there are any."""
    counts: dict[str, Any] = {
        "rows": tally.rows,
        "accepted": tally.accepted,
        "already": tally.already,
        "rejected": len(tally.rejected),
        "none_found": tally.none_found,
        "rejected_file": str(returned.beside) if returned.written else None,
    }
    if returned.stale:
        counts["earlier_rejected_file"] = str(returned.beside)
    if tally.open:
        counts |= {"unknown": len(tally.open), "unknown_rows": _stretches(_open(tally))}
    return counts


def people(tally: Tally, returned: Returned) -> list[str]:
    """The same in sentences."""
    if not tally.rows:
        return ["表中没有数据行：没有可导入的。No rows.", *_returned(tally, returned)]
    new, old = tally.accepted, tally.already
    lines = [
        f"共 {tally.rows} 行：新登记 {new}，以前已登记 {old}，无隐患 {tally.none_found}，退回 {len(tally.rejected)}",
        "(rows: newly entered, entered before, nothing found, sent back)",
    ]
    if tally.already and not tally.accepted:
        lines.append("没有新增：这些行以前都登记过。Nothing was added: every row was there already.")
    lines += _returned(tally, returned)
    if tally.open:
        lines += _unsettled(tally)
    return lines


def _returned(tally: Tally, returned: Returned) -> list[str]:
    if returned.stale:
        return [
            f"{returned.beside} 是以前导入时退回的，不是这一次的：核对后请自行删除。That file is of an earlier import."
        ]
    if not returned.written:
        return []
    lines = [f"  {row.where}：{row.reason}" for row in tally.rejected[:SHOWN]]
    more = len(tally.rejected) - SHOWN
    lines += [f"  …另有 {more} 行"] if more > 0 else []
    what_to_do = MEND_COMMANDS if returned.commands else MEND_ROWS
    replaced = "（以前退回的同名文件已被替换）" if returned.there else ""
    return [*lines, f"退回的行和原因在 {returned.beside}{replaced}：{what_to_do}"]


def _unsettled(tally: Tally) -> list[str]:
    found = _open(tally)
    stretches = _stretches(found)
    named = "、".join(stretches[:SHOWN]) + ("等" if len(stretches) > SHOWN else "")
    rest = "，其后的行没有发送" if tally.stopped else ""
    return [
        f"结果不明 {len(found)} 行（{named}）{rest}：服务没有答复。请再导入同一文件，已登记的不会重复。",
        "No answer for these rows; import the same file again, nothing is entered twice.",
    ]


def _open(tally: Tally) -> list[Item]:
    return sorted(tally.open, key=lambda item: item.order)


def _stretches(items: list[Item]) -> list[str]:
    """第3行 alone, 第7行至第9行 where one follows the other."""
    found: list[tuple[Item, Item]] = []
    for item in items:
        if found and found[-1][1].order == item.order - 1:
            found[-1] = (found[-1][0], item)
        else:
            found.append((item, item))
    return [first.where if first is last else f"{first.where}至{last.where}" for first, last in found]
