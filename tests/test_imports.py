"""What may be imported where: the lists that say `only`; lint-imports keeps the directions between the parts."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
IMPURE = {
    *(
        "asyncio",
        "concurrent",
        "glob",
        "http",
        "io",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "random",
        "secrets",
    ),
    *("selectors", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading"),
    *("time", "urllib", "uuid"),
}
"""Standard modules through which a rule could see or change the world; uuid4 is chance."""
ONLY = {
    "contracts": {"contracts", "pydantic", "pydantic_core", "stdnum", *sys.stdlib_module_names},
    "services/hazard/aggregate": {"contracts", "services.hazard.aggregate", *sys.stdlib_module_names - IMPURE},
    "services/hazard/inspection": {
        "contracts",
        "services.hazard.aggregate",
        "services.hazard.inspection",
        *sys.stdlib_module_names - IMPURE,
    },
}
FILES = [(file, allowed) for folder, allowed in ONLY.items() for file in sorted((ROOT / folder).rglob("*.py"))]


def imports(source: str) -> set[str]:
    """Every module that a source names, with what it takes from it: `from a import b` is a.b."""
    named = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named |= {f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names}
    return named


def beyond(source: str, allowed: set[str]) -> set[str]:
    """Those of its imports that lie in no allowed package."""
    return {name for name in imports(source) if not any(f"{name}.".startswith(f"{one}.") for one in allowed)}


@pytest.mark.parametrize(("file", "allowed"), FILES, ids=[str(file.relative_to(ROOT)) for file, _ in FILES])
def test_a_file_imports_only_what_its_place_allows(file: Path, allowed: set[str]) -> None:
    """Contracts stand on pydantic and python-stdnum; rules stand on contracts alone and see no clock and no file."""
    assert not beyond(file.read_text("utf-8"), allowed)


@pytest.mark.parametrize(
    "line",
    [
        "import nats",
        "import time",
        "from os import path",
        "from services.hazard import hazards",
        "from services import cli",
        "def f():\n    import random",
        "from . import policy",
        "import pydantic",
    ],
)
def test_a_rule_that_reached_out_would_be_noticed(line: str) -> None:
    """Also within a function, also by way of a package of ours."""
    assert beyond(line, ONLY["services/hazard/aggregate"])
