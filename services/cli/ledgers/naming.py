"""Bodies as people call them: where a column may hold the id of one, its name by the tenant's directory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from contracts.directory import Directory
from services.projection.ledger import Column
from services.projection.printing import shown

_LONG: Final = re.compile(r"[\w-]+(?::[\w-]+)+")
_SHORT: Final = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Names:
    """By id."""

    by_id: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, directory: Directory) -> Self:
        """Every body's."""
        return cls({body.id: body.name for body in directory.bodies})

    def shown(self, column: Column, value: Any) -> Any:  # noqa: ANN401 (text, number or nothing)
        """As people read it: whole ids are replaced, never a part of a longer one."""
        value = shown(column, value)
        if not (column.bodies and self.by_id and isinstance(value, str)):
            return value
        return _SHORT.sub(self._name, _LONG.sub(self._name, value))

    def _name(self, found: re.Match[str]) -> str:
        return self.by_id.get(found[0], found[0])
