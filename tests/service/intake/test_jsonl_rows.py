import json

import pytest

from service.errors import FileUnreadableError
from tests.service.intake.hostile_files import ROW, read_all, write

GOOD = {"id": 101, "text": "路灯坏了", "sent_at": "2026-03-05T08:30:00+08:00", "标题": "路灯"}


def read(tmp_path, *lines, name="a.jsonl"):
    written = "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines)
    return read_all(write(tmp_path / name, written))


def code_of(tmp_path, line):
    messages, rejects = read(tmp_path, GOOD, line, GOOD)
    assert [each.line for each in messages] == [1, 3]
    assert rejects[0].cells == (line if isinstance(line, str) else json.dumps(line),)
    return rejects[0].reason_code


def test_objects_are_read_whatever_the_order_and_language_of_their_keys(tmp_path):
    other = {"留言时间": ROW[3], "留言详情": "第二条", "备注": {"a": [1]}}
    messages, rejects = read(tmp_path, GOOD, "", other)
    assert [each.line for each in messages] == [1, 3]
    assert messages[0].message.external_id == "101"
    assert messages[0].message.title == "路灯"
    assert rejects == []


def test_a_line_without_a_text_or_a_time_is_rejected_not_the_file(tmp_path):
    assert code_of(tmp_path, {"sent_at": ROW[3]}) == "empty_text"
    assert code_of(tmp_path, {"text": "路灯坏了"}) == "missing_date"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1, 2]",
        '"路灯"',
        "null",
        '{"text": NaN}',
        '{"text": Infinity}',
        '{"text": "a", "text": "b"}',
        '{"text": "a", "TEXT": "b"}',
        '{"text": "a"} {"text": "b"}',
        "{'text': 'a'}",
        '{"text": "\x07"}',
        '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"a": ' + '{"a":' * 50_000 + "1" + "}" * 50_001,
        '{"likes": ' + "9" * 5_000 + "}",
    ],
)
def test_a_line_that_is_no_plain_object_is_rejected_as_written(tmp_path, line):
    assert code_of(tmp_path, line) == "broken_json"


def test_numbers_and_other_values_for_a_text(tmp_path):
    messages, _ = read(tmp_path, {**GOOD, "text": 12345})
    assert messages[0].message.text == "12345"
    for value in (True, ["a"], {"a": 1}):
        assert code_of(tmp_path, {**GOOD, "text": value}) == "invalid_input"
    assert code_of(tmp_path, {**GOOD, "text": None}) == "empty_text"


def test_escapes_that_are_no_characters_are_rejected(tmp_path):
    assert code_of(tmp_path, r'{"text": "\ud800", "time": "2026-03-05"}') == "unusable_characters"
    assert code_of(tmp_path, r'{"text": "a\u0000", "time": "2026-03-05"}') == "unusable_characters"


def test_a_line_of_megabytes_is_cut_and_the_next_one_read(tmp_path):
    messages, rejects = read(tmp_path, {**GOOD, "text": "x" * 3_000_000}, GOOD)
    assert rejects[0].reason_code == "record_too_long"
    assert messages[0].line == 2


def test_a_json_array_is_told_how_to_become_lines(tmp_path):
    with pytest.raises(FileUnreadableError, match="每行一个对象"):
        read(tmp_path, [GOOD], name="a.json")


def test_the_content_tells_json_lines_without_the_suffix(tmp_path):
    messages, _ = read(tmp_path, GOOD, name="export.txt")
    assert len(messages) == 1
