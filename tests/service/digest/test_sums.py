"""Whatever the messages are: parts add up to the whole, and each figure is as many as its ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from service.digest import Digest, MatterFact, MessageFact, build_digest, parse_period
from service.digest.counts import Dimension, Figure, Tally
from service.digest.overdue import MatterFigure
from service.digest.periods import Period, PeriodKind, period_of
from tests.service.digest.makers import NAMES, some_facts
from tests.service.digest.strategies import MATTERS, MESSAGES_WITH_PARTS

WEEK, MONTH, QUARTER = (parse_period(code) for code in ("2019-W27", "2019-06", "2019-Q2"))
WHOLES = (
    (WEEK, PeriodKind.DAY),
    (MONTH, PeriodKind.DAY),
    (QUARTER, PeriodKind.MONTH),
    (parse_period("2019"), PeriodKind.QUARTER),
)
DIGESTS = st.builds(
    lambda messages, matters, period: build_digest(
        period, some_facts(tuple(messages), tuple(matters)), NAMES
    ),
    MESSAGES_WITH_PARTS,
    MATTERS,
    st.sampled_from((WEEK, MONTH, QUARTER, parse_period("2019-07-01"))),
)


def figures_in(value: object, kind: type) -> Iterator[object]:
    """All values of a kind that stand anywhere in a digest."""
    if isinstance(value, kind):
        yield value
    if is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, field.name) for field in fields(value)]
        yield from chain.from_iterable(figures_in(part, kind) for part in parts)
    elif isinstance(value, tuple):
        yield from chain.from_iterable(figures_in(part, kind) for part in value)


def parts_of(whole: Period, kind: PeriodKind) -> list[Period]:
    """The periods of a kind that a period falls into."""
    days = [whole.first_day + timedelta(days=n) for n in range(whole.day_count)]
    return sorted({period_of(day, kind) for day in days}, key=lambda part: part.first_day)


def check_sums(whole: Digest, parts: Sequence[Digest]) -> None:
    """Messages and copies add up; people at most, since one may write in two parts."""
    one, others = whole.overview.tally, [part.overview.tally for part in parts]
    for name in ("messages", "copies"):
        ids = [id for each in others for id in getattr(each, name).message_ids]
        assert tuple(sorted(ids)) == getattr(one, name).message_ids
    people = [each.people.value for each in others]
    assert max(people) <= one.people.value <= sum(people)
    for name in ("opened", "closed", "in_time"):
        ids = [id for part in parts for id in getattr(part.overview, name).matter_ids]
        assert tuple(sorted(ids)) == getattr(whole.overview, name).matter_ids
    heard = {id for part in parts for id in part.overview.matters.matter_ids}
    assert heard == set(whole.overview.matters.matter_ids)


@given(MESSAGES_WITH_PARTS, MATTERS, st.sampled_from(WHOLES))
def test_the_parts_of_a_period_add_up_to_it(
    messages: Sequence[MessageFact],
    matters: Sequence[MatterFact],
    whole: tuple[Period, PeriodKind],
) -> None:
    facts = some_facts(tuple(messages), tuple(matters))
    period, kind = whole
    parts = [
        build_digest(part, facts, NAMES)
        for part in parts_of(period, kind)
        if part.first_day <= date(2019, 7, 15)  # the facts end there
    ]
    check_sums(build_digest(period, facts, NAMES), parts)


@given(DIGESTS)
def test_each_figure_is_as_many_as_its_ids(digest: Digest) -> None:
    for one in figures_in(digest, Tally):
        assert isinstance(one, Tally)
        assert one.messages.value == len(set(one.messages.message_ids))
        assert one.copies.value == len(set(one.copies.message_ids))
        assert set(one.copies.message_ids) <= set(one.messages.message_ids)
        assert one.people.value <= one.messages.value
        assert one.people.message_ids == one.messages.message_ids
    for figure in figures_in(digest, Figure):
        assert isinstance(figure, Figure)
        assert list(figure.message_ids) == sorted(set(figure.message_ids))
    for matters in figures_in(digest, MatterFigure):
        assert isinstance(matters, MatterFigure)
        assert matters.value == len(set(matters.matter_ids))


@given(DIGESTS, st.sampled_from(list(Dimension)))
def test_a_message_with_parts_stands_once_in_each_table(
    digest: Digest, dimension: Dimension
) -> None:
    rows = digest.table(dimension).rows
    ids = sorted(id for row in rows for id in row.tally.messages.message_ids)
    assert tuple(ids) == digest.overview.tally.messages.message_ids
    assert tuple(ids) == tuple(one.id for one in digest.messages)
