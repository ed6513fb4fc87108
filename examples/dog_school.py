"""A dog school, as the library's own documentation has it. Where it is stored, the environment alone says.

    python examples/dog_school.py                       in memory: every school is new
    PERSISTENCE_MODULE=services.journal.persistence \
    NATS_URL=nats://127.0.0.1:4222 \
    python examples/dog_school.py                       on JetStream: the dogs of yesterday are still there
"""  # noqa: D208, INP001 (a command as it is typed; a script, not a package)

import sys
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class Dog(Aggregate):
    """Learns tricks."""

    @event("Registered")
    def __init__(self, name: str) -> None:
        self.name = name
        self.tricks: list[str] = []

    @event("TrickAdded")
    def add_trick(self, trick: str) -> None:
        """One more."""
        self.tricks.append(trick)


class DogSchool(Application[UUID]):
    """Where dogs are registered and trained."""

    is_snapshotting_enabled = True

    def register_dog(self, name: str) -> UUID:
        """A new dog; gives its id."""
        dog = Dog(name)
        self.save(dog)
        return dog.id

    def add_trick(self, dog_id: UUID, trick: str) -> None:
        """The dog knows it from now on."""
        dog: Dog = self.repository.get(dog_id)
        dog.add_trick(trick)
        self.save(dog)

    def tricks(self, dog_id: UUID) -> tuple[str, ...]:
        """What the dog knows."""
        dog: Dog = self.repository.get(dog_id)
        return tuple(dog.tricks)

    def dogs(self) -> list[str]:
        """Every dog that was ever registered."""
        names = []
        for each in self.recorder.select_notifications(start=1, limit=1000):
            if each.topic.endswith("Registered") and isinstance(each.originator_id, UUID):
                dog: Dog = self.repository.get(each.originator_id)
                names.append(dog.name)
        return names


def lesson() -> list[str]:
    """Register Fido, teach him two tricks, and say what the school knows."""
    with DogSchool() as school:
        fido = school.register_dog("Fido")
        school.add_trick(fido, "roll over")
        school.take_snapshot(fido)
        school.add_trick(fido, "fetch ball")
        said = [f"Fido knows {', '.join(school.tricks(fido))}", f"dogs: {', '.join(school.dogs())}"]
        school.close()
    return said


if __name__ == "__main__":
    sys.stdout.write("\n".join(lesson()) + "\n")
