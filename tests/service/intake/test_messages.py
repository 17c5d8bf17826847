from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.channel import Channel
from service.domain.deadline import SHANGHAI
from service.domain.message import SenderDetails
from service.errors import InvalidInputError
from service.intake.columns import Field
from service.intake.messages import build_message
from tests.service.intake.hostile_files import options

GOOD = {Field.TEXT: "路灯坏了", Field.SENT_AT: "2026/3/5 8:30"}


def build(values=None, **changes):
    return build_message({**GOOD, **(values or {})}, "测试", options(**changes))


def code_of(values=None, **changes):
    with pytest.raises(InvalidInputError) as refusal:
        build(values, **changes)
    return refusal.value.code


def test_text_and_time_are_enough():
    message = build()
    assert message.text == "路灯坏了"
    assert message.sent_at == datetime(2026, 3, 5, 8, 30, tzinfo=SHANGHAI)
    assert (message.title, message.external_id, message.like_count) == ("", "", 0)
    assert message.sender.is_anonymous
    assert message.channel is Channel.IMPORT


def test_the_text_stays_as_it_was_written():
    text = "\n\t　路灯\x07坏了\u200f\u202e\r\n 🏮 <script>'; DROP TABLE--"
    assert build({Field.TEXT: text}).text == text


@pytest.mark.parametrize("text", ["", None, " \r\n\t　", "\u200b\u200f\ufeff", "\x07\x1b"])
def test_a_text_that_shows_nothing_is_empty(text):
    assert code_of({Field.TEXT: text, Field.TITLE: "有主题"}) == "empty_text"


@pytest.mark.parametrize("text", ["？", "🏮", "1", "=1+1"])
def test_a_text_that_shows_anything_is_taken(text):
    assert build({Field.TEXT: text}).text == text


def test_a_text_may_be_as_long_as_the_limit():
    assert len(build({Field.TEXT: "灯" * 100_000}).text) == 100_000
    assert code_of({Field.TEXT: "灯" * 100_001}) == "text_too_long"
    assert code_of({Field.TEXT: "灯" * 11}, max_text_chars=10) == "text_too_long"


@pytest.mark.parametrize("when", [None, "", "  "])
def test_a_missing_time_is_told_from_an_unreadable_one(when):
    assert code_of({Field.SENT_AT: when}) == "missing_date"
    assert code_of({Field.SENT_AT: "前天"}) == "unreadable_date"


@pytest.mark.parametrize("part", [Field.TEXT, Field.TITLE, Field.SENDER, Field.EXTERNAL_ID])
@pytest.mark.parametrize("sign", ["\x00", "\udcb5", "\ud800"])
def test_characters_no_database_takes_are_refused_in_any_part(part, sign):
    assert code_of({part: f"灯{sign}"}) == "unusable_characters"


def test_user_ids_are_names_and_anonymity_has_many_spellings():
    assert build({Field.SENDER: " A00012345 "}).sender == SenderDetails("A00012345")
    for nobody in ("匿名", "匿名用户", "-", "无", ""):
        assert build({Field.SENDER: nobody}).sender.is_anonymous


def test_numbers_from_a_spreadsheet_lose_their_point_zero():
    message = build(
        {
            Field.EXTERNAL_ID: 101.0,
            Field.PHONE: 19900001234.0,
            Field.LIKE_COUNT: 3.0,
            Field.TEXT: 12345,
        }
    )
    assert (message.external_id, message.like_count, message.text) == ("101", 3, "12345")
    assert message.sender.phone == "19900001234"


@pytest.mark.parametrize(("written", "count"), [("", 0), (None, 0), ("１２", 12), ("1,024", 1024)])
def test_counts_are_read_in_their_usual_forms(written, count):
    assert build({Field.LIKE_COUNT: written}).like_count == count


@pytest.mark.parametrize("written", ["-1", "1.5", "很多", "9999999999", float("nan"), "1e3"])
def test_counts_that_are_none_are_refused(written):
    assert code_of({Field.DISLIKE_COUNT: written}) == "unreadable_count"


def test_channels_are_known_by_either_name():
    assert build({Field.CHANNEL: "电话"}).channel is Channel.PHONE
    assert build({Field.CHANNEL: "wechat"}).channel is Channel.WECHAT
    assert build(channel=Channel.LETTER).channel is Channel.LETTER
    assert code_of({Field.CHANNEL: "飞鸽"}) == "unknown_channel"


@pytest.mark.parametrize(
    ("part", "limit"), [(Field.TITLE, 1_000), (Field.SENDER, 100), (Field.EXTERNAL_ID, 200)]
)
def test_other_parts_have_limits_too(part, limit):
    build({part: "灯" * limit})
    assert code_of({part: "灯" * (limit + 1)}) == "field_too_long"


@pytest.mark.parametrize("value", [True, [1], {"a": 1}])
def test_json_values_that_are_no_text_are_refused(value):
    assert code_of({Field.TEXT: value}) == "invalid_input"


@given(st.dictionaries(st.sampled_from(Field), st.none() | st.text(max_size=30) | st.floats()))
def test_any_values_make_a_message_or_a_named_refusal(values):
    try:
        message = build_message(values, "测试", options())
    except InvalidInputError as refusal:
        assert refusal.code
    else:
        message.text.encode("utf-8")
