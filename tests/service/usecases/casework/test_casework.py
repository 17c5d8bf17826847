"""A person moves a matter along its path; nothing gets lost on any path."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.deadline import deadline, extended
from service.domain.order import MAX_HELPING, MAX_NOTE_CHARS, Order
from service.domain.organisation import Committee, CommitteeLevel
from service.domain.path import PATH, Move, Refusal, ReturnReason, moves_from
from service.domain.status import ENDED_STATUSES, MatterStatus
from service.errors import IllegalMoveError, InvalidInputError, MergedError, NotFoundError
from service.storage import tables
from service.storage.database import Database
from service.triage.calendar import is_working_day
from service.usecases.casework.casework import move_matter
from service.usecases.casework.handling import show_handling
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters
from tests.makers import Clock, a_message
from tests.service.usecases.books import check_books, rows

CLERK = "王科"


@pytest.fixture
def matter_id(context: Context) -> int:
    return receive_messages(context, [a_message()])[0].matter_id


def move(context: Context, matter_id: int, wanted: Move, **told: Any) -> MatterStatus:
    return move_matter(context, matter_id, Order(wanted, **{"note": "说明", **told}), CLERK)


def row_of(context: Context, matter_id: int) -> dict[str, Any]:
    return next(row for row in rows(context, tables.matter) if row["id"] == matter_id)


def test_a_matter_is_signed_handled_and_closed(context: Context, matter_id: int) -> None:
    assert move(context, matter_id, Move.SIGN) is MatterStatus.SIGNED
    assert move(context, matter_id, Move.START) is MatterStatus.HANDLING
    assert move(context, matter_id, Move.CLOSE, note="已换灯泡") is MatterStatus.CLOSED
    file = show_matter(context, matter_id)
    assert [event.kind_zh for event in file.events[-3:]] == ["签收", "开始办理", "办结"]
    assert file.events[-1].detail == "已换灯泡"
    assert row_of(context, matter_id)["closed_at"] is not None


def test_a_transfer_changes_who_leads_and_who_helps(context: Context, matter_id: int) -> None:
    move(context, matter_id, Move.SIGN)
    told = {"department": "水利局", "helping": ("教育局", "公安局", "教育局")}
    assert move(context, matter_id, Move.TRANSFER, **told) is MatterStatus.TRANSFERRED
    row = row_of(context, matter_id)
    assert (row["department"], row["helping"]) == ("水利局", ["教育局", "公安局"])
    assert (
        "承办单位：住建局 → 水利局；会办：教育局、公安局"
        in show_matter(context, matter_id).events[-1].detail
    )
    assert move(context, matter_id, Move.SIGN) is MatterStatus.SIGNED


@pytest.mark.parametrize(
    "told",
    [
        {"department": "没有的局"},
        {"department": "住建局"},
        {"department": ""},
        {"department": "水利局", "helping": ("没有的局",)},
        {"department": "水利局", "helping": ("水利局",)},
        {"department": "水利局", "helping": ("教育局",) * (MAX_HELPING + 1)},
        {"department": "水利局", "note": " \n"},
        {"department": "水利局", "note": "长" * (MAX_NOTE_CHARS + 1)},
    ],
)
def test_a_wrong_transfer_changes_nothing(
    context: Context, matter_id: int, told: dict[str, Any]
) -> None:
    move(context, matter_id, Move.SIGN)
    before = row_of(context, matter_id)
    with pytest.raises(InvalidInputError):
        move(context, matter_id, Move.TRANSFER, **told)
    assert row_of(context, matter_id) == before


def test_a_return_is_decided_on_by_the_desk(context: Context, matter_id: int) -> None:
    reason = ReturnReason.NOT_OURS.value
    assert move(context, matter_id, Move.RETURN, return_reason=reason) is MatterStatus.RETURNED
    assert move(context, matter_id, Move.UPHOLD, note="是你们的") is MatterStatus.ASSIGNED
    assert row_of(context, matter_id)["return_count"] == 1
    details = next(e for e in rows(context, tables.event) if e["kind"] == "returned")["details"]
    assert (details["reason"], details["department"]) == (reason, "住建局")


def test_a_return_comes_within_its_days(context: Context, clock: Clock, matter_id: int) -> None:
    told = {"return_reason": ReturnReason.NOT_OURS.value}
    clock.forward(days=8)
    with pytest.raises(IllegalMoveError, match="5 个工作日"):
        move(context, matter_id, Move.RETURN, **told)
    # Sent out anew, the days begin anew.
    move(context, matter_id, Move.SIGN)
    move(context, matter_id, Move.TRANSFER, department="水利局")
    assert move(context, matter_id, Move.RETURN, **told) is MatterStatus.RETURNED


@pytest.mark.parametrize("reason", ["", "不想办", "NOT_OURS"])
def test_a_return_gives_one_of_the_reasons(context: Context, matter_id: int, reason: str) -> None:
    with pytest.raises(InvalidInputError, match="退单理由"):
        move(context, matter_id, Move.RETURN, return_reason=reason)


def test_the_third_return_goes_up_a_level(context: Context, matter_id: int) -> None:
    city = Committee("WN", "渭南市政协", CommitteeLevel.CITY, "", "6105")
    organisation = context.triage.organisation
    below = tuple(
        replace(each, parent="WN") if each.code == "FP" else each
        for each in organisation.committees
    )
    wider = replace(organisation, committees=(city, *below))
    apart = replace(context, triage=replace(context.triage, organisation=wider))
    for _ in range(3):
        move(apart, matter_id, Move.RETURN, return_reason=ReturnReason.NOT_OURS.value)
        move(apart, matter_id, Move.UPHOLD)
    row = row_of(apart, matter_id)
    assert (row["committee"], row["is_supervised"], row["return_count"]) == ("WN", True, 3)
    details = [e for e in rows(apart, tables.event) if e["kind"] == "returned"][-1]["details"]
    assert "提级督办：渭南市政协" in details["changes"]


def test_while_the_sender_is_asked_the_clock_stands_still(
    context: Context, clock: Clock, matter_id: int
) -> None:
    due_at = row_of(context, matter_id)["due_at"]
    move(context, matter_id, Move.SIGN)
    assert move(context, matter_id, Move.ASK, note="哪一盏灯？") is MatterStatus.SUPPLEMENT
    clock.forward(days=14)  # ten working days
    assert move(context, matter_id, Move.SUPPLEMENT) is MatterStatus.HANDLING
    row = row_of(context, matter_id)
    assert row["due_at"] == extended(due_at, 10, is_working_day)
    assert (row["paused_at"], row["paused_in"]) == (None, "")


def test_what_the_desk_asked_for_comes_back_to_the_desk(context: Context) -> None:
    (received,) = receive_messages(context, [a_message("……", title="")])
    assert move(context, received.matter_id, Move.ASK) is MatterStatus.SUPPLEMENT
    assert move(context, received.matter_id, Move.SUPPLEMENT) is MatterStatus.REVIEW


def test_a_clock_that_is_set_back_takes_no_days_away(
    context: Context, clock: Clock, matter_id: int
) -> None:
    due_at = row_of(context, matter_id)["due_at"]
    move(context, matter_id, Move.SIGN)
    move(context, matter_id, Move.ASK)
    clock.forward(days=-400)
    move(context, matter_id, Move.SUPPLEMENT)
    assert row_of(context, matter_id)["due_at"] == due_at


def test_an_extension_is_asked_for_and_decided_once(context: Context, matter_id: int) -> None:
    due_at = row_of(context, matter_id)["due_at"]
    for wrong in (Move.GRANT, Move.DENY):
        with pytest.raises(IllegalMoveError, match="没有等待决定"):
            move(context, matter_id, wrong)
    move(context, matter_id, Move.EXTEND, days=5)
    with pytest.raises(IllegalMoveError, match="已有一项延期申请"):
        move(context, matter_id, Move.EXTEND, days=6)
    assert move(context, matter_id, Move.GRANT) is MatterStatus.ASSIGNED
    assert row_of(context, matter_id)["due_at"] == extended(due_at, 5, is_working_day)
    move(context, matter_id, Move.EXTEND, days=5)
    move(context, matter_id, Move.DENY)
    row = row_of(context, matter_id)
    assert row["due_at"] == extended(due_at, 5, is_working_day)
    assert row["extension_days"] is None


@pytest.mark.parametrize("away", [Move.REVIEW, Move.RETURN, Move.TRANSFER])
def test_what_was_asked_for_ends_with_whoever_asked(
    context: Context, matter_id: int, away: Move
) -> None:
    if away is Move.TRANSFER:
        move(context, matter_id, Move.SIGN)
    move(context, matter_id, Move.EXTEND, days=5)
    move(
        context,
        matter_id,
        away,
        department="水利局",
        return_reason=ReturnReason.NOT_OURS.value,
    )
    assert row_of(context, matter_id)["extension_days"] is None
    assert "延期申请没有决定" in show_matter(context, matter_id).events[-1].detail


@pytest.mark.parametrize("days", [0, -1, 31, 10**9])
def test_an_extension_has_bounds(context: Context, matter_id: int, days: int) -> None:
    with pytest.raises(InvalidInputError, match="工作日数"):
        move(context, matter_id, Move.EXTEND, days=days)


def test_what_is_not_accepted_tells_where_to_go(context: Context, matter_id: int) -> None:
    told = {"refusal": Refusal.LITIGATION.value}
    assert move(context, matter_id, Move.REFUSE, **told) is MatterStatus.REFUSED
    assert "法院" in show_matter(context, matter_id).events[-1].detail
    assert row_of(context, matter_id)["closed_at"] is not None
    with pytest.raises(InvalidInputError):
        move(context, matter_id, Move.REFUSE, refusal="不想管")


def test_what_is_opened_again_has_a_new_deadline(
    context: Context, clock: Clock, matter_id: int
) -> None:
    move(context, matter_id, Move.CLOSE)
    clock.forward(days=30)
    assert move(context, matter_id, Move.REOPEN) is MatterStatus.ASSIGNED
    row = row_of(context, matter_id)
    assert row["due_at"] == deadline(clock(), 15, is_working_day)
    assert (row["closed_at"], row["reopen_count"]) == (None, 1)


@pytest.mark.parametrize("end", [Move.CLOSE, Move.REFUSE])
def test_what_the_desk_ended_comes_back_to_the_desk(
    context: Context, matter_id: int, end: Move
) -> None:
    move(context, matter_id, Move.RETURN, return_reason=ReturnReason.NOT_OURS.value)
    move(context, matter_id, Move.UPHOLD)
    move(context, matter_id, Move.REVIEW)
    told = {"refusal": Refusal.LITIGATION.value}
    move(context, matter_id, end, **told)
    assert move(context, matter_id, Move.REOPEN) is MatterStatus.REVIEW
    # Sent out by a person before it ended, it goes back to whom it had gone to.
    move(context, matter_id, Move.DISPATCH)
    move(context, matter_id, end, **told)
    assert move(context, matter_id, Move.REOPEN) is MatterStatus.ASSIGNED


def test_a_matter_is_handed_up_and_down_and_keeps_one_history(
    context: Context, matter_id: int
) -> None:
    city = Committee("WN", "渭南市政协", CommitteeLevel.CITY, "", "6105")
    organisation = context.triage.organisation
    below = tuple(
        replace(each, parent="WN") if each.code == "FP" else each
        for each in organisation.committees
    )
    wider = replace(organisation, committees=(city, *below))
    apart = replace(context, triage=replace(context.triage, organisation=wider))
    handling = show_handling(apart, matter_id)
    assert ([one.code for one in handling.above], handling.below) == (["WN"], ())
    assert Move.HAND_UP in dict(handling.moves)
    assert Move.HAND_DOWN not in dict(handling.moves)
    with pytest.raises(InvalidInputError, match="层级"):
        move(apart, matter_id, Move.HAND_DOWN, committee="WN")
    with pytest.raises(InvalidInputError, match="名录"):
        move(apart, matter_id, Move.HAND_UP, committee="XX")
    assert move(apart, matter_id, Move.HAND_UP, committee="WN") is MatterStatus.REVIEW
    assert (row_of(apart, matter_id)["committee"], row_of(apart, matter_id)["studio"]) == ("WN", "")
    # Why the studio before was chosen says nothing of it any more.
    assert show_matter(apart, matter_id).assignment.because == ("政协：富平县政协 → 渭南市政协",)
    assert move(apart, matter_id, Move.HAND_DOWN, committee="FP") is MatterStatus.REVIEW
    kinds = [event.kind_zh for event in show_matter(apart, matter_id).events]
    assert kinds[-2:] == ["报送上级政协", "交下级政协"]


def test_an_answer_is_no_move_of_its_own(context: Context, matter_id: int) -> None:
    with pytest.raises(InvalidInputError, match="连同正文"):
        move(context, matter_id, Move.ANSWER)
    assert Move.ANSWER not in dict(show_handling(context, matter_id).moves)


@pytest.mark.parametrize("missing", [0, -1, 999_999, 2**63, -(2**70)])
def test_what_is_not_there_is_not_moved(context: Context, missing: int) -> None:
    for act in (lambda: move(context, missing, Move.SIGN), lambda: show_handling(context, missing)):
        with pytest.raises(NotFoundError):
            act()


def test_what_is_part_of_another_is_not_moved(context: Context, matter_id: int) -> None:
    other = receive_messages(context, [a_message("操场的器材坏了没有人修。", title="操场")])[0]
    assert other.matter_id != matter_id
    merge_matters(context, other.matter_id, matter_id, CLERK)
    with pytest.raises(MergedError):
        move(context, other.matter_id, Move.SIGN)


def test_of_many_at_once_one_signs(context: Context, matter_id: int) -> None:
    results: list[str] = []

    def sign(mine: Context) -> None:
        try:
            results.append(move(mine, matter_id, Move.SIGN).value)
        except IllegalMoveError:
            results.append("late")
        finally:
            mine.database.close()

    threads = [
        threading.Thread(
            target=sign, args=(replace(context, database=Database(context.settings.url)),)
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["late"] * 7 + ["signed"]


FULL: dict[str, Any] = {
    "note": "说明",
    "department": "水利局",
    "return_reason": ReturnReason.OTHER.value,
    "refusal": Refusal.NO_DEMAND.value,
    "days": 3,
    "committee": "FP",
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(path=st.lists(st.sampled_from(Move), max_size=12))
def test_no_path_loses_a_message(context: Context, path: list[Move]) -> None:
    text = f"庄里镇三合村东巷的路灯坏了{len(rows(context, tables.message))}天没有人修。"
    (received,) = receive_messages(context, [a_message(text, external_id="")])
    matter_id = show_matter(context, received.matter_id).matter.id
    for wanted in path:
        before = MatterStatus(row_of(context, matter_id)["status"])
        try:
            after = move(context, matter_id, wanted, **FULL)
        except (IllegalMoveError, InvalidInputError):
            assert MatterStatus(row_of(context, matter_id)["status"]) is before
            continue
        assert before in PATH[wanted].sources
        assert after in PATH[wanted].targets or after is before
        row = row_of(context, matter_id)
        assert (row["closed_at"] is not None) == (after in ENDED_STATUSES)
        assert (row["paused_at"] is not None) == (after is MatterStatus.SUPPLEMENT)
        # What was asked for can always be decided on.
        assert row["extension_days"] is None or after in PATH[Move.GRANT].sources
        assert moves_from(after)
    check_books(context)


def test_a_working_day_is_not_counted_twice_over_a_pause(context: Context, matter_id: int) -> None:
    due_at = row_of(context, matter_id)["due_at"]
    move(context, matter_id, Move.SIGN)
    for _ in range(3):
        move(context, matter_id, Move.ASK)
        move(context, matter_id, Move.SUPPLEMENT)
    assert row_of(context, matter_id)["due_at"] == due_at
