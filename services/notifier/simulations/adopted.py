"""Which policy each hazard has, as the stream tells it: for whoever reads all of it."""

from collections.abc import Callable, Iterator

from contracts import subjects
from contracts.events import PolicyAdopted
from services.notifier.rules import Rules, compiled
from services.notifier.simulations.shapes import Chosen
from services.notifier.timing.case import Case
from services.policies import UnusablePolicyError, policy_version, read_policy, shipped


class Adopted:
    """The policies adopted so far, beside the shipped one; each is made ready once, by `ready`."""

    def __init__(self, ready: Callable[[Rules], Chosen]) -> None:
        self._make_ready = ready
        text, policy = shipped()
        self._shipped = ready(compiled(policy, policy_version(text)))
        self._ready: dict[str, Chosen] = {self._shipped.rules.version: self._shipped}
        self._history: list[tuple[int, str, str]] = []

    def enter(self, sequence: int, area: str, event: PolicyAdopted) -> None:
        """One that this program cannot use is passed over, as the notifier does."""
        version = policy_version(event.content)
        if version not in self._ready:
            try:
                rules = compiled(read_policy(event.content, event.name), version)
            except UnusablePolicyError:
                return
            self._ready[version] = self._make_ready(rules)
        self._history.append((sequence, area, version))

    def of(self, case: Case) -> Chosen:
        """The one it was moved to; else the last one adopted for its area, or one around it, before it was found."""
        if case.policy in self._ready:
            return self._ready[case.policy]
        if self._history:
            area = subjects.birth_area(case.id)
            for sequence, place, version in reversed(self._history):
                if sequence < case.found_sequence and area.startswith(place):
                    return self._ready[version]
        return self._shipped

    def __iter__(self) -> Iterator[Chosen]:
        """All of them."""
        return iter(self._ready.values())
