"""What the bodies are called: many events name a body by its id only, and an earlier one said its name.

Known names stand in hidden rows of the ledger, a page for each body; where nobody said a name yet, the id is shown.
"""

from contracts.parties import BodyRef
from services.projection.entries import Entry
from services.projection.pages import Page


def learn(entry: Entry, page: Page, *named: BodyRef | None) -> None:
    """From now on they are called so."""
    for body in named:
        if body is None or body.id is None or _known(page, body.id) == body.name:
            continue
        row = page.book.page(_key(body.id)).row(entry, shown=False)
        row.state["name"] = body.name
        row.sequence = entry.sequence


def called(page: Page, body: str | None) -> str | None:
    """Its name; its id where nobody said one."""
    return None if body is None else _known(page, body) or body


def _known(page: Page, body: str) -> str | None:
    row = page.book.page(_key(body)).rows.get(_key(body))
    return row.state.get("name") if row else None


def _key(body: str) -> str:
    return f"body:{body}"
