"""Personal data in a text: found by form and checksum, and masked where text leaves the file.

Numbers are tested by their own standards: ID cards by GB 11643-1999 (ISO 7064 MOD 11-2), bank
cards by ISO/IEC 7812-1 (Luhn). A long number that fails them is masked all the same: a wrong
digit does not make it less personal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from classifier.spans import Span
from classifier.surnames import COMPOUND_SURNAMES, SURNAMES


class PersonalKind(Enum):
    """What kind of personal data; the value is what stands in its place."""

    PHONE = "〔电话〕"
    ID_CARD = "〔身份证〕"
    BANK_CARD = "〔银行卡〕"
    NUMBER = "〔号码〕"
    PLATE = "〔车牌〕"
    EMAIL = "〔邮箱〕"
    ACCOUNT = "〔账号〕"
    NAME = "〔姓名〕"
    OFFICIAL = "某"
    ADDRESS = "〔门牌〕"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One find: where it stands in the text and what it is."""

    span: Span
    kind: PersonalKind


_SURNAME = f"(?:{'|'.join(COMPOUND_SURNAMES)}|[{''.join(sorted(SURNAMES))}])"
_HAN = "[\u4e00-\u9fff]"
_AFTER_NAME = "家住是今在来和与的系男女于有因从被向电现，,。.、；;：:！!？?（）() \n"
_GIVEN = rf"(?:{_HAN}{_HAN}?(?=[{_AFTER_NAME}]|$)|{_HAN}{{2}})"
_TITLES = (
    "书记|主任|局长|校长|院长|所长|站长|科长|处长|股长|县长|镇长|乡长|村长|区长|市长|部长|队长|组长|"
    "支书|主席|经理|老板|老师|医生|大夫|护士|警官|律师|法官|会计|师傅|女士|先生|阿姨|大爷|大妈|总经理|董事长"
)
_ROOM = r"[0-9一二三四五六七八九十]{1,5}"

_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ -]?[0-9]){14,18}(?:[ -]?[Xx])?(?![0-9A-Za-z])")
_ID_WITH_X = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])\(?0[0-9]{2,3}\)?[-—– ]?[2-9][0-9]{6,7}(?![0-9])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_ACCOUNT = re.compile(
    r"(?:微信号?|QQ号?|qq号?|支付宝)(?:是|为|号|码|[:： ]){0,3}([A-Za-z0-9_-]{5,20})(?![A-Za-z0-9_@-])"
)
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z]"
    "[·•. -]?[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"
)
_OWN_NAME = re.compile(
    "(?:我叫|我名叫|本人叫|名叫|我的名字是|姓名(?:是|为)?|联系人|来信人|反映人|投诉人|举报人|申请人|署名)"
    f"[:： ]{{0,2}}({_SURNAME}{_GIVEN})"
)
_TITLE = re.compile(f"(?:副|常务|常务副)?(?:{_TITLES})")
_ADDRESS = re.compile(
    rf"(?:[0-9A-Za-z一二三四五六七八九十]{{1,4}}(?:号楼|栋|幢|座|#楼?)(?:楼)?[,， ]?"
    rf"(?:{_ROOM}单元[,， ]?(?:{_ROOM}楼)?[0-9]{{0,5}}(?:室|号|房|户)?|[0-9]{{3,4}}(?:室|号|房|户)?))"
    rf"|{_ROOM}单元[,， ]?[0-9]{{3,4}}(?:室|号|房|户)?"
    rf"|[0-9]{{1,2}}[-—][0-9]{{1,2}}[-—][0-9]{{3,4}}(?:室|号|房|户)?"
    rf"|(?<![0-9]){_ROOM}组[0-9]{{1,4}}号"
    rf"|(?<![0-9])[0-9]{{3,4}}(?:室|房)(?![一-龥]?[0-9])"
)
_WORD_LIKE_SURNAMES = frozenset("向和原司于时任从各及对位全应都是单有为家用明经由当关商项车房")
_NO_SURNAME_AFTER = {"谢": "感多"}
_NOT_IN_A_GIVEN_NAME = frozenset("局院所厅司部委会市县区镇乡村校总站科处队组办长的和及与是在了到找被对向说请")


def has_id_checksum(number: str) -> bool:
    """Whether 18 characters end in the check character of GB 11643-1999."""
    if re.fullmatch(r"[0-9]{17}[0-9Xx]", number) is None:
        return False
    weighted = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[weighted % 11] == number[17].upper()


def has_luhn_checksum(number: str) -> bool:
    """Whether the last digit is the Luhn check digit of ISO/IEC 7812-1."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _long_numbers(text: str) -> Iterator[PersonalData]:
    for match in _DIGITS.finditer(text):
        number = match.group().replace(" ", "").replace("-", "")
        if has_id_checksum(number) or number[-1] in "Xx":
            kind = PersonalKind.ID_CARD
        elif has_luhn_checksum(number):
            kind = PersonalKind.BANK_CARD
        else:
            kind = PersonalKind.NUMBER
        yield PersonalData(Span(*match.span()), kind)


def _officials(text: str) -> Iterator[PersonalData]:
    for match in _TITLE.finditer(text):
        start = _name_start(text, match.start())
        if start < match.start():
            yield PersonalData(Span(start, match.start()), PersonalKind.OFFICIAL)


def _name_start(text: str, title_start: int) -> int:
    """Where the name before a title begins; ``title_start`` itself where there is none.

    The nearest surname wins, so that 「向王主任」 gives 王 and 「张建国局长」 gives 张建国.
    """
    if text[max(0, title_start - 2) : title_start] in COMPOUND_SURNAMES:
        return title_start - 2
    for length in (1, 2, 3):
        start = title_start - length
        if start < 0 or text[start] in _NOT_IN_A_GIVEN_NAME or not _is_han(text[start]):
            break
        if text[start] in SURNAMES and _reads_as_surname(text, start):
            return start
    return title_start


def _reads_as_surname(text: str, start: int) -> bool:
    before = text[start - 1] if start else "\n"
    if text[start] in _WORD_LIKE_SURNAMES:
        return before in "的、,。:： \n"
    return before not in _NO_SURNAME_AFTER.get(text[start], "")


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


_BY_FORM: tuple[tuple[re.Pattern[str], int, PersonalKind], ...] = (
    (_ID_WITH_X, 0, PersonalKind.ID_CARD),
    (_MOBILE, 0, PersonalKind.PHONE),
    (_LANDLINE, 0, PersonalKind.PHONE),
    (_EMAIL, 0, PersonalKind.EMAIL),
    (_ACCOUNT, 1, PersonalKind.ACCOUNT),
    (_PLATE, 0, PersonalKind.PLATE),
    (_OWN_NAME, 1, PersonalKind.NAME),
    (_ADDRESS, 0, PersonalKind.ADDRESS),
)


def find_personal_data(text: str, sender_name: str = "") -> list[PersonalData]:
    """Find personal data in plain text (see ``classifier.clean``).

    Parameters
    ----------
    text
        Plain text of any length.
    sender_name
        The sender's own name; each occurrence is found when it has two characters or more.

    Returns
    -------
    list of PersonalData
        In order, without overlap; of two that overlap the earlier and longer one stays.
    """
    found = list(_long_numbers(text))
    for pattern, group, kind in _BY_FORM:
        found += [PersonalData(Span(*m.span(group)), kind) for m in pattern.finditer(text)]
    found += _officials(text)
    if len(sender_name) >= 2:
        found += [
            PersonalData(Span(*match.span()), PersonalKind.NAME)
            for match in re.finditer(re.escape(sender_name), text)
        ]
    return _without_overlap(found)


def _without_overlap(found: Iterable[PersonalData]) -> list[PersonalData]:
    kept: list[PersonalData] = []
    for item in sorted(found, key=lambda item: (item.span.start, -item.span.end)):
        if not kept or item.span.start >= kept[-1].span.end:
            kept.append(item)
    return kept


def mask(text: str, spans: Iterable[tuple[Span, PersonalKind]]) -> str:
    """Put each kind's placeholder in the place of its span. Spans are in order, disjoint."""
    pieces: list[str] = []
    end = 0
    for span, kind in spans:
        pieces += (text[end : span.start], kind.value)
        end = span.end
    pieces.append(text[end:])
    return "".join(pieces)
