"""How far it has come: a bar on stderr with events per second and the time left, where somebody looks at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from services.cli.session import Session, aside


class _Speed(TextColumn):
    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} 条/秒" if task.speed else "")


@contextmanager
def progress(session: Session, what: str, last: int, *, hidden: bool = False) -> Iterator[Callable[[int], None]]:
    """Told each sequence that is reached."""
    console = aside()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Speed(), TimeRemainingColumn())
    hidden = hidden or session.json or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(what, total=last)

        def moved(sequence: int) -> None:
            bar.update(task, completed=sequence, total=max(sequence, last))

        yield moved
