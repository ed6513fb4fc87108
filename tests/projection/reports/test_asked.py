"""A question with its days fixed, and what stands at the head of the form."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from services.projection.asking import QuestionError
from services.projection.forms.library import shipped
from services.projection.forms.template import FormId
from services.projection.reports.asked import Asked, asked, title
from services.projection.reports.question import Question
from tests.projection.folding import SITE
from tests.projection.reports.tale import NAMES, NOW, TOWN

GECHENG = "葛城街道办事处"


def ask(question: Question, *, unit: str = "", names: Mapping[str, str] | None = None) -> Asked:
    """On the 20th of May 2026."""
    layout = shipped(question.form)
    return asked(question, layout, known=1, now=NOW, zone=SITE, by="统计员", unit=unit, names=names)


@pytest.mark.parametrize(
    ("form", "start"), [(FormId.B, date(2026, 5, 1)), (FormId.D, date(2026, 5, 22)), (FormId.B, date(2026, 5, 19))]
)
def test_a_campaign_that_begins_after_the_cut_off_has_no_form(form: FormId, start: date) -> None:
    """Form B of May ends with April, form D on the 22nd, or now: the sentence names the last day."""
    last = {FormId.B: "2026-04-30", FormId.D: "2026-05-20"}[form]
    with pytest.raises(QuestionError, match=f"{start} 晚于这张表的统计截止日 {last}"):
        ask(Question(form, date(2026, 5, 1), TOWN, campaign_start=start))


def test_the_last_day_may_be_the_first_of_a_campaign() -> None:
    """One day is left."""
    made = ask(Question(FormId.B, date(2026, 5, 1), TOWN, campaign_start=date(2026, 4, 30)))
    assert made.end - (made.since or made.end) == timedelta(days=1)


@pytest.mark.parametrize("form", [FormId.A, FormId.B])
def test_no_other_streets_name_stands_over_a_form(form: FormId) -> None:
    """A blank where nobody says whose it is; the directory's name, or the one that was asked for."""
    question = Question(form, date(2026, 5, 1), TOWN)
    assert title(ask(question)).startswith("________重大事故隐患")
    assert title(ask(question, names=NAMES)).startswith("甲镇人民政府重大事故隐患")
    assert title(ask(question, names=NAMES, unit=GECHENG)) == shipped(form).title
    assert GECHENG not in title(ask(Question(FormId.A, date(2026, 5, 1), enterprise="factory")))


def test_heads_say_the_day_and_no_time_of_day() -> None:
    """The same question within a day has the same heads, whichever database answers."""
    running = Question(FormId.ANNUAL, date(2026, 5, 1), TOWN)
    assert ask(running).heads["until"] == "2026-05-20（期间未满）"
    over = Question(FormId.QUARTERLY, date(2026, 2, 1), TOWN)
    assert ask(over).heads["until"] == "2026-03-31 24时"
