"""Addresses below the estate: what tells one household from another.

A building alone (3号楼) stays, it says where a matter is; with a room behind it the household is
found. So is a house number after a group of villagers (5组12号) or after words of living there.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from classifier.personal.data import PersonalData, PersonalKind
from classifier.spans import Span
from classifier.text.spots import SpottedPattern

_NUMERALS = f"{string.digits}〇零一二三四五六七八九十"
_NUMBER = f"[{_NUMERALS}]"
_ROOM = "(?:[0-9]{3,4}|[〇零一二三四五六七八九]{3,4})"
_FLAT = "(?:室|号房|房(?![子间屋产价地东型源改]))"
_DOOR = rf"(?:{_FLAT}|号|户)?"
_FLOOR = rf"(?:{_NUMBER}{{1,3}}[楼层][,， ]?)?"
_NOT_A_COUNT = "(?![0-9年元户万千百多平米个人块斤度亩伏瓦%.台辆层栋mM㎡])"
_SIDE = f"{_NUMBER}{{1,3}}[楼层]?(?:[东西中南北左右]户|[0-9]号)"
_IN_UNIT = f"单元[,， ]?{_FLOOR}(?:{_ROOM}{_NOT_A_COUNT}{_DOOR}|{_SIDE})"
_BUILDING = "(?:号楼|#楼?|栋楼?|幢楼?|座)"
_BEGINS, _GOES_ON = f"{_NUMERALS}{string.ascii_letters}", f"{_NUMERALS}号#栋幢座单组—-"
# Begins with one character that is no repeat, so that a search skips what cannot match, and with
# a look at the next: most numerals in a text are no address (一个, 三年).
_HOUSEHOLD = SpottedPattern(
    f"[{_BEGINS}](?=[{_GOES_ON}])(?:"
    f"{_NUMBER}{{0,3}}(?:"
    f"(?:{_BUILDING}|号院?)[,， ]?(?:{_NUMBER}{{1,3}}{_IN_UNIT}|{_FLOOR}{_ROOM}{_FLAT})"
    f"|{_BUILDING}[,， ]?{_ROOM}{_NOT_A_COUNT}"
    f"|{_IN_UNIT}"
    "|组[0-9]{1,4}号"
    f"|(?<![0-9]{{3}})[-—][0-9]{{1,2}}[-—][0-9]{{3,4}}(?![0-9年]){_DOOR}"
    f"|(?<![0-9]{{3}})[-—][0-9]{{3,4}}(?:{_FLAT}|号))"
    f"|(?<![0-9].)[0-9]{{2,3}}{_FLAT}(?![一-龥]?[0-9])"
    "|[〇零一二三四五六七八九]{2,3}室)",
    here=_BEGINS,
    behind=_GOES_ON,
)
# Every form of a household holds one of these; most texts hold none.
_HINT = SpottedPattern(
    f"[#栋幢座号元][楼院]?[,， ]?{_NUMBER}|[组—-][0-9]|[室房](?:(?<={_NUMBER}.)|(?<=号.))",
    here="#栋幢座号元组—-室房",
)
_HOME = re.compile(
    "(?:住(?![建房户宅院宿改])|地址)[^,。;!?\n第〔\\[\\]〕年月]{1,28}?([0-9一二三四五六七八九十]{1,5}号)"
    "(?![楼线院门杆井机口栋])"
)


def find_addresses(text: str) -> Iterator[PersonalData]:
    """Households in plain text, in no order; they may overlap."""
    if _HINT.search(text):
        for match in _HOUSEHOLD.finditer(text):
            yield PersonalData(Span(*match.span()), PersonalKind.ADDRESS)
    if "号" in text and ("住" in text or "地址" in text):
        for match in _HOME.finditer(text):
            yield PersonalData(Span(*match.span(1)), PersonalKind.ADDRESS)
