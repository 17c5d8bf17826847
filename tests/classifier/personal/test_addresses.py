"""Households are found, buildings and estates stay."""

from __future__ import annotations

import pytest

from classifier.personal.find import PersonalKind, find_personal_data
from classifier.text.clean import clean


def addresses(text: str) -> list[str]:
    plain = clean(text).plain
    found = find_personal_data(plain)
    return [plain[f.span.start : f.span.end] for f in found if f.kind is PersonalKind.ADDRESS]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("住幸福里3栋2单元501", "3栋2单元501"),
        ("幸福里三栋二单元五〇一室", "三栋二单元五〇一室"),
        ("幸福里3号楼2单元18楼1801室", "3号楼2单元18楼1801室"),
        ("幸福里6栋302室", "6栋302室"),
        ("幸福里5#楼1单元302", "5#楼1单元302"),
        ("幸福里A座1203室", "A座1203室"),
        ("幸福里B区12-3-501", "12-3-501"),
        ("幸福里2单元3楼东户", "2单元3楼东户"),
        ("幸福里501室", "501室"),
        ("中台村四组26号", "四组26号"),
        ("中台村5组12号", "5组12号"),
        ("家住槐树巷12号,", "12号"),
        ("来电人称住老街14号", "14号"),
    ],
)
def test_a_household_is_found(text: str, address: str) -> None:
    assert addresses(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "3号楼电梯停运",
        "3号楼2单元电梯停运",
        "住5号楼三单元,18层,两部电梯",
        "3栋300户没有水",
        "2栋120平米",
        "住在6号楼顶层",
        "住建部〔2018〕53号文件",
        "黑沟村四组",
        "黑沟村6组12户受灾",
        "2019-12-31",
        "2019年3月501路公交",
        "12-3-2019年",
        "教室里没有暖气",
        "3号风机",
        "105房子",
    ],
)
def test_what_says_where_a_matter_is_stays(text: str) -> None:
    assert addresses(text) == []
