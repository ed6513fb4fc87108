"""Where an application's events stand: names, shared streams, settings."""

import asyncio
import os
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import ProgrammingError, StoredEvent
from eventsourcing.tests.application import BankAccounts

from services.journal import wire
from services.journal.api import call
from services.journal.connection import connect
from services.journal.persistence import JetStreamFactory
from tests.journal.library_env import OnServers


def event(originator: UUID | str) -> list[StoredEvent]:
    """The first of its originator."""
    return [StoredEvent(originator, 1, "topic", b"state")]


def create(url: str, name: str, **config: object) -> None:
    """A stream that an administrator made."""

    async def ask() -> None:
        nc = await connect(url, name="administrator")
        await call(nc, f"STREAM.CREATE.{name}", {"name": name, "subjects": [f"{name.lower()}.>"], **config})
        await nc.close()

    asyncio.run(ask())


class TestNames(OnServers):
    """What may name an aggregate, and what comes back."""

    def test_an_id_is_one_token_of_a_subject(self) -> None:
        """An id that would be several subjects, a wildcard or a broken line is refused with a sentence."""
        recorder = self.factory().application_recorder()
        for wrong in ("", "a.b", "*", ">", "a b", "a\r\nPUB x", "a\0", "tab\t"):
            for ask in (
                lambda wrong=wrong: recorder.insert_events(event(wrong)),
                lambda wrong=wrong: recorder.select_events(wrong),
            ):
                with pytest.raises(ProgrammingError, match="cannot be part of a subject"):
                    ask()
        assert recorder.max_notification_id() is None

    def test_text_and_uuid_come_back_as_they_were(self) -> None:
        """An id keeps its type, in a selection and in a notification."""
        recorder = self.factory().application_recorder()
        ids: list[UUID | str] = [uuid4(), "course-7", "犬", uuid4().hex]
        for each in ids:
            recorder.insert_events(event(each))
        assert [recorder.select_events(each)[0].originator_id for each in ids] == ids
        assert [each.originator_id for each in recorder.select_notifications(None, 9)] == ids

    def test_text_stays_text_where_it_is_so_set(self) -> None:
        """An application whose ids are texts gets texts, though they look like a UUID."""
        factory = JetStreamFactory({**os.environ, "ORIGINATOR_ID_TYPE": "text"})
        self.addCleanup(factory.close)
        recorder = factory.application_recorder()
        name = str(uuid4())
        recorder.insert_events(event(name))
        assert recorder.select_notifications(None, 1)[0].originator_id == name

    def test_applications_share_a_stream_and_nothing_else(self) -> None:
        """Each sees its own aggregates and notifications; the ids are places in one order."""
        first, second = BankAccounts(), Application[UUID]()
        account = first.open_account("Alice", "alice@example.com")
        (recording,) = second.save(Aggregate())
        first.credit_account(account, Decimal("7.00"))
        assert recording.notification.id == 2
        assert [each.id for each in first.recorder.select_notifications(None, 9)] == [1, 3]
        assert [each.id for each in second.recorder.select_notifications(None, 9)] == [2]
        assert second.recorder.select_events(account) == []


class TestSettings(OnServers):
    """Where it is stored, and what is refused."""

    def test_an_unsafe_stream_is_refused(self) -> None:
        """A stream that drops old events is named with the setting, before anything is stored in it."""
        create(os.environ["NATS_URL"], os.environ["NATS_STREAM"], max_msgs=10)
        with pytest.raises(wire.UnsafeStream, match="max_msgs is 10"):
            self.factory().application_recorder()

    def test_nothing_is_created_where_that_is_not_wanted(self) -> None:
        """With CREATE_TABLE=n the streams are there already, or what is asked of them fails."""
        factory = JetStreamFactory({**os.environ, "CREATE_TABLE": "n"})
        self.addCleanup(factory.close)
        recorder = factory.application_recorder()
        with pytest.raises(wire.JournalError, match="stream not found"):
            recorder.max_notification_id()

    def test_a_stream_has_a_name_that_can_be_one(self) -> None:
        """A dot in NATS_STREAM would be two tokens."""
        factory = JetStreamFactory({**os.environ, "NATS_STREAM": "two.words"})
        self.addCleanup(factory.close)
        with pytest.raises(ProgrammingError, match=r"two\.words"):
            factory.application_recorder()

    def test_an_application_may_have_a_stream_of_its_own(self) -> None:
        """As every setting of the library, it may carry the application's name in front."""
        own = f"{os.environ['NATS_STREAM']}_TRACKING"  # one that is removed after the test
        app = BankAccounts({"BANKACCOUNTS_NATS_STREAM": own, "IS_SNAPSHOTTING_ENABLED": "n"})
        app.open_account("Alice", "alice@example.com")
        assert self.factory().application_recorder().max_notification_id() is None
        assert app.recorder.max_notification_id() == 1

    def test_no_server_is_a_sentence(self) -> None:
        """Nobody listens on port 1."""
        factory = JetStreamFactory({"NATS_URL": "nats://127.0.0.1:1"})
        self.addCleanup(factory.close)
        with pytest.raises(wire.Unavailable, match="no NATS server answers"):
            factory.application_recorder()
