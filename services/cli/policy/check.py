"""`bihuan policy check`: whether a file could be adopted."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from services.cli.outcome import Exit
from services.cli.policy.file import PolicyFile, read_file, unusable
from services.cli.session import Here
from services.policies import UnusablePolicyError


def check(
    file: Annotated[Path, Parameter(help="策略文件（YAML） The policy's file.")],
    /,
    *,
    session: Here,
) -> Exit:
    """检查策略文件，逐行指出错误，不发送 Find every mistake in a policy's file; nothing is sent."""
    try:
        read = read_file(file)
    except UnusablePolicyError as wrong:
        return unusable(session, wrong)
    session.tell(_machine(read), *_people(read))
    return Exit.DONE


def _machine(read: PolicyFile) -> dict[str, Any]:
    rules = read.policy.rules
    steps = sum(len(rule.steps) for rule in rules)
    return {"status": "usable", "name": read.policy.name, "policy": read.version, "rules": len(rules), "steps": steps}


def _people(read: PolicyFile) -> list[str]:
    told = _machine(read)
    return [
        f"可以采用：{told['name']}，{told['rules']} 条规则、{told['steps']} 个梯级。It can be adopted.",
        f"  版本 {told['policy']}",
    ]
