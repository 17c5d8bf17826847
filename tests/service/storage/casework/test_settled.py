"""Settled matters by topic and what departments sent back, beside a recount of the histories."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.duty_suggestion import SettledTopic
from service.domain.path import Move, ReturnReason
from service.domain.status import MatterStatus
from service.storage.casework.settled import count_settled, read_settled_returns
from service.storage.database import Connection
from service.storage.matters.history import NewEvent, insert_events, read_events
from service.storage.matters.matters import change_matter, insert_matters
from service.storage.tables import event, matter
from tests.makers import NOW
from tests.service.storage.new_rows import a_matter

DEPARTMENTS = ("水利局", "住建局")
TOPICS = ("0102", "1402", "")
# A department: sent there; a reason: sent back for it; upheld: the return was wrong.
_STEPS = st.lists(st.sampled_from([*DEPARTMENTS, *ReturnReason, Move.UPHOLD]), max_size=8)
_STATUSES = st.sampled_from([MatterStatus.ANSWERED, MatterStatus.CLOSED, MatterStatus.HANDLING])
_MATTERS = st.lists(
    st.tuples(st.sampled_from(TOPICS), _STEPS, _STATUSES, st.booleans()), max_size=6
)

Step = str | ReturnReason | Move


def write(connection: Connection, matter_id: int, steps: list[Step]) -> tuple[str, int]:
    """A matter's history of the steps that can be taken; where it is then, and its returns."""
    lead, count, is_out = "", 0, False
    for step in steps:
        if is_out != isinstance(step, ReturnReason) or (step is Move.UPHOLD and not lead):
            continue
        details: dict[str, object] = {}
        if isinstance(step, ReturnReason):
            move, count = Move.RETURN, count + 1
            details = {"reason": step.value, "department": lead}
        elif isinstance(step, Move):
            move = step
        else:
            move, lead = Move.DISPATCH, step
        is_out = not is_out
        insert_events(connection, [NewEvent(matter_id, NOW, "甲", move.value, details)])
    change_matter(connection, matter_id, department=lead, return_count=count)
    return lead, count


def recount(connection: Connection, matter_id: int, lead: str) -> set[str]:
    """The departments whose return was followed by a dispatch, from the whole history."""
    told = [
        (each.kind, each.details)
        for each in read_events(connection, matter_id, 100)
        if each.kind in ("returned", "return_refused", "dispatched")
    ]
    return {
        details["department"]
        for (kind, details), (after, _) in pairwise(told)
        if (kind, after) == ("returned", "dispatched") and details["reason"] == "not_ours"
    } - {lead}


@given(_MATTERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_the_counts_are_those_of_the_histories(
    connection: Connection, matters: list[tuple[str, list[Step], MatterStatus, bool]]
) -> None:
    connection.execute(event.delete())
    connection.execute(matter.delete())
    ended: dict[str, Counter[str]] = {}
    back: dict[int, set[str]] = {}
    returned: Counter[str] = Counter()
    returned_topics = set()
    for number, (topic, steps, status, is_merged) in enumerate(matters, start=1):
        insert_matters(connection, [a_matter(number, topic=topic)])
        lead, count = write(connection, number, steps)
        columns = {"status": status.value, "merged_into": 99 if is_merged else None}
        change_matter(connection, number, **columns)
        if not topic or is_merged:
            continue
        if count:
            returned_topics.add(topic)
        if status is not MatterStatus.HANDLING:
            ended.setdefault(topic, Counter())[lead] += 1
            returned[topic] += count > 0
            back[number] = recount(connection, number, lead)
    assert count_settled(connection) == {
        topic: SettledTopic(counts, returned[topic])
        for topic, counts in ended.items()
        if topic in returned_topics
    }
    found = read_settled_returns(connection, TOPICS[:2]).values()
    assert {one.matter_id: set(one.returned_by) for each in found for one in each} == {
        number: names for number, names in back.items() if names
    }


def test_a_redacted_return_tells_nothing(connection: Connection) -> None:
    insert_matters(connection, [a_matter(1)])
    for kind, details in (("returned", {"erased": 1, "changes": []}), ("dispatched", {})):
        insert_events(connection, [NewEvent(1, NOW, "甲", kind, details)])
    change_matter(connection, 1, status="closed", return_count=1)
    assert count_settled(connection) == {"0102": SettledTopic({"住建局": 1}, 1)}
    assert read_settled_returns(connection, ["0102"]) == {}
