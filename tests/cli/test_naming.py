"""Ids of bodies, replaced where a column says that it may hold some."""

import pytest

from services.cli.ledgers.naming import Names
from services.projection.ledger import Column, Kind

NAMES = Names({"wd-yj": "无锡应急局", "wd": "无锡", "a:b": "甲乙"})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("wd-yj", "无锡应急局"),
        ("wd-yj、wd", "无锡应急局、无锡"),
        ("wd-yjx wd_yj xwd wd-", "wd-yjx wd_yj xwd wd-"),
        ("（wd-yj）；wd。", "（无锡应急局）；无锡。"),
        ("a:b", "甲乙"),
        ("body:wd", "body:无锡"),
        ("", ""),
        (None, None),
    ],
)
def test_whole_ids_become_names(said: str | None, shown: str | None) -> None:
    """Never a part of a longer one."""
    assert NAMES.shown(Column("body", "单位", bodies=True), said) == shown
    assert NAMES.shown(Column("body", "单位"), said) == said


def test_other_kinds_stay() -> None:
    """A moment is shown as everywhere, a number is no text."""
    assert (
        NAMES.shown(Column("at", "时间", Kind.MOMENT, bodies=True), "2026-01-01T09:00:00+08:00") == "2026-01-01 09:00"
    )
    assert NAMES.shown(Column("n", "数", Kind.NUMBER, bodies=True), 5) == 5
