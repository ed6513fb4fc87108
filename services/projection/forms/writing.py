"""A form to a workbook: one sheet for each of the form's, and 溯源 last."""

from datetime import UTC
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Final

import xlsxwriter  # type: ignore[import-untyped]

from services.projection.forms import figures, heading, table, tracing
from services.projection.forms.library import shipped
from services.projection.forms.model import Form, Sheet
from services.projection.forms.names import Names
from services.projection.forms.page import Page, formats
from services.projection.forms.parts import FiguresPart, Part, TablePart, leaves
from services.projection.forms.style import TITLE_LINE
from services.projection.forms.telling import DISCLAIMER
from services.projection.forms.template import Template

SUFFIX: Final = ".xlsx"
_SAFE: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Somebody may have typed =HYPERLINK(…): it is text."""


class UnwritableFile(Exception):
    """The workbook cannot be written there; the message says what to do."""


def write(form: Form, path: Path, template: Template | None = None) -> None:
    """Into a new file that then takes the old one's place: whole, or not at all. Raises UnwritableFile."""
    if path.suffix.lower() != SUFFIX:
        raise UnwritableFile(f"文件名 {path.name} 须以 .xlsx 结尾。The name of the file must end with .xlsx.")
    content = render(form, template)
    draft = path.with_name(f".{token_hex(8)}.part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as wrong:
        reason = f"写不进 {path}：{wrong.strerror}。请换一个可写的文件夹；文件正打开着的，请先关闭。"
        raise UnwritableFile(f"{reason}The file cannot be written there.") from wrong
    finally:
        draft.unlink(missing_ok=True)


def render(form: Form, template: Template | None = None) -> bytes:
    """The same form gives the same bytes."""
    layout = template or shipped(form.id)
    out = BytesIO()
    with xlsxwriter.Workbook(out, _SAFE) as book:
        book.set_properties({"title": form.title or layout.title, "created": form.trace.produced_at.astimezone(UTC)})
        shapes, names = formats(book), Names(tracing.NAME)
        for sheet in form.sheets or [Sheet(part=part.part) for part in layout.parts]:
            part = layout.part(sheet.part)
            page = Page(book.add_worksheet(names.take(sheet.name or part.name)), shapes, _widths(part))
            page.paper(layout.paper, _foot(layout.footer))
            _draw(page, form, sheet, part, layout)
        last = Page(book.add_worksheet(tracing.NAME), shapes, tracing.WIDTHS)
        last.paper("landscape", _foot(""))
        tracing.draw(last, form, layout)
    return out.getvalue()


def _draw(page: Page, form: Form, sheet: Sheet, part: Part, layout: Template) -> None:
    """From 附件 to the signatures."""
    if layout.above:
        page.across(layout.above, "above")
    inside = isinstance(part, TablePart) and part.title_inside
    page.across(part.title or form.title or layout.title, "title_inside" if inside else "title", TITLE_LINE)
    if part.line:
        page.across(heading.filled(part.line, sheet.heads), "above")
    if isinstance(part, FiguresPart):
        figures.draw(page, sheet, part)
    else:
        table.draw(page, sheet, part)
    for note in (*part.notes, *sheet.notes):
        page.across(note, "note")
    if part.sign:
        page.across(("　" * 10).join(part.sign), "above", TITLE_LINE)


def _widths(part: Part) -> list[float]:
    return list(figures.WIDTHS) if isinstance(part, FiguresPart) else [one.width for one in leaves(part.columns)]


def _foot(sign: str) -> str:
    """`&` begins a code there."""
    return f"&L&9 {sign.replace('&', '&&')}&C&9 第 &P 页 共 &N 页&R&9 {DISCLAIMER}"
