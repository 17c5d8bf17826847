from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from service.digest import MessageFact
from service.digest.counts import Dimension, Figure, group, sender_numbers, tally
from service.domain.kind import Kind
from service.domain.relation import Relation
from tests.service.digest.makers import a_message
from tests.service.digest.strategies import MESSAGES


def test_one_person_counts_once_and_each_anonymous_message_as_one() -> None:
    counted = tally(
        [a_message(1, sender_key=7), a_message(2, sender_key=7), a_message(3), a_message(4)]
    )
    assert counted.messages == Figure(4, (1, 2, 3, 4))
    assert counted.people.value == 3


def test_copies_are_counted_apart_and_can_be_opened() -> None:
    counted = tally([a_message(1), a_message(2, relation=Relation.COPY)])
    assert counted.copies == Figure(1, (2,))


def test_an_unknown_kind_has_an_empty_key() -> None:
    assert set(group([a_message(1), a_message(2, kind=Kind.HELP)], Dimension.KIND)) == {"", "help"}


@given(MESSAGES, st.sampled_from(list(Dimension)))
def test_the_parts_add_up_to_the_whole(
    messages: Sequence[MessageFact], dimension: Dimension
) -> None:
    parts = [tally(part) for part in group(messages, dimension).values()]
    whole = tally(messages)
    assert sum(part.messages.value for part in parts) == whole.messages.value
    assert sum(part.copies.value for part in parts) == whole.copies.value
    assert sum(part.people.value for part in parts) >= whole.people.value


@given(MESSAGES)
def test_there_are_never_more_people_or_copies_than_messages(
    messages: Sequence[MessageFact],
) -> None:
    counted = tally(messages)
    assert counted.people.value <= counted.messages.value
    assert counted.copies.value <= counted.messages.value
    assert set(counted.copies.message_ids) <= set(counted.messages.message_ids)


@given(MESSAGES)
def test_senders_are_numbered_from_one_without_gaps(messages: Sequence[MessageFact]) -> None:
    numbers = sender_numbers(messages)
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
