"""Counting: messages, people and copies, whole and by one property, each figure openable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from service.digest.facts import MessageFact
from service.domain.labels import Labelled
from service.domain.relation import Relation


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the messages (ids, ascending) it was counted from."""

    value: int
    message_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Messages, the distinct people who sent them, and the copies among them.

    ``people`` rests on the same messages as ``messages``: an anonymous message counts as a
    person of its own.
    """

    messages: Figure
    people: Figure
    copies: Figure


class Dimension(Labelled):
    """A property that messages are counted by; the label heads its column."""

    TOPIC_L1 = "topic_l1", "主题"
    TOPIC = "topic", "二级主题"
    DEPARTMENT = "department", "承办单位"
    PLACE = "place", "地点"
    COMMITTEE = "committee", "政协组织"
    STUDIO = "studio", "委员工作室"
    CHANNEL = "channel", "渠道"
    KIND = "kind", "诉求类型"


def key_of(dimension: Dimension) -> Callable[[MessageFact], str]:
    """The function that reads a message's code or name in ``dimension`` ("" = not known)."""
    if dimension is Dimension.CHANNEL:
        return lambda message: message.channel.value
    if dimension is Dimension.KIND:
        return lambda message: message.kind.value if message.kind else ""
    return lambda message: str(getattr(message, dimension.value))


def group(messages: Iterable[MessageFact], dimension: Dimension) -> dict[str, list[MessageFact]]:
    """Messages by their key in ``dimension``; each message stands under exactly one key."""
    key = key_of(dimension)
    found: dict[str, list[MessageFact]] = {}
    for message in messages:
        found.setdefault(key(message), []).append(message)
    return found


def count_people(messages: Iterable[MessageFact]) -> int:
    """How many people sent these messages, each anonymous one counting as one."""
    known: set[int] = set()
    anonymous: set[int] = set()
    for message in messages:
        if message.sender_key is None:
            anonymous.add(message.whole_id)
        else:
            known.add(message.sender_key)
    return len(known) + len(anonymous)


def figure(messages: Iterable[MessageFact]) -> Figure:
    """How many messages, and which; parts are told as what was sent."""
    ids = tuple(sorted({message.whole_id for message in messages}))
    return Figure(len(ids), ids)


def tally(messages: Iterable[MessageFact]) -> Tally:
    """Messages, people and copies of these messages."""
    held = list(messages)
    whole = figure(held)
    copies = figure(message for message in held if message.relation is Relation.COPY)
    return Tally(whole, Figure(count_people(held), whole.message_ids), copies)


def sender_numbers(messages: Iterable[MessageFact]) -> dict[int, int]:
    """A number for each known sender, by first appearance: 1, 2, 3 …

    A document shows these in place of the keys, so that people can be counted again from it
    while nobody can be followed from one document to the next.
    """
    numbers: dict[int, int] = {}
    for message in messages:
        if message.sender_key is not None:
            numbers.setdefault(message.sender_key, len(numbers) + 1)
    return numbers
