"""The sub-commands of `bihuan policy`."""

from cyclopts import App

from services.cli.policy.adopt import adopt
from services.cli.policy.check import check
from services.cli.policy.explain import explain
from services.cli.policy.simulate import simulate


def app(parent: App) -> App:
    """To stand among the others."""
    said = "升级策略：检查、采用、说明、推演 Escalation rules: check, adopt, explain, simulate."
    groups = {"group_commands": parent.group_commands, "group_arguments": parent.group_arguments}
    found = App(name="policy", help=said, sort_key=7, group_parameters=parent.group_parameters, **groups)
    found.command(check, name="check", sort_key=1)
    found.command(adopt, name="adopt", sort_key=2)
    found.command(explain, name="explain", sort_key=3)
    found.command(simulate, name="simulate", sort_key=4)
    return found
