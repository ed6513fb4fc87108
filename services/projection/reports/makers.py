"""Which ledgers each form needs, and how it is computed from them: both without a clock or a network."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from services.projection.forms.template import FormId
from services.projection.ledger import Ledger
from services.projection.reports import bulletin, form_a, form_b, form_c, form_d, register, scope, statistics
from services.projection.reports.answer import Answer
from services.projection.reports.asked import Asked
from services.projection.reports.tables import Tables

Make = Callable[[Tables, Asked], Answer]
MAKERS: Final[Mapping[FormId, tuple[Sequence[Ledger], Make]]] = {
    FormId.A: (form_a.LEDGERS, form_a.make),
    FormId.B: (form_b.LEDGERS, form_b.make),
    FormId.C: (form_c.LEDGERS, form_c.make),
    FormId.D: (form_d.LEDGERS, form_d.make),
    FormId.QUARTERLY: (statistics.LEDGERS, statistics.make),
    FormId.ANNUAL: (statistics.LEDGERS, statistics.make),
    FormId.LISTING_REGISTER: (register.LEDGERS, register.make),
    FormId.BULLETIN: (bulletin.LEDGERS, bulletin.make),
}


def needed(form: FormId) -> tuple[Ledger, ...]:
    """The ledgers that are to be up to date before that form is asked for."""
    ledgers, _ = MAKERS[form]
    return tuple({ledger.name: ledger for ledger in (*ledgers, *scope.LEDGERS)}.values())
