"""Usage errors in Chinese first: what is wrong, and where to read how it is used."""

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)

SENTENCES: dict[type[CycloptsError], str] = {
    UnknownCommandError: "没有这个命令",
    UnknownOptionError: "没有这个选项",
    MissingArgumentError: "缺少参数",
    UnusedCliTokensError: "参数太多",
    CoercionError: "参数的值不对",
    ValidationError: "参数的值不对",
}


def explain(wrong: CycloptsError) -> str:
    """One sentence; the English half is the parser's own."""
    chinese = next((words for kind, words in SENTENCES.items() if isinstance(wrong, kind)), "用法有误")
    wrong.verbose = False
    command = " ".join(["bihuan", *(wrong.command_chain or ())])
    return f"{chinese}：{' '.join(str(wrong).split())} 用法见 {command} --help"
