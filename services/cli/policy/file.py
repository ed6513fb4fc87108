"""A policy's file, as the commands about policies read it."""

from pathlib import Path
from typing import NamedTuple

from contracts.policy import Policy
from services.cli.outcome import Exit, Status, Stop
from services.cli.session import Session
from services.policies import UnusablePolicyError, load_text, policy_version, read_policy


class PolicyFile(NamedTuple):
    """What can be adopted."""

    path: Path
    text: str
    policy: Policy

    @property
    def version(self) -> str:
        """By which a hazard's history names it."""
        return policy_version(self.text)


def read_file(path: Path) -> PolicyFile:
    """Raises UnusablePolicyError with all that is wrong; Stop where there is no file."""
    if not path.is_file():
        raise Stop(Status.USAGE, f"没有文件 {path}：请核对文件名。There is no such file.")
    text = load_text(path)
    return PolicyFile(path, text, read_policy(text, str(path)))


def unusable(session: Session, wrong: UnusablePolicyError) -> Exit:
    """Every mistake on a line of its own; nothing was sent."""
    told = [{**problem._asdict(), "reason": str(problem)} for problem in wrong.problems]
    count = len(wrong.problems)
    lines = [
        *map(str, wrong.problems),
        f"共 {count} 处要改，改好再检查；现行策略不变。{count} to mend; nothing changed.",
    ]
    session.tell({"status": "refused", "code": "unusable_policy", "problems": told}, *lines)
    return Exit.REFUSED
