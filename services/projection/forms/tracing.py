"""The last sheet 溯源: which question was put to which events, so that another person gets the same figures."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from services.projection.forms.model import Form, LateEntry, Trace
from services.projection.forms.page import Page
from services.projection.forms.style import TITLE_LINE
from services.projection.forms.telling import DISCLAIMER, rows_sha256
from services.projection.forms.template import Template

NAME: Final = "溯源"
WIDTHS: Final = (8.0, 20.0, 19.0, 19.0, 62.0)


def draw(page: Page, form: Form, template: Template) -> None:
    """Question and fingerprint, what is told apart, then every late entry."""
    page.across(NAME, "title", TITLE_LINE)
    for name, words in _lines(form, template):
        page.pair(name, words, 2)
    _late(page, form.trace)
    page.across(f"{DISCLAIMER}。", "above")


def _lines(form: Form, template: Template) -> Iterator[tuple[str, str]]:
    trace = form.trace
    yield "表格", f"{form.id} {form.title or template.title}"
    yield "查询", trace.query
    yield "范围", trace.scope
    yield "报告期", trace.period
    yield "截止时间", f"{_until(trace.cutoff)}，此前发生的才计入"
    yield "知悉时点", f"事件序号 {trace.known_sequence}（{_moment(trace.known_at)}），此后登记的不计入"
    yield "最新事件序号", str(trace.last_sequence)
    yield "台账版本", "，".join(f"{name} {version}" for name, version in trace.ledgers.items())
    yield "数据指纹", f"SHA-256 {rows_sha256(form)}"
    yield "生成时间", _moment(trace.produced_at)
    yield "生成人", trace.produced_by
    for name, count in trace.counts.items():
        yield f"另列：{name}", str(count)
    yield "追溯变更", f"{len(trace.late)} 条：报告期内发生、事后登记" if trace.late else "无"


def _late(page: Page, trace: Trace) -> None:
    if not trace.late:
        return
    page.record(["序号", "隐患编号", "发生时间", "登记时间", "事项（事件序号）"], ["head"] * len(WIDTHS))
    for number, entry in enumerate(trace.late, 1):
        page.record([number, *_entry(entry)], ["middle", "text", "middle", "middle", "text"])


def _entry(entry: LateEntry) -> list[str]:
    words = f"{entry.words}（{entry.sequence}）"
    return [entry.hazard, _moment(entry.occurred_at), _moment(entry.recorded_at), words]


def _moment(moment: datetime) -> str:
    """By its own clock, which is named."""
    return moment.isoformat(" ", "seconds")


def _until(end: datetime) -> str:
    """Midnight is the end of the day before: 2023-05-31 24:00."""
    if end.time() != datetime.min.time():
        return _moment(end)
    day: date = (end - timedelta(days=1)).date()
    return f"{day} 24:00{end.isoformat()[-6:]}"
