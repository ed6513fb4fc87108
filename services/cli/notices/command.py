"""`bihuan notices` and its sub-command."""

from cyclopts import App

from services.cli.notices.replay import replay
from services.cli.notices.show import show


def app(parent: App) -> App:
    """To stand among the others."""
    said = "通知：谁收到了什么、是否送达；重发 Notices: who was told what, and whether it arrived; replay."
    groups = {"group_commands": parent.group_commands, "group_arguments": parent.group_arguments}
    found = App(name="notices", help=said, sort_key=7, group_parameters=parent.group_parameters, **groups)
    found.default(show)
    found.command(replay, name="replay")
    return found
