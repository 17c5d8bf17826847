"""Names of concrete things: estates, roads, companies, schools and others, told by their endings.

No list knows a county's every estate and firm, but what they are called ends in one of a few
words. The two characters before the ending tell one from the next; what everybody writes there
(「我们小区」) is told from a name by how common it is.
"""

from __future__ import annotations

import re

from classifier.text.spots import HAN, SpottedPattern

_BEFORE = 2
_ENDINGS = (
    # estates and buildings
    *("小区", "花园", "家园", "公寓", "佳园", "佳苑", "嘉园", "新城", "国际城", "公馆", "山庄"),
    *("华府", "豪庭", "广场", "大厦", "城", "苑", "园", "府", "湾", "郡", "庭", "里", "居", "轩"),
    # ways
    *("大道", "路", "街", "巷", "高速", "线", "桥", "隧道", "立交", "站"),
    # schools, firms, institutions
    *("大学", "学院", "中学", "小学", "幼儿园", "学校", "公司", "集团", "酒店", "饭店", "医院"),
    *("银行", "中心", "超市", "工厂", "搅拌站", "市场", "驾校", "物业", "厂", "店", "局"),
    # where people live
    *("街道", "社区", "村", "镇", "乡", "组", "片区", "工业园", "公园"),
)


def _by_first_character(words: tuple[str, ...]) -> str:
    """A pattern of these words that looks at a character's own words only.

    The longest come first, so that 「工业园」 is not cut short to 「工」 where that is one too.
    """
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?:{'|'.join(others)})" for first, others in rests.items())


# Most characters begin no ending, which is seen before anything else is looked at.
_FIRST = "".join(sorted({word[0] for word in _ENDINGS}))
_NAME = SpottedPattern(
    f"(?=[{_FIRST}])(?<=[一-鿿]{{{_BEFORE}}})(?:{_by_first_character(_ENDINGS)})",
    here=_FIRST,
    before=HAN,
)


def concrete_names(text: str) -> list[str]:
    """Every name with its ending, in order: two characters and what kind of thing it is."""
    return [text[m.start() - _BEFORE : m.end()] for m in _NAME.finditer(text)]


_LONG_ENDING = re.compile(
    "[湾村镇乡街路桥沟]?(?:"
    + "|".join(sorted((word for word in _ENDINGS if len(word) > 1), key=len, reverse=True))
    + ")"
)


def is_thing_at(text: str, end: int) -> bool:
    """Whether what ends here is followed by a word for a thing of two characters up: 扬帆|小区."""
    return _LONG_ENDING.match(text, end) is not None
