"""An answer is drafted, checked and signed, and reaches everybody who wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.document import DocumentKind
from service.domain.message import SenderDetails
from service.domain.order import Order
from service.domain.organisation import Organisation
from service.domain.path import Move
from service.domain.reply import ReplyState, Satisfaction
from service.domain.status import MatterStatus
from service.errors import ClaimedError, IllegalMoveError, InvalidInputError, NotFoundError
from service.storage import tables
from service.usecases.casework.answering import (
    MAX_REPLY_CHARS,
    check_reply,
    check_text,
    draft_reply,
    list_replies,
    send_reply,
)
from service.usecases.casework.casework import move_matter
from service.usecases.casework.receipts import look_up
from service.usecases.casework.reply_templates import (
    drop_template,
    keep_template,
    list_templates,
    read_template,
)
from service.usecases.context import Context
from service.usecases.intake.receive import receive_messages
from service.usecases.matters.claims import claim_matter
from service.usecases.matters.matter_file import show_matter
from service.usecases.matters.merging import merge_matters
from service.usecases.matters.search import SearchFilter, search
from tests.makers import a_message, shown
from tests.service.usecases.books import check_books, rows

ANSWER = "{来信人}：您反映的三合村东巷路灯已于3月8日修好。{承办单位}，{今天}"


@pytest.fixture
def matter_id(context: Context) -> int:
    return receive_messages(context, [a_message()])[0].matter_id


@pytest.fixture
def strict(context: Context) -> Context:
    """The same, where every studio demands two persons."""
    organisation = context.triage.organisation
    studios = tuple(replace(each, two_signatures=True) for each in organisation.studios)
    wanted = replace(organisation, studios=studios)
    return replace(context, triage=replace(context.triage, organisation=wanted))


def test_an_answer_goes_from_draft_to_signature(context: Context, matter_id: int) -> None:
    reply_id = draft_reply(context, matter_id, ANSWER, "起草人")
    check_reply(context, reply_id, "核稿人")
    send_reply(context, reply_id, "签发人")
    (sent,) = list_replies(context, matter_id)
    assert (sent.state, sent.drafted_by, sent.checked_by, sent.sent_by) == (
        ReplyState.SENT, "起草人", "核稿人", "签发人",
    )  # fmt: skip
    file = show_matter(context, matter_id)
    assert file.matter.status is MatterStatus.ANSWERED
    assert [e.kind_zh for e in file.events[-3:]] == ["起草答复", "核稿", "答复"]
    check_books(context)


def test_nobody_else_drafts_while_a_matter_is_held(context: Context, matter_id: int) -> None:
    claim_matter(context, matter_id, "甲")
    with pytest.raises(ClaimedError, match="甲"):
        draft_reply(context, matter_id, ANSWER, "乙")
    assert rows(context, tables.reply) == []
    draft_reply(context, matter_id, ANSWER, "甲")


def test_the_whole_lists_what_its_parts_were_answered(context: Context, matter_id: int) -> None:
    other = a_message("中学食堂的饭菜两次吃出虫子，请查。", title="食堂", external_id="2")
    whole = receive_messages(context, [other])[0].matter_id
    move_matter(context, whole, Order(Move.DISPATCH), "乙")
    send_reply(context, draft_reply(context, matter_id, "路灯修好了。", "甲"), "甲")
    unsent = draft_reply(context, whole, "食堂已查。", "乙")
    merge_matters(context, matter_id, whole, "丙")
    sent, draft = list_replies(context, whole)
    assert (sent.is_of_part, sent.state, sent.text) == (True, ReplyState.SENT, "路灯修好了。")
    assert (draft.is_of_part, draft.id) == (False, unsent)


def test_each_version_of_a_draft_is_kept(context: Context, matter_id: int) -> None:
    first = draft_reply(context, matter_id, "一稿：路灯在修。", "甲")
    second = draft_reply(context, matter_id, "二稿：路灯修好了。", "乙")
    assert [one.id for one in list_replies(context, matter_id)] == [second]
    assert [row["text"] for row in rows(context, tables.reply)] == [
        "一稿：路灯在修。", "二稿：路灯修好了。",
    ]  # fmt: skip
    for act in (check_reply, send_reply):
        with pytest.raises(IllegalMoveError, match="已作废"):
            act(context, first, "甲")


def test_an_answer_is_sent_once(context: Context, matter_id: int) -> None:
    reply_id = draft_reply(context, matter_id, ANSWER, "甲")
    send_reply(context, reply_id, "甲")
    for act in (check_reply, send_reply):
        with pytest.raises(IllegalMoveError, match="已签发"):
            act(context, reply_id, "乙")
    with pytest.raises(IllegalMoveError, match="已答复的事项不能答复"):
        draft_reply(context, matter_id, "再答一次", "甲")


def test_where_two_are_demanded_nobody_signs_alone(strict: Context, matter_id: int) -> None:
    reply_id = draft_reply(strict, matter_id, ANSWER, "甲")
    with pytest.raises(IllegalMoveError, match="须先核稿"):
        send_reply(strict, reply_id, "乙")
    check_reply(strict, reply_id, "甲")
    with pytest.raises(IllegalMoveError, match="起草人不能签发"):
        send_reply(strict, reply_id, "甲")
    send_reply(strict, reply_id, "乙")
    assert show_matter(strict, matter_id).matter.status is MatterStatus.ANSWERED


def test_a_matter_without_a_studio_demands_one(context: Context, matter_id: int) -> None:
    nobody = replace(context, triage=replace(context.triage, organisation=Organisation()))
    send_reply(nobody, draft_reply(nobody, matter_id, ANSWER, "甲"), "甲")


@pytest.mark.parametrize("text", ["", " \n", "长" * (MAX_REPLY_CHARS + 1)])
def test_an_empty_or_endless_answer_is_not_kept(
    context: Context, matter_id: int, text: str
) -> None:
    with pytest.raises(InvalidInputError, match="答复正文"):
        draft_reply(context, matter_id, text, "甲")
    assert rows(context, tables.reply) == []


def test_what_is_under_review_is_not_answered(context: Context) -> None:
    (received,) = receive_messages(context, [a_message("……", title="")])
    with pytest.raises(IllegalMoveError, match="待复核的事项不能答复"):
        draft_reply(context, received.matter_id, ANSWER, "甲")


@pytest.mark.parametrize("missing", [0, -1, 999_999, 2**63])
def test_what_is_not_there_is_not_found(context: Context, missing: int) -> None:
    for act in (
        lambda: draft_reply(context, missing, ANSWER, "甲"),
        lambda: check_reply(context, missing, "甲"),
        lambda: send_reply(context, missing, "甲"),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_the_check_tells_what_is_answered_and_who_could_be_named(
    context: Context, matter_id: int
) -> None:
    found = check_text(context, matter_id, "路灯已于3月8日修好。联系人电话13800138000。")
    assert found.has_personal_data
    assert any(one.sentence.startswith("路灯") for one in found.asks)
    assert not any(one.sentence for one in check_text(context, matter_id, "来信收悉。").asks)


def test_what_was_found_is_kept_with_the_answer(context: Context, matter_id: int) -> None:
    send_reply(context, draft_reply(context, matter_id, "来信收悉，谢谢。", "甲"), "甲")
    (row,) = rows(context, tables.reply)
    assert row["check"]
    assert all(len(one) == 2 for one in row["check"])


def test_personal_data_of_an_answer_is_masked_where_it_leaves_the_case_file(
    context: Context, matter_id: int
) -> None:
    draft_reply(context, matter_id, "请打13800138000。", "甲")
    (one,) = list_replies(context, matter_id)
    assert "13800138000" in one.text
    assert "13800138000" not in one.masked_text


def test_what_was_answered_is_found_by_its_words(context: Context, matter_id: int) -> None:
    reply_id = draft_reply(context, matter_id, "已安排抢修队更换变压器。", "甲")
    assert search(context, "变压器", SearchFilter()).hits == ()
    send_reply(context, reply_id, "甲")
    (hit,) = search(context, "变压器", SearchFilter()).hits
    assert (hit.kind, hit.matter.id) == (DocumentKind.REPLY, matter_id)


def test_ratings_are_counted_beside_the_answer(context: Context, matter_id: int) -> None:
    send_reply(context, draft_reply(context, matter_id, ANSWER, "甲"), "甲")
    (one,) = list_replies(context, matter_id)
    assert dict(one.ratings) == dict.fromkeys(Satisfaction, 0)


def test_a_template_is_kept_replaced_and_dropped(context: Context, matter_id: int) -> None:
    keep_template(context, " 已修 ", " {来信人}：已修好。 ", "admin")
    keep_template(context, "已修", "{来信人}：修好了。", "admin")
    assert list_templates(context) == ["已修"]
    assert read_template(context, "已修") == "{来信人}：修好了。"
    assert read_template(context, "没有") == read_template(context, "") == ""
    drop_template(context, "已修")
    with pytest.raises(NotFoundError):
        drop_template(context, "已修")
    for name, text in (("", "好"), ("长" * 101, "好"), ("好", " "), ("好", "长" * 10_001)):
        with pytest.raises(InvalidInputError):
            keep_template(context, name, text, "admin")


def test_the_answer_reaches_all_who_wrote_under_their_own_receipts(context: Context) -> None:
    received = [
        receive_messages(context, [a_message(sender=SenderDetails(name), external_id=name)])[0]
        for name in ("张三丰", "李四光")
    ]
    assert len({one.matter_id for one in received}) == 1
    send_reply(context, draft_reply(context, received[0].matter_id, ANSWER, "甲"), "甲")
    texts = [
        look_up(context, shown(one.receipt, one.pin)).matters[0].answers[0].text for one in received
    ]
    assert [text[:4] for text in texts] == ["张三丰：", "李四光："]
    assert "李四光" not in texts[0]
    assert "住建局" in texts[0]
