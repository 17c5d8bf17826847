"""Random facts for property tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from service.digest import MatterFact, MessageFact
from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.kind import Kind
from service.domain.relation import Relation
from service.domain.status import MatterStatus

_START = datetime(2019, 6, 1, tzinfo=SHANGHAI)
_MOMENTS = st.integers(0, 60 * 24).map(lambda hours: _START + timedelta(hours=hours))

_MESSAGE = st.builds(
    MessageFact,
    id=st.integers(1, 10_000),
    sent_on=st.dates(date(2019, 6, 3), date(2019, 7, 16)),
    matter_id=st.none() | st.integers(1, 6),
    topic_l1=st.sampled_from(["", "01", "04"]),
    topic=st.sampled_from(["", "0110", "0401"]),
    department=st.sampled_from(["", "住建局", "环保局"]),
    kind=st.none() | st.sampled_from(list(Kind)),
    place=st.sampled_from(["", "庄里镇", "淡村镇"]),
    committee=st.sampled_from(["", "C1"]),
    studio=st.sampled_from(["", "S1", "S2"]),
    channel=st.sampled_from(list(Channel)),
    relation=st.sampled_from(list(Relation)),
    sender_key=st.none() | st.integers(1, 8),
    like_count=st.integers(0, 50),
    dislike_count=st.integers(0, 50),
    is_urgent=st.booleans(),
    needs_review=st.booleans(),
)
MESSAGES = st.lists(_MESSAGE, max_size=40, unique_by=lambda message: message.id)


@st.composite
def _with_parts(draw: st.DrawFn) -> list[MessageFact]:
    """Messages, and parts of some of them in other matters: of the same sender and day."""
    whole = draw(MESSAGES)
    divided = draw(st.lists(st.sampled_from(whole), max_size=6)) if whole else []
    parts = [
        replace(
            one,
            id=20_000 + place,
            part_of=one.id,
            matter_id=draw(st.integers(1, 6)),
            topic=draw(st.sampled_from(["0110", "0401"])),
            studio=draw(st.sampled_from(["S1", "S2"])),
            relation=draw(st.sampled_from(list(Relation))),
        )
        for place, one in enumerate(divided)
    ]
    return [*whole, *parts]


MESSAGES_WITH_PARTS = _with_parts()
MATTERS = st.lists(
    st.builds(
        MatterFact,
        id=st.integers(1, 8),
        number=st.text(max_size=12),
        title=st.text(max_size=80),
        status=st.sampled_from(list(MatterStatus)),
        topic=st.sampled_from(["", "0110"]),
        department=st.sampled_from(["", "住建局", "环保局"]),
        place=st.text(max_size=8),
        studio=st.sampled_from(["", "S1"]),
        opened_at=_MOMENTS,
        due_at=_MOMENTS,
        closed_at=st.none() | _MOMENTS,
        people_count=st.integers(0, 100),
    ),
    max_size=8,
    unique_by=lambda matter: matter.id,
)
