import pytest

from service.errors import FileUnreadableError, InvalidInputError, UnknownColumnsError
from service.intake.columns import (
    Field,
    check_header,
    match_columns,
    parse_overrides,
    unused_columns,
)

REAL = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数")


def test_the_columns_of_the_real_stream_are_all_known():
    assert match_columns(REAL, {}) == {
        Field.EXTERNAL_ID: 0,
        Field.SENDER: 1,
        Field.TITLE: 2,
        Field.SENT_AT: 3,
        Field.TEXT: 4,
        Field.DISLIKE_COUNT: 5,
        Field.LIKE_COUNT: 6,
    }


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("工单编号", Field.EXTERNAL_ID),
        ("External ID", Field.EXTERNAL_ID),
        ("标题", Field.TITLE),
        ("诉求内容", Field.TEXT),
        ("ＴＥＸＴ", Field.TEXT),
        (" 内 容 ", Field.TEXT),
        ("时间", Field.SENT_AT),
        ("created-at", Field.SENT_AT),
        ("来信人", Field.SENDER),
        ("手机", Field.PHONE),
        ("点赞", Field.LIKE_COUNT),
        ("渠道", Field.CHANNEL),
    ],
)
def test_names_in_either_language_are_known_whatever_their_width_case_and_spaces(name, field):
    assert match_columns([name], {}) == {field: 0}


def test_every_field_is_known_by_its_own_two_names():
    for field in Field:
        assert match_columns([field.label_zh], {}) == {field: 0}
        assert match_columns([field.value], {}) == {field: 0}


def test_of_two_columns_that_fit_the_surer_name_is_taken():
    assert match_columns(["日期", "留言时间", "内容"], {})[Field.SENT_AT] == 1


def test_other_columns_are_left_alone():
    assert match_columns(["答复意见", "答复时间", ""], {}) == {}


def test_a_column_named_by_hand_wins_over_a_known_name():
    overrides = parse_overrides(["来文=留言详情", "内容=主题"])
    found = match_columns(["内容", "来文", "详情"], overrides)
    assert found[Field.TEXT] == 1
    assert found[Field.TITLE] == 0


@pytest.mark.parametrize("pair", ["来文", "=text", "来文=", "来文=天气", "", "="])
def test_a_map_that_names_no_column_or_no_field_is_refused_with_the_choices(pair):
    with pytest.raises(InvalidInputError) as refusal:
        parse_overrides([pair])
    assert "列=字段" in refusal.value.detail
    assert "留言详情(text)" in refusal.value.detail


def test_two_columns_for_one_field_are_refused():
    with pytest.raises(InvalidInputError, match="两列"):
        parse_overrides(["甲=text", "乙=留言详情"])


def test_a_column_name_may_hold_an_equals_sign():
    assert parse_overrides(["a=b=text"]) == {"a=b": Field.TEXT}


def test_a_header_needs_a_text_and_a_time():
    with pytest.raises(UnknownColumnsError, match="留言时间"):
        check_header(["内容", "标题"], {})
    with pytest.raises(UnknownColumnsError, match="留言详情"):
        check_header(["时间", "标题"], {})
    check_header(["时间", "内容"], {})


def test_a_mapped_column_that_is_not_there_is_named():
    with pytest.raises(UnknownColumnsError, match="来文"):
        check_header(["时间", "内容"], parse_overrides(["来文=title"]))


def test_a_column_that_stands_there_twice_is_refused_if_it_is_needed():
    with pytest.raises(UnknownColumnsError, match="2 次"):
        check_header(["时间", "内容", "内容"], {})
    check_header(["时间", "内容", "备注", "备注"], {})


def test_ten_thousand_columns_are_refused():
    with pytest.raises(FileUnreadableError, match="10002 列"):
        check_header(["内容", "时间", *(f"列{n}" for n in range(10_000))], {})


def test_a_file_without_a_header_shows_no_more_than_the_start_of_its_cells():
    with pytest.raises(UnknownColumnsError) as refusal:
        check_header(["张某某反映三合村道路破损的问题至今无人处理", "内容"], {})
    assert "至今无人处理" not in refusal.value.detail


def test_columns_that_are_taken_for_nothing_are_told():
    names = ["内容", "详情", "处理 意见\n", "", "时间", "长" * 99, "\x1b[2J红"]
    assert unused_columns(names, {}) == ("内容", "处理 意见", "长" * 16, "[2J红")
    overrides = parse_overrides(["处理 意见=title"])
    assert "处理 意见" not in unused_columns(names, overrides)
