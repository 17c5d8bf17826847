"""Numbers that lead to a person. All are invented: phones 1990000…, ID cards 990101…."""

from __future__ import annotations

import pytest

from classifier.personal.find import PersonalKind, find_personal_data
from classifier.personal.numbers import has_id_checksum, has_luhn_checksum
from classifier.text.clean import clean


def finds(text: str) -> list[tuple[str, PersonalKind]]:
    plain = clean(text).plain
    return [(plain[f.span.start : f.span.end], f.kind) for f in find_personal_data(plain)]


@pytest.mark.parametrize(
    "number",
    [
        "19900001234",
        "199 0000 1234",
        "199-0000-1234",
        "1990 0001 234",
        "199 000 01234",
        "1 9 9 0 0 0 0 1 2 3 4",
        "+8619900001234",
        "+86 199-0000-1234",
        "0086 19900001234",
        "8619900001234",
        "一九九零零零零一二三四",
        "幺九九〇〇〇〇幺二三四",
        "199零零零零1234",
        "0735-2881234",
        "(0735)2881234",
        "0735 288 1234",
        "029—88812345",
        "010-88812345-801",
        "073528812345",
    ],
)
def test_a_phone_number_is_found_however_it_is_written(number: str) -> None:
    for before, after in (("电话", ",谢谢"), ("", ""), ("打", "找我"), ("(", ")")):
        assert finds(f"{before}{number}{after}") == [(number, PersonalKind.PHONE)]


def test_full_width_digits_are_digits() -> None:
    assert finds("电话１９９００００１２３４") == [("19900001234", PersonalKind.PHONE)]


def test_two_phone_numbers_side_by_side_are_two_finds() -> None:
    assert [kind for _, kind in finds("19900001234 19900005678")] == [PersonalKind.PHONE] * 2
    assert [text for text, _ in finds("19900001234/19900005678")] == ["19900001234", "19900005678"]


def test_a_date_before_a_phone_number_stays() -> None:
    assert finds("2019-10-13 19900001234") == [("19900001234", PersonalKind.PHONE)]


def test_a_local_number_is_a_phone_only_where_the_text_says_so() -> None:
    assert finds("办公电话:2881234") == [("2881234", PersonalKind.PHONE)]
    assert finds("欠款2881234元") == []


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("990101197609215136", PersonalKind.ID_CARD),
        ("990101197609215137", PersonalKind.ID_CARD),
        ("99010119660405026X", PersonalKind.ID_CARD),
        ("99010119660405026x", PersonalKind.ID_CARD),
        ("990101 19760921 5136", PersonalKind.ID_CARD),
        ("990101-1976-0921-5136", PersonalKind.ID_CARD),
        ("9900004518209372654", PersonalKind.BANK_CARD),
        ("9900 0045 1820 9372 654", PersonalKind.BANK_CARD),
        ("9900004518209372655", PersonalKind.NUMBER),
        ("990101760921513", PersonalKind.NUMBER),
    ],
)
def test_a_long_number_is_found_whether_its_checksum_holds_or_not(
    number: str, kind: PersonalKind
) -> None:
    assert finds(f"号码是{number}。") == [(number, kind)]


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("车牌湘L·Z9931停在路上", "湘L·Z9931", PersonalKind.PLATE),
        ("陕F99Z37闯红灯", "陕F99Z37", PersonalKind.PLATE),
        ("新能源车陕AD99345", "陕AD99345", PersonalKind.PLATE),
        ("教练车陕A9934学", "陕A9934学", PersonalKind.PLATE),
        ("写信到he.wj_0729@example.net,谢谢", "he.wj_0729@example.net", PersonalKind.EMAIL),
        ("微信号:abc_12345", "abc_12345", PersonalKind.ACCOUNT),
        ("加QQ99123456", "99123456", PersonalKind.ACCOUNT),
        ("户号1234567890", "1234567890", PersonalKind.NUMBER),
    ],
)
def test_plates_mailboxes_and_accounts_are_found(
    text: str, number: str, kind: PersonalKind
) -> None:
    assert finds(text) == [(number, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "105路公交",
        "2019年12月31日",
        "2019-12-31",
        "20191231",
        "2020.01.15-2020.02.15",
        "第十二条第三款",
        "12345热线没人接",
        "0731-12345",
        "400-800-1234",
        "欠薪1200000元",
        "共12345678元",
        "1,234,567.89元",
        "3.1415926535",
        "1 2 3 4 5 6 7 8 9 10 11",
        "14:30-15:30",
        "192.168.100.200",
        "统一社会信用代码91430100MA4L12345X",
        "G65高速K1234+500",
        "二〇一九年一月一日",
        "一二三四五六七八九十",
        "微信群里有人说",
        "湘A县的路",
    ],
)
def test_numbers_that_lead_to_nobody_stay(text: str) -> None:
    assert finds(text) == []


def test_the_check_character_of_an_id_card() -> None:
    assert has_id_checksum("990101197609215136")
    assert has_id_checksum("99010119660405026x")
    assert not has_id_checksum("990101197609215137")
    assert not has_id_checksum("99010119760921513")
    assert not has_id_checksum("")


def test_the_check_digit_of_a_bank_card() -> None:
    assert has_luhn_checksum("9900004518209372654")
    assert not has_luhn_checksum("9900004518209372655")
