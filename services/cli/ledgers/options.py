"""What the commands of `bihuan ledger` share: which lines, and of which past."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import Parameter
from cyclopts.validators import Number

from services.projection import asking
from services.projection.asking import Condition, QuestionError
from services.projection.ledger import Column, Ledger

Name = Annotated[str, Parameter(help="台账名，如 hazards 或 隐患台账 The ledger's name or title.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Past:
    """Nothing said: the present."""

    as_of: Annotated[
        str | None, Parameter(help="截止时间，如 2026-05-01 As of the end of that day, or of a moment.")
    ] = None
    known_at: Annotated[
        str | None, Parameter(help="按当时所知：时间或事件序号 As known then: a time, or an event's number.")
    ] = None


@Parameter(name="*")
@dataclass(frozen=True)
class Lines:
    """Nothing said: all of them."""

    where: Annotated[
        tuple[str, ...],
        Parameter(
            help="条件，可多次：区划=320623104、资金（元）>5000、隐患描述~堆放 Conditions, all of which hold.",
            negative="",
        ),
    ] = ()
    columns: Annotated[str, Parameter(help="要看的列，逗号分隔 Columns to show, by commas.")] = ""
    limit: Annotated[int | None, Parameter(help="最多几行 How many lines.", validator=Number(gte=1, lte=1_000_000))] = (
        None
    )
    page: Annotated[int, Parameter(help="第几页 Which page.", validator=Number(gte=1, lte=10_000_000))] = 1
    after: Annotated[str | None, Parameter(help="从这一行（键）之后 The lines past the one with this key.")] = None
    keys: Annotated[bool, Parameter(help="JSON 里列出每个计数的编号 Tell the keys of counts.", negative="")] = False

    def conditions(self, ledger: Ledger, zone: ZoneInfo) -> tuple[Condition, ...]:
        """Raises QuestionError."""
        return tuple(asking.condition(ledger, said, zone) for said in self.where)

    def chosen(self, ledger: Ledger) -> Sequence[Column]:
        """Those named, in that order; raises QuestionError."""
        named = self.columns.replace("，", ",").replace("、", ",").split(",")
        return [asking.column(ledger, one) for one in named if one.strip()]

    def check(self, *, whole: bool) -> None:
        """`whole`: on paper there is no part of a ledger. Raises QuestionError."""
        if self.page > 1 and self.after is not None:
            raise QuestionError("--page 与 --after 只能用一个。Use either --page or --after.")
        if whole and (self.page > 1 or self.after is not None or self.limit is not None):
            raise QuestionError("--xlsx 写出全部行，不能与 --limit、--page、--after 同用：请用 --where。Use --where.")
