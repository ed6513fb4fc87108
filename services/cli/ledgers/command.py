"""The sub-commands of `bihuan ledger`."""

from cyclopts import App

from services.cli.ledgers.keeping import rebuild, resume, verify
from services.cli.ledgers.show import show
from services.cli.ledgers.status import ledgers, status
from services.cli.ledgers.trace import trace


def app(parent: App) -> App:
    """To stand among the others."""
    said = "台账：查看、追溯、核对、重建 Ledgers: show, trace, verify, rebuild."
    groups = {"group_commands": parent.group_commands, "group_arguments": parent.group_arguments}
    found = App(name="ledger", help=said, sort_key=6, group_parameters=parent.group_parameters, **groups)
    found.command(show, name="show", sort_key=1)
    found.command(trace, name="trace", sort_key=2)
    found.command(ledgers, name="list", sort_key=3)
    found.command(status, name="status", sort_key=4)
    found.command(verify, name="verify", sort_key=5)
    found.command(rebuild, name="rebuild", sort_key=6)
    found.command(resume, name="resume", sort_key=7)
    return found
