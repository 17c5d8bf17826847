"""What is corrected is routed again, and nobody's work in hand is taken away silently."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from service.domain.access import Account, Role, Scope, ScopeKind
from service.domain.kind import Kind
from service.domain.order import Order
from service.domain.path import Move, ReturnReason
from service.domain.standing_rule import StandingRule
from service.domain.status import MatterStatus
from service.errors import (
    ClaimedError,
    ForbiddenError,
    IllegalMoveError,
    InvalidInputError,
    MinqingError,
    NotFoundError,
)
from service.storage import tables
from service.usecases.administration.rules import save_rules
from service.usecases.casework.answering import draft_reply, send_reply
from service.usecases.casework.casework import move_matter
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.casework.reassigning import reassign_to_studio
from service.usecases.casework.rerouting import accept_route, decline_route
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.claims import claim_matter
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters
from service.usecases.matters.queue import QueueFilter, list_queue
from tests.makers import Clock, a_message
from tests.service.usecases.books import check_books, rows

DESK = Account("王科", Role.ADMINISTRATOR)
LIAISON = Account("丙", Role.LIAISON, Scope(ScopeKind.DEPARTMENT, frozenset({"住建局"})))
# The same studio is named as the matter has: the router decides.
TO_SCHOOLS = Correction("1402", "教育局", Kind.QUESTION.value, False, "T1")


@pytest.fixture
def matter_id(context: Context) -> int:
    """A matter of streetlights, with the studio of the town and the office for housing."""
    return receive_messages(context, [a_message()])[0].matter_id


@pytest.fixture
def placeless(context: Context) -> int:
    """One that names no place: the studio for its topic takes it."""
    return receive_messages(context, [a_message("路灯坏了半个月，晚上看不见路。")])[0].matter_id


def sign(context: Context, matter_id: int) -> None:
    move_matter(context, matter_id, Order(Move.SIGN), "丙")


def another(context: Context) -> int:
    message = a_message("学校门口的红绿灯坏了三天", title="红绿灯")
    return receive_messages(context, [message])[0].matter_id


def last(context: Context, matter_id: int) -> tuple[str, str]:
    event = show_matter(context, matter_id).events[-1]
    return event.kind, event.detail


def test_a_new_topic_brings_a_new_route_with_its_reasons(context: Context, placeless: int) -> None:
    before = show_matter(context, placeless).matter.studio
    stays = replace(TO_SCHOOLS, studio=before)
    assert not correct_matter(context, placeless, stays, "王科")
    file = show_matter(context, placeless)
    assert before != file.matter.studio == "T2"
    assert file.assignment.members == ("T2-M1",)
    assert file.matter.department == "教育局"
    kind, detail = last(context, placeless)
    assert kind == "rerouted"
    assert "→ 教育界委员工作室" in detail
    assert any("教育文体" in line for line in file.assignment.because)
    check_books(context)


def test_where_the_place_decides_another_topic_changes_no_studio(
    context: Context, matter_id: int
) -> None:
    correct_matter(context, matter_id, TO_SCHOOLS, "王科")
    assert show_matter(context, matter_id).matter.studio == "T1"
    assert last(context, matter_id)[0] == "corrected"


def test_another_place_brings_another_route(context: Context, placeless: int) -> None:
    matter = show_matter(context, placeless).matter
    there = Correction(
        matter.topic, matter.department, matter.kind, False, matter.studio, place="庄里镇"
    )
    correct_matter(context, placeless, there, "王科")
    file = show_matter(context, placeless)
    assert (file.matter.place, file.matter.studio) == ("富平县庄里镇", "T1")
    # It stays when something else is corrected later.
    correct_matter(context, placeless, replace(TO_SCHOOLS, studio="T1"), "王科")
    assert show_matter(context, placeless).matter.place == "富平县庄里镇"


@pytest.mark.parametrize("place", ["月亮背面", "\ud800", "'; DROP TABLE matter", "无" * 100])
def test_a_place_that_is_none_is_refused(context: Context, placeless: int, place: str) -> None:
    matter = show_matter(context, placeless).matter
    there = Correction(matter.topic, "住建局", matter.kind, False, matter.studio, place=place)
    with pytest.raises(InvalidInputError):
        correct_matter(context, placeless, there, "王科")


def test_a_rule_for_the_new_topic_speaks(context: Context, matter_id: int) -> None:
    rule = StandingRule("学校", topics=("教育文体",), studio="T2")
    save_rules(context, (rule,), "王科")
    correct_matter(context, matter_id, TO_SCHOOLS, "王科")
    file = show_matter(context, matter_id)
    assert file.matter.studio == "T2"
    assert any("学校" in line for line in file.assignment.because)


def test_what_is_in_hand_stays_and_the_new_route_is_proposed(
    context: Context, matter_id: int
) -> None:
    sign(context, matter_id)
    before = show_matter(context, matter_id)
    assert correct_matter(context, matter_id, replace(TO_SCHOOLS, studio="T2"), "王科")
    file = show_matter(context, matter_id)
    assert (file.matter.studio, file.matter.department) == ("T1", "住建局")
    assert file.matter.topic == "1402"
    assert file.assignment == before.assignment
    assert file.proposal is not None
    assert file.proposal.by == "王科"
    assert file.proposal.assignment.studio == "T2"
    assert file.proposal.changes == (
        "承办单位：住建局 → 教育局",
        "委员工作室：庄里镇委员工作室 → 教育界委员工作室",
    )
    assert [event.kind for event in file.events[-2:]] == ["corrected", "reroute_proposed"]
    assert [one.id for one in list_queue(context, QueueFilter(waits=True)).matters] == [matter_id]
    check_books(context)


def test_accepted_it_goes_and_waits_to_be_signed(context: Context, matter_id: int) -> None:
    sign(context, matter_id)
    correct_matter(context, matter_id, replace(TO_SCHOOLS, studio="T2"), "王科")
    accept_route(context, matter_id, LIAISON)
    file = show_matter(context, matter_id)
    assert (file.matter.studio, file.matter.department) == ("T2", "教育局")
    assert file.matter.status is MatterStatus.TRANSFERRED
    assert file.proposal is None
    kind, detail = last(context, matter_id)
    assert kind == "rerouted"
    assert "住建局 → 教育局" in detail
    assert "王科 提出" in detail
    move_matter(context, matter_id, Order(Move.SIGN), "丁")
    check_books(context)


@pytest.mark.parametrize("way", ["accepted", "corrected", "to a studio"])
def test_whom_it_goes_to_has_the_days_of_a_return_anew(
    context: Context, clock: Clock, matter_id: int, way: str
) -> None:
    not_ours = Order(Move.RETURN, note="不归我们", return_reason=ReturnReason.NOT_OURS.value)
    if way == "accepted":
        sign(context, matter_id)
    clock.forward(days=14)
    with pytest.raises(IllegalMoveError, match="工作日"):
        move_matter(context, matter_id, not_ours, "丙")
    if way == "to a studio":
        reassign_to_studio(context, matter_id, "T2", DESK)
    else:
        correct_matter(context, matter_id, TO_SCHOOLS, "王科")
    if way == "accepted":
        accept_route(context, matter_id, DESK)
    # What is said of it later, without a change of hands, gives no more days.
    clock.forward(days=1)
    stays = show_matter(context, matter_id).matter
    confirmed = Correction(stays.topic, stays.department, stays.kind, False, stays.studio)
    correct_matter(context, matter_id, confirmed, "王科")
    clock.forward(days=6)
    assert move_matter(context, matter_id, not_ours, "丁") is MatterStatus.RETURNED


def test_a_department_that_only_helps_decides_nothing(context: Context, matter_id: int) -> None:
    sign(context, matter_id)
    correct_matter(context, matter_id, TO_SCHOOLS, "王科")
    helper = replace(LIAISON, scope=Scope(ScopeKind.DEPARTMENT, frozenset({"公安局"})))
    with pytest.raises(ForbiddenError, match="主办单位住建局"):
        accept_route(context, matter_id, helper)
    accept_route(context, matter_id, LIAISON)


def test_declined_it_stays_and_says_why(context: Context, matter_id: int) -> None:
    sign(context, matter_id)
    correct_matter(context, matter_id, replace(TO_SCHOOLS, studio="T2"), "王科")
    for reason in ("", "  ", "长" * 501):
        with pytest.raises(InvalidInputError):
            decline_route(context, matter_id, LIAISON, reason)
    decline_route(context, matter_id, LIAISON, "已到现场，由我们办完")
    file = show_matter(context, matter_id)
    assert (file.matter.studio, file.matter.status) == ("T1", MatterStatus.SIGNED)
    assert file.proposal is None
    assert last(context, matter_id)[1].endswith("已到现场，由我们办完")
    with pytest.raises(NotFoundError):
        accept_route(context, matter_id, LIAISON)


def test_who_holds_it_corrects_it_at_once(context: Context, matter_id: int) -> None:
    sign(context, matter_id)
    claim_matter(context, matter_id, "王科")
    assert not correct_matter(context, matter_id, replace(TO_SCHOOLS, studio="T2"), "王科")
    assert show_matter(context, matter_id).matter.studio == "T2"


def test_a_draft_is_work_in_hand(context: Context, matter_id: int) -> None:
    draft_reply(context, matter_id, "正在联系施工队。", "丙")
    assert correct_matter(context, matter_id, replace(TO_SCHOOLS, studio="T2"), "王科")
    assert show_matter(context, matter_id).matter.studio == "T1"


def test_who_claims_it_decides(context: Context, matter_id: int) -> None:
    sign(context, matter_id)
    correct_matter(context, matter_id, replace(TO_SCHOOLS, studio="T2"), "王科")
    claim_matter(context, matter_id, "丙")
    for decide in (
        lambda: accept_route(context, matter_id, DESK),
        lambda: decline_route(context, matter_id, DESK, "不改"),
    ):
        with pytest.raises(ClaimedError):
            decide()
    accept_route(context, matter_id, LIAISON)


def test_the_newest_proposal_stands(context: Context, matter_id: int) -> None:
    sign(context, matter_id)
    correct_matter(context, matter_id, replace(TO_SCHOOLS, studio="T2"), "王科")
    correct_matter(context, matter_id, replace(TO_SCHOOLS, department="公安局"), "李科")
    proposal = show_matter(context, matter_id).proposal
    assert proposal is not None
    assert (proposal.by, proposal.changes) == ("李科", ("承办单位：住建局 → 公安局",))
    # One that leads back to where it is lets none stand.
    correct_matter(context, matter_id, replace(TO_SCHOOLS, department="住建局"), "李科")
    assert show_matter(context, matter_id).proposal is None


@pytest.mark.parametrize("how", ["closed", "answered", "transferred", "merged"])
def test_it_ends_with_what_settles_the_matter(context: Context, matter_id: int, how: str) -> None:
    sign(context, matter_id)
    correct_matter(context, matter_id, replace(TO_SCHOOLS, studio="T2"), "王科")
    if how == "closed":
        move_matter(context, matter_id, Order(Move.CLOSE, note="已修"), "丙")
    elif how == "answered":
        send_reply(context, draft_reply(context, matter_id, "已修好。", "丙"), "丙")
    elif how == "transferred":
        order = Order(Move.TRANSFER, note="职责", department="城管局")
        move_matter(context, matter_id, order, "丙")
    else:
        other = another(context)
        merge_matters(context, matter_id, other, "王科")
    assert rows(context, tables.route_proposal) == []
    with pytest.raises(MinqingError):
        accept_route(context, matter_id, DESK)


def test_of_a_closed_matter_only_the_labels_change(context: Context, matter_id: int) -> None:
    move_matter(context, matter_id, Order(Move.CLOSE, note="已修"), "丙")
    correct_matter(context, matter_id, TO_SCHOOLS, "王科")
    assert show_matter(context, matter_id).matter.topic == "1402"
    assert show_matter(context, matter_id).proposal is None


def test_nobody_merges_what_another_holds(context: Context, matter_id: int) -> None:
    other = another(context)
    claim_matter(context, matter_id, "丙")
    for one, into in ((matter_id, other), (other, matter_id)):
        with pytest.raises(ClaimedError):
            merge_matters(context, one, into, "王科")
    merge_matters(context, matter_id, other, "丙")


def test_of_two_who_decide_at_once_one_does(context: Context, matter_id: int) -> None:
    sign(context, matter_id)
    correct_matter(context, matter_id, replace(TO_SCHOOLS, studio="T2"), "王科")

    def decide(accepts: bool) -> str:
        try:
            if accepts:
                accept_route(context, matter_id, LIAISON)
            else:
                decline_route(context, matter_id, DESK, "不改")
        except (NotFoundError, IllegalMoveError) as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(decide, [True, False] * 3))
    assert results.count("done") == 1
    assert show_matter(context, matter_id).proposal is None
    check_books(context)
