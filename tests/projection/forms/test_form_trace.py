from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from services.projection.forms.model import Row, Sheet
from services.projection.forms.telling import as_json, rows_sha256
from services.projection.forms.template import FormId
from tests.projection.forms.forms_props import FIGURES, TRACE, VISIT, form, form_a, form_b, read

LATER = replace(TRACE, produced_at=datetime(2024, 1, 1, tzinfo=UTC), produced_by="李明", late=[])


def test_the_last_sheet_says_where_the_figures_come_from() -> None:
    """Question, cut-off, what was known, versions, fingerprint, who and when; what is told apart; what came late."""
    sheet = read(form_b())["溯源"]
    told = {row[0]: row[2] for row in sheet.rows if row[0]}
    assert told["查询"] == TRACE.query
    assert told["截止时间"] == "2023-05-31 24:00+08:00，此前发生的才计入"
    assert told["知悉时点"] == "事件序号 20231（2023-06-30 09:12:30+08:00），此后登记的不计入"
    assert told["台账版本"] == "hazards 3，visits 1"
    assert told["数据指纹"] == f"SHA-256 {rows_sha256(form_b())}"
    assert (told["另列：灭失销号"], told["另列：疑似重大·待判定"]) == ("2", "5")
    assert sheet.rows[-2][1:] == [
        "500229001-5F0C1D2E-K",
        "2023-05-28 16:00:00+08:00",
        "2023-06-12 08:30:00+08:00",
        "登记隐患：除尘系统未设泄爆装置（20199）",
    ]
    assert sheet.rows[-1][0] == "本记录不替代执法文书。"


def test_where_nothing_came_late_it_says_so() -> None:
    """An empty list and a list that was forgotten look the same."""
    assert read(form(FormId.A, trace=LATER))["溯源"].row("追溯变更")[2] == "无"


def test_the_fingerprint_is_of_the_rows() -> None:
    """The same answer has the same one, whoever prints it and whenever, under whatever title."""
    rows = [Sheet("葛城街道", rows=[Row(VISIT)])]
    assert rows_sha256(form(FormId.A, *rows)) == rows_sha256(form(FormId.A, *rows, trace=LATER, title="别的标题"))
    assert rows_sha256(form_a(VISIT)) != rows_sha256(form_a({**VISIT, "finding": "无"}))


def test_every_figure_has_part_in_the_fingerprint() -> None:
    """One more or less anywhere is another fingerprint."""
    changed = [{**FIGURES, key: FIGURES[key] + 1} for key in FIGURES]
    prints = {rows_sha256(form(FormId.B, Sheet(part="village", values=values))) for values in (FIGURES, *changed)}
    assert len(prints) == len(FIGURES) + 1


def test_the_fingerprint_can_be_computed_by_others() -> None:
    """Canonical JSON, RFC 8785: sorted keys, no blanks, UTF-8."""
    made = form(FormId.C, Sheet("甲", rows=[Row({"number": 1, "answer": "yes"})]))
    text = (
        '{"form":"C","sheets":[{"area":null,"keys":{},"name":"甲","part":"","rows":[{"answer":"yes","number":1}],'
        '"totals":null,"values":{}}]}'
    )
    assert rows_sha256(made) == sha256(text.encode()).hexdigest()


def test_in_json_the_trace_is_whole() -> None:
    """With the fingerprint, and what the record does not replace."""
    told = as_json(form_b())["trace"]
    assert told["known_at"] == {"sequence": 20_231, "moment": "2023-06-30T09:12:30+08:00"}
    assert (told["last_sequence"], told["ledgers"]) == (20_240, {"hazards": 3, "visits": 1})
    assert (told["rows_sha256"], told["disclaimer"]) == (rows_sha256(form_b()), "本记录不替代执法文书")
    assert told["late"][0]["sequence"] == 20_199
