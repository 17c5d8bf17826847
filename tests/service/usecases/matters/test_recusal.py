"""Whom a later message makes a party to a matter steps aside from it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from classifier.spans import Span
from service.composition import build_triage
from service.domain.access import Account, Role
from service.domain.erasure import ErasureGround
from service.domain.kind import Kind
from service.domain.message import IncomingMessage, SenderDetails
from service.domain.order import Order
from service.domain.organisation import Organisation
from service.domain.path import Move
from service.domain.relation import Relation
from service.domain.standing_rule import StandingRule
from service.errors import NotFoundError
from service.settings import Settings
from service.storage.matters.matters import change_matter
from service.triage.pipeline import Triage
from service.usecases.administration.rules import save_rules
from service.usecases.archive.complete import complete_waiting
from service.usecases.casework.casework import move_matter
from service.usecases.casework.erasing import erase_message
from service.usecases.casework.matters import Correction, correct_matter
from service.usecases.casework.reassigning import reassign_to_studio
from service.usecases.casework.rerouting import accept_route, decline_route
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters, split_matter
from service.usecases.matters.parting import confirm_parts
from service.usecases.matters.taking_out import take_out
from service.usecases.matters.undo_parting import undo_parts
from service.usecases.upkeep.audit import verify_histories
from tests.makers import a_member, a_message, a_small_organisation, close_matter
from tests.service.usecases.books import check_books

DESK = Account("王科", Role.ADMINISTRATOR)
TEXT = "庄里镇三合村的路灯坏了半个月，晚上看不见路，老人摔了一跤。"
TO_SCHOOLS = Correction("1402", "教育局", Kind.QUESTION.value, False, "T1")
NEIGHBOUR = SenderDetails("赵某", "19900002222")


def organisation() -> Organisation:
    """The small one; three members are in the studio of the town."""
    small = a_small_organisation()
    town = [
        replace(a_member("T1", name, *own), code=f"T1-{name}")
        for name, own in (("周明义", ("城乡建设",)), ("钱学海", ("城乡建设",)), ("孙小梅", ()))
    ]
    return replace(small, members=(*town, a_member("T2", "乙委员", "教育文体")))


@pytest.fixture(scope="module")
def larger(tiny_triage: Triage) -> Triage:
    made = build_triage(Settings(), organisation())
    return replace(made, model=tiny_triage.model, pair_model=tiny_triage.pair_model)


@pytest.fixture
def town(context: Context, larger: Triage) -> Context:
    return replace(context, triage=larger)


def by_neighbour(more: str, **changes: Any) -> IncomingMessage:
    return replace(a_message(TEXT + more, sender=NEIGHBOUR), **changes)


def receive(context: Context, message: IncomingMessage) -> tuple[int, Relation | None]:
    (received,) = receive_messages(context, [message])
    return received.matter_id, received.relation


def members(context: Context, matter_id: int) -> tuple[str, ...]:
    return show_matter(context, matter_id).assignment.members


def kinds(context: Context, matter_id: int) -> list[str]:
    return [event.kind for event in show_matter(context, matter_id).events]


@pytest.fixture
def matter_id(town: Context) -> int:
    found, _ = receive(town, a_message(TEXT))
    assert set(members(town, found)) == {"T1-周明义", "T1-钱学海", "T1-孙小梅"}
    return found


def test_a_member_named_by_a_message_that_joins_steps_aside(town: Context, matter_id: int) -> None:
    joined, relation = receive(town, by_neighbour("听说是周明义包的工程。"))
    assert (joined, relation) != (matter_id, Relation.FIRST)
    assert joined == matter_id
    assert members(town, matter_id) == ("T1-钱学海", "T1-孙小梅")
    file = show_matter(town, matter_id)
    assert file.assignment.because[-1] == "回避：周明义委员是来信人或被来信提到"
    (event,) = [one for one in file.events if one.kind == "recused"]
    assert "周明义" in event.detail
    check_books(town)
    assert not verify_histories(town).faults


def test_so_does_one_who_writes(town: Context, matter_id: int) -> None:
    joined, _ = receive(town, by_neighbour("", sender=SenderDetails("钱学海", "19900003333")))
    assert joined == matter_id
    assert "T1-钱学海" not in members(town, matter_id)


def test_who_turns_to_a_members_studio_does_not_speak_of_the_member(
    town: Context, tiny_triage: Triage
) -> None:
    own, other = organisation().studios
    named = replace(organisation(), studios=(replace(own, name="孙小梅委员工作室"), other))
    made = build_triage(Settings(), named)
    models = {"model": tiny_triage.model, "pair_model": tiny_triage.pair_model}
    here = replace(town, triage=replace(made, **models))
    text = "庄里镇三合村的路面塌陷半个月，晚上看不见路，老人摔了一跤。"  # no complaint
    first, _ = receive(here, a_message(text))
    asking = a_message(text + "请孙小梅委员工作室帮助解决。", sender=NEIGHBOUR)
    assert receive(here, asking)[0] == first
    assert "T1-孙小梅" in members(here, first)
    assert "recused" not in kinds(here, first)


def test_within_one_batch_too(town: Context) -> None:
    both = receive_messages(town, [a_message(TEXT), by_neighbour("听说是周明义包的工程。")])
    assert both[0].matter_id == both[1].matter_id
    assert members(town, both[0].matter_id) == ("T1-钱学海", "T1-孙小梅")


def test_when_none_is_left_another_of_the_studio_is_looked_for(town: Context) -> None:
    """None who stepped aside before, whichever message was the reason, comes back."""
    matter_id, _ = receive(town, a_message(TEXT))
    for name in ("周明义", "钱学海", "孙小梅"):
        joined, _ = receive(
            town, by_neighbour(f"听说是{name}包的工程。", sender=SenderDetails(f"{name[0]}某邻居"))
        )
        assert joined == matter_id
    assert members(town, matter_id) == ()
    because = show_matter(town, matter_id).assignment.because
    assert any("没有" in line for line in because[-4:])
    assert len(set(because)) == len(because)
    reassign_to_studio(town, matter_id, "T2", DESK)
    reassign_to_studio(town, matter_id, "T1", DESK)
    assert members(town, matter_id) == ()


def test_who_has_it_in_hand_is_not_taken_from_it_silently(town: Context, matter_id: int) -> None:
    move_matter(town, matter_id, Order(Move.SIGN), "王科")
    before = members(town, matter_id)
    receive(town, by_neighbour("听说是周明义包的工程。"))
    file = show_matter(town, matter_id)
    assert file.assignment.members == before
    assert file.proposal is not None
    assert file.proposal.changes == ("承办委员：周明义、钱学海、孙小梅 → 钱学海、孙小梅",)
    assert [one.kind for one in file.events[-2:]] == ["recused", "reroute_proposed"]
    accept_route(town, matter_id, DESK)
    assert members(town, matter_id) == ("T1-钱学海", "T1-孙小梅")


def test_the_desk_may_let_it_be(town: Context, matter_id: int) -> None:
    move_matter(town, matter_id, Order(Move.SIGN), "王科")
    receive(town, by_neighbour("听说是周明义包的工程。"))
    decline_route(town, matter_id, DESK, "同名不同人")
    assert "T1-周明义" in members(town, matter_id)
    assert show_matter(town, matter_id).proposal is None


def test_a_route_that_waits_keeps_waiting_without_who_steps_aside(
    town: Context, matter_id: int
) -> None:
    move_matter(town, matter_id, Order(Move.SIGN), "王科")
    matter = show_matter(town, matter_id).matter
    to_schools = Correction(matter.topic, "教育局", matter.kind, False, "T1")
    assert correct_matter(town, matter_id, to_schools, "王科")
    receive(town, by_neighbour("听说是周明义包的工程。"))
    proposal = show_matter(town, matter_id).proposal
    assert proposal is not None
    assert proposal.assignment.department == "教育局"
    assert "T1-周明义" not in proposal.assignment.members
    assert proposal.changes[-1] == "承办委员：周明义、钱学海、孙小梅 → 钱学海、孙小梅"
    accept_route(town, matter_id, DESK)
    assert members(town, matter_id) == ("T1-钱学海", "T1-孙小梅")


def test_what_has_ended_stays_as_it_was_handled(town: Context, matter_id: int) -> None:
    move_matter(town, matter_id, Order(Move.SIGN), "王科")
    close_matter(town, matter_id, "王科", "已修好")
    before = members(town, matter_id)
    same_again = a_message(TEXT, sender=SenderDetails("周明义", "19900004444"))
    joined, relation = receive(town, same_again)
    assert (joined, relation) == (matter_id, Relation.COPY)
    assert members(town, matter_id) == before


def test_messages_that_waited_for_a_model_are_looked_at_as_well(
    town: Context, larger: Triage
) -> None:
    """The second joins the first when a model is there at last."""
    blind = replace(town, triage=replace(larger, model=None, pair_model=None))
    first, _ = receive(blind, a_message(TEXT))
    second, _ = receive(blind, by_neighbour("听说是周明义包的工程。"))
    assert first != second
    complete_waiting(town)
    assert show_matter(town, second).matter.id == first
    assert "T1-周明义" not in members(town, first)


def told(context: Context, matter_id: int) -> str:
    """All that the case file tells of the matter besides its letters."""
    file = show_matter(context, matter_id)
    return repr((file.assignment, file.proposal, file.events))


def erase(context: Context, message_id: int) -> None:
    erase_message(context, message_id, "管理员甲", ErasureGround.WITHDRAWN, "依申请删除")


def test_with_an_erased_letter_goes_whom_it_named(town: Context, matter_id: int) -> None:
    (named,) = receive_messages(town, [by_neighbour("听说是周明义包的工程。")])
    assert "回避：周明义" in told(town, matter_id)
    erase(town, named.message_id)
    assert "回避：周明义" not in told(town, matter_id)
    assert members(town, matter_id) == ("T1-钱学海", "T1-孙小梅")
    reassign_to_studio(town, matter_id, "T2", DESK)
    reassign_to_studio(town, matter_id, "T1", DESK)
    assert not verify_histories(town).faults
    check_books(town)


def test_erasing_one_of_many_leaves_what_others_say(town: Context, matter_id: int) -> None:
    """They came in together: their entries stand behind the arrival of the last."""
    letters = [
        by_neighbour(f"听说是{name}包的工程。", sender=SenderDetails(f"{name[0]}某邻居"))
        for name in ("周明义", "钱学海")
    ]
    first, second = receive_messages(town, letters)
    assert first.matter_id == second.matter_id == matter_id
    erase(town, first.message_id)
    assert "回避：周明义" not in told(town, matter_id)
    assert "回避：钱学海" in told(town, matter_id)
    reassign_to_studio(town, matter_id, "T2", DESK)
    reassign_to_studio(town, matter_id, "T1", DESK)
    assert "T1-钱学海" not in members(town, matter_id)
    assert not verify_histories(town).faults


def test_a_decision_on_it_goes_with_the_letter_as_well(town: Context, matter_id: int) -> None:
    move_matter(town, matter_id, Order(Move.SIGN), "王科")
    (named,) = receive_messages(town, [by_neighbour("听说是周明义包的工程。")])
    receive(town, by_neighbour("路边的树也倒了。", sender=SenderDetails("冯某")))
    accept_route(town, matter_id, DESK)
    erase(town, named.message_id)
    assert "回避：周明义" not in told(town, matter_id)
    assert not verify_histories(town).faults


def test_erasing_what_opened_the_matter_keeps_who_stepped_aside(
    town: Context, matter_id: int
) -> None:
    opened = show_matter(town, matter_id).opened.message.id
    receive(town, by_neighbour("听说是周明义包的工程。"))
    erase(town, opened)
    reassign_to_studio(town, matter_id, "T2", DESK)
    reassign_to_studio(town, matter_id, "T1", DESK)
    assert "T1-周明义" not in members(town, matter_id)


def test_the_desk_is_told_in_chinese_who_proposed_it(town: Context, matter_id: int) -> None:
    move_matter(town, matter_id, Order(Move.SIGN), "王科")
    receive(town, by_neighbour("听说是周明义包的工程。"))
    accept_route(town, matter_id, DESK)
    assert "system" not in show_matter(town, matter_id).events[-1].detail


def test_who_left_the_directory_does_not_keep_others_away(town: Context, matter_id: int) -> None:
    """Only those are left who are there still; where none is, others are looked for."""
    with town.database.transaction() as connection:
        change_matter(connection, matter_id, members=["T1-周明义", "T1-已离任"])
    receive(town, by_neighbour("听说是周明义包的工程。"))
    assert set(members(town, matter_id)) == {"T1-钱学海", "T1-孙小梅"}


@pytest.mark.parametrize("name", ["周明义", "乙委员"])
def test_a_corrected_matter_does_not_come_back_to_who_is_a_party(
    town: Context, larger: Triage, matter_id: int, name: str
) -> None:
    """The router, too, goes by all letters: also by one that names who did not have it then."""
    receive(town, by_neighbour(f"听说是{name}包的工程。"))
    both = tuple(
        replace(one, studios=("T1", "T2")) if one.code == "T1-周明义" else one
        for one in organisation().members
    )
    made = build_triage(Settings(), replace(organisation(), members=both))
    models = {"model": larger.model, "pair_model": larger.pair_model}
    here = replace(town, triage=replace(made, **models))
    save_rules(here, (StandingRule("学校", topics=("教育文体",), studio="T2"),), "王科")
    assert correct_matter(here, matter_id, TO_SCHOOLS, "王科") is False
    assert show_matter(here, matter_id).matter.studio == "T2"
    assert len(members(here, matter_id)) == 1
    assert name not in {organisation().member_by_code[one].name for one in members(here, matter_id)}


def test_correcting_a_matter_in_hand_does_not_undo_that_a_member_steps_aside(
    town: Context, matter_id: int
) -> None:
    move_matter(town, matter_id, Order(Move.SIGN), "王科")
    receive(town, by_neighbour("听说是周明义包的工程。"))
    matter = show_matter(town, matter_id).matter
    right = Correction(matter.topic, matter.department, matter.kind, False, matter.studio)
    correct_matter(town, matter_id, right, "王科")
    proposal = show_matter(town, matter_id).proposal
    assert proposal is not None
    assert proposal.assignment.members == ("T1-钱学海", "T1-孙小梅")


def test_letters_at_once_and_a_decision_between_them(town: Context, matter_id: int) -> None:
    """However they come in order, none who is named has the matter in the end."""
    move_matter(town, matter_id, Order(Move.SIGN), "王科")

    def write(name: str) -> None:
        sender = SenderDetails(f"{name[0]}某邻居")
        receive(town, by_neighbour(f"听说是{name}包的工程。", sender=sender))

    def accept() -> None:
        with suppress(NotFoundError):
            accept_route(town, matter_id, DESK)

    with ThreadPoolExecutor(4) as crew:
        tasks = [crew.submit(write, name) for name in ("周明义", "钱学海")]
        tasks += [crew.submit(accept), crew.submit(accept)]
        for task in tasks:
            task.result()
    accept()
    assert members(town, matter_id) == ("T1-孙小梅",)
    assert not verify_histories(town).faults
    check_books(town)


def test_what_a_part_told_goes_with_the_letter_even_when_it_is_none_any_more(
    town: Context, matter_id: int
) -> None:
    """Who stepped aside does not come back by itself when the parts are undone: others may have
    named that one meanwhile.
    """
    school, lamp = "学校食堂的饭菜里两次吃出虫子。", f"{TEXT}听说是周明义包的工程。"
    cut = len(school)
    apart = replace(town, triage=replace(town.triage, join_at=1.0))
    (whole,) = receive_messages(apart, [a_message(school + lamp, sender=NEIGHBOUR, title="")])
    assert whole.matter_id != matter_id
    spans = [Span(0, cut), Span(cut, cut + len(lamp))]
    confirm_parts(town, whole.message_id, spans, "王科")
    assert "T1-周明义" not in members(town, matter_id)
    assert "recused" in kinds(town, matter_id)
    undo_parts(town, whole.message_id, "王科")
    assert "T1-周明义" not in members(town, matter_id)
    erase(town, whole.message_id)
    assert "回避：周明义" not in told(town, matter_id)
    assert not verify_histories(town).faults
    check_books(town)


def test_a_letter_that_was_taken_out_keeps_nobody_away(town: Context, matter_id: int) -> None:
    (named,) = receive_messages(town, [by_neighbour("听说是周明义包的工程。")])
    take_out(town, matter_id, named.message_id, "王科")
    reassign_to_studio(town, matter_id, "T2", DESK)
    reassign_to_studio(town, matter_id, "T1", DESK)
    assert "T1-周明义" in members(town, matter_id)


def test_letters_keep_members_away_from_what_their_matter_is_merged_into(
    town: Context, matter_id: int
) -> None:
    """Until it is split off again; however often it is merged."""
    receive(town, by_neighbour("听说是周明义包的工程。"))
    others = ("学校食堂的饭菜里两次吃出虫子。", "公交车等了四十分钟都不来。")
    middle, last = (receive(town, a_message(text, title=text[:4]))[0] for text in others)
    assert len({matter_id, middle, last}) == 3
    for one, into in ((matter_id, middle), (middle, last)):
        merge_matters(town, one, into, "王科")
    reassign_to_studio(town, last, "T2", DESK)
    reassign_to_studio(town, last, "T1", DESK)
    assert show_matter(town, last).matter.studio == "T1"
    assert "T1-周明义" not in members(town, last)
    split_matter(town, middle, "王科")
    reassign_to_studio(town, last, "T2", DESK)
    reassign_to_studio(town, last, "T1", DESK)
    assert "T1-周明义" in members(town, last)


def test_who_was_named_while_another_studio_had_it_does_not_get_it(
    town: Context, matter_id: int
) -> None:
    reassign_to_studio(town, matter_id, "T2", DESK)
    receive(town, by_neighbour("听说是周明义包的工程。"))
    assert "recused" not in kinds(town, matter_id)
    reassign_to_studio(town, matter_id, "T1", DESK)
    assert members(town, matter_id) == ("T1-钱学海", "T1-孙小梅")


@pytest.mark.parametrize(("kind", "is_there"), [(Kind.HELP, True), (Kind.COMPLAINT, False)])
def test_who_asks_for_a_members_studio_may_have_it_from_a_person(
    town: Context, tiny_triage: Triage, kind: Kind, is_there: bool
) -> None:
    """Who complains of it may not."""
    own, other = organisation().studios
    member = replace(organisation().members[-1], name="吴建国")
    studios = own, replace(other, name="吴建国委员工作室")
    named = replace(organisation(), studios=studios, members=(member,))
    triage = replace(build_triage(Settings(), named), model=tiny_triage.model)
    here = replace(town, triage=triage)
    text = "庄里镇三合村的路面塌陷半个月。请吴建国委员工作室看一看。"
    matter_id, _ = receive(here, a_message(text))
    with here.database.transaction() as connection:
        change_matter(connection, matter_id, studio="T1", kind=kind.value)
    reassign_to_studio(here, matter_id, "T2", DESK)
    assert bool(members(here, matter_id)) is is_there
