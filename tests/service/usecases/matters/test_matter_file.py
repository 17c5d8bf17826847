"""A case file: in pages, however many messages a matter holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.message import SenderDetails
from service.errors import SettingsError
from service.storage.sealing.sealer import Sealer
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters import matter_file as module
from service.usecases.matters.matter_file import MatterFile, Place, show_matter
from tests.makers import NOW, a_message

COUNT = 7


@pytest.fixture
def matter_id(context: Context) -> int:
    return receive_messages(context, [a_message()])[0].matter_id


@pytest.fixture
def of_many(context: Context, monkeypatch: pytest.MonkeyPatch) -> int:
    """A matter of seven messages, two of them sent at one moment; pages hold three."""
    monkeypatch.setattr(module, "DEMANDS_SHOWN", 3)
    monkeypatch.setattr(module, "EVENTS_SHOWN", 3)
    hours = [5, 2, 2, 7, 1, 4, 3]
    messages = [
        a_message(sender=SenderDetails(f"某{n}"), sent_at=NOW - timedelta(hours=hour))
        for n, hour in enumerate(hours)
    ]
    (matter,) = {one.matter_id for one in receive_messages(context, messages)}
    return matter


def pages(context: Context, matter_id: int) -> Iterator[MatterFile]:
    file = show_matter(context, matter_id)
    yield file
    while file.next_after:
        file = show_matter(context, matter_id, Place(after=file.next_after))
        yield file


def test_a_case_file_shows_its_messages_in_the_order_they_were_sent(context: Context) -> None:
    early = a_message(sender=SenderDetails(), sent_at=a_message().sent_at - timedelta(days=2))
    (first,) = receive_messages(context, [a_message()])
    (copy,) = receive_messages(context, [early])
    file = show_matter(context, first.matter_id)
    assert [demand.message.id for demand in file.demands] == [copy.message_id, first.message_id]
    assert [demand.sender.is_anonymous for demand in file.demands] == [True, False]
    # The message that opened the matter stays the one that speaks for it.
    assert file.classification == first.classification


def test_with_another_key_senders_stay_sealed(context: Context, matter_id: int) -> None:
    with pytest.raises(SettingsError, match="密钥"):
        show_matter(replace(context, sealer=Sealer(b"another key" * 3)), matter_id)


def test_messages_come_in_pages_each_once_in_the_order_sent(context: Context, of_many: int) -> None:
    files = list(pages(context, of_many))
    assert [len(file.demands) for file in files] == [3, 3, 1]
    shown = [demand.message for file in files for demand in file.demands]
    assert len({message.id for message in shown}) == COUNT
    assert shown == sorted(shown, key=lambda message: (message.sent_at, message.id))
    assert {file.matter.message_count for file in files} == {COUNT}
    assert all(file.classification == files[0].classification for file in files)


def test_a_page_reads_no_more_messages_than_it_shows(
    context: Context, of_many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    real = module.read_senders

    def read(connection: object, sealer: object, ids: list[int]) -> object:
        opened.extend(ids)
        return real(connection, sealer, ids)

    monkeypatch.setattr(module, "read_senders", read)
    show_matter(context, of_many)
    assert len(opened) == 3


def test_any_message_can_be_read_in_full_from_any_page(context: Context, of_many: int) -> None:
    shown = [demand.message.id for file in pages(context, of_many) for demand in file.demands]
    first, last = shown[0], shown[-1]
    file = show_matter(context, of_many, Place(message=last))
    assert file.opened.message.id == last
    assert file.demands[0].message.id == first
    assert show_matter(context, of_many).opened.message.id == first


@pytest.mark.parametrize("place", [Place(message=999), Place(after=999), Place(after=2**63 - 1)])
def test_a_place_that_is_not_there_shows_the_first_message(
    context: Context, of_many: int, place: Place
) -> None:
    first = show_matter(context, of_many).opened
    assert show_matter(context, of_many, place).opened == first


def test_a_message_of_another_matter_is_not_opened(context: Context, of_many: int) -> None:
    (other,) = receive_messages(context, [a_message("学校把操场租出去停车。", title="操场")])
    assert other.matter_id != of_many
    opened = show_matter(context, of_many, Place(message=other.message_id)).opened
    assert opened.message.id != other.message_id


def test_the_track_is_shown_from_its_end_and_leads_back(context: Context, of_many: int) -> None:
    seen: list[str] = []
    file = show_matter(context, of_many)
    assert len(file.events) == 3
    while True:
        seen = [event.kind for event in file.events] + seen
        if not file.next_before:
            break
        file = show_matter(context, of_many, Place(before=file.next_before))
    assert seen == ["message", "routed", *["message"] * (COUNT - 1)]
