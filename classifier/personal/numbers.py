"""Numbers that lead to a person: phones, ID cards, bank cards, plates, mailboxes, accounts.

Numbers are told apart by their standards: ID cards by GB 11643-1999 (ISO 7064 MOD 11-2), bank
cards by ISO/IEC 7812-1 (Luhn). A long number that fails them is found all the same: a wrong
digit does not make it less personal. Digits may be written in Chinese (一三九…) and apart.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from classifier.personal.data import PersonalData, PersonalKind
from classifier.spans import Span
from classifier.text.spots import SpottedPattern

_WORD_CHARACTERS = f"{string.ascii_letters}{string.digits}_-"
_CHINESE_DIGITS = "〇零一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_AS_ASCII = str.maketrans(_CHINESE_DIGITS, "001122345678" + "9" + "123456789")
_DIGIT = f"[0-9{_CHINESE_DIGITS}]"
# Seven digits or more with little between them; which number it is, _FORMS says.
_BETWEEN_DIGITS = " ().+—–-"
_MORE_DIGITS = f"(?:[{_BETWEEN_DIGITS}]{{0,2}}{_DIGIT})"
_RUN = SpottedPattern(
    rf"{_DIGIT}{_MORE_DIGITS}{{6,}}[ -]?[Xx]?",
    here=string.digits + _CHINESE_DIGITS,
    behind=string.digits + _CHINESE_DIGITS + _BETWEEN_DIGITS,
)
_FORMS = re.compile(
    r"""(?<![0-9A-Za-z])(?:
    (?P<id>[0-9]{6}[ -]?(?:19|20)[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{3}[ -]?[0-9Xx]
          |[0-9]{17}[Xx])
    |(?P<card>[0-9]{4}(?:[ -][0-9]{4}){3}(?:[ -]?[0-9]{1,3})?|[0-9]{6}[ -][0-9]{10,13}|[0-9]{15,})
    |(?P<phone>\+?(?:0{0,2}86[) -]{0,2})?
        (?:1[3-9][0-9]{9}
          |1[3-9][0-9](?:[ .—–-]{1,2}[0-9]{4}){2}
          |1[3-9][0-9][ .—–-]{1,2}[0-9]{3}[ .—–-]{1,2}[0-9]{5}
          |1[3-9][0-9][ .—–-]{1,2}[0-9]{8}
          |1[3-9][0-9]{2}[ .—–-]{1,2}[0-9]{4}[ .—–-]{1,2}[0-9]{3}
          |1[ .-][3-9](?:[ .-][0-9]){9})
      |(?:\(0(?:10|2[0-9]|[3-9][0-9]{2})\)
         |(?:0|\(?86[) -]{1,2})(?:10|2[0-9]|[3-9][0-9]{2}))
        [ —–-]{0,2}[2-9][0-9]{2,3}[ -]?[0-9]{4}(?:-[0-9]{1,4})?)
    |(?P<local>[2-9][0-9]{2,3}[ -]?[0-9]{4})
    |(?P<other>[0-9]{7,14})
    )(?![0-9A-Za-z])""",
    re.VERBOSE,
)
_LEAD = r"(?:是|为|号码?|号是|[: ]){0,3}$"
_PHONE_LEAD = re.compile(f"(?:电话|座机|手机|热线|致电|拨打|联系方式){_LEAD}")
_ACCOUNT_LEAD = re.compile(
    f"(?:账号|帐号|账户|卡号|户号|证件号|身份证|银行卡|社保卡|医保卡){_LEAD}"
)
_LEAD_LENGTH = 10

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_ACCOUNT = SpottedPattern(
    "(?:微信|[Qq][Qq]|[Vv][Xx]|扣扣|支付宝|抖音|快手)(?:账号|帐号|是|为|号|码|[: ]){0,3}"
    "([A-Za-z0-9_-]{5,20})(?![A-Za-z0-9_@-])",
    here="微QqVv扣支抖快",
    behind="信QqXx扣付音手",
)
# Begins with the letter, which is rarer in Chinese text than the characters before it.
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = SpottedPattern(
    f"[A-Za-z](?<=[{_PROVINCES}].)[·•. -]?[A-Za-z0-9]{{4,5}}[A-Za-z0-9挂学警港澳](?![A-Za-z0-9])",
    here=string.ascii_letters,
    before=_PROVINCES,
)


# Every run of digits, plate and account holds one of these, but for a mailbox: most texts have
# none, so that one search does for three.
_HINT = SpottedPattern(
    f"[A-Za-z0-9_{_CHINESE_DIGITS}-](?:(?<={_DIGIT}){_MORE_DIGITS}{{6}}"
    "|(?<=[A-Za-z0-9_-])[A-Za-z0-9_-]{4}|(?<=[A-Za-z])[·•. -]?[A-Za-z0-9]{4})",
    here=_WORD_CHARACTERS + _CHINESE_DIGITS,
    behind=_WORD_CHARACTERS + _CHINESE_DIGITS + _BETWEEN_DIGITS + "·•",
)


def has_id_checksum(number: str) -> bool:
    """Whether 18 characters end in the check character of GB 11643-1999."""
    if re.fullmatch(r"[0-9]{17}[0-9Xx]", number) is None:
        return False
    weighted = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[weighted % 11] == number[17].upper()


def has_luhn_checksum(number: str) -> bool:
    """Whether the last of some digits is the Luhn check digit of ISO/IEC 7812-1."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def find_numbers(text: str) -> Iterator[PersonalData]:
    """Numbers, plates, mailboxes and accounts in plain text, in no order; they may overlap."""
    if "@" not in text and not _HINT.search(text):
        return
    for run in _RUN.finditer(text):
        yield from _in_run(text, *run.span())
    if "@" in text:
        yield from (_found(match, 0, PersonalKind.EMAIL) for match in _EMAIL.finditer(text))
    yield from (_found(match, 1, PersonalKind.ACCOUNT) for match in _ACCOUNT.finditer(text))
    for match in _PLATE.finditer(text):
        yield PersonalData(Span(match.start() - 1, match.end()), PersonalKind.PLATE)


def _found(match: re.Match[str], group: int, kind: PersonalKind) -> PersonalData:
    return PersonalData(Span(*match.span(group)), kind)


def _in_run(text: str, start: int, end: int) -> Iterator[PersonalData]:
    """The numbers in one run of digits; two characters around it are looked at too."""
    begin = max(0, start - 2)
    for match in _FORMS.finditer(text[begin : end + 1].translate(_AS_ASCII)):
        span = Span(begin + match.start(), begin + match.end())
        kind = _kind_of(match, text[max(0, span.start - _LEAD_LENGTH) : span.start])
        if kind:
            yield PersonalData(span, kind)


def _kind_of(match: re.Match[str], lead: str) -> PersonalKind | None:
    """What number a match of _FORMS is, given what stands before it; None for a mere number."""
    form = match.lastgroup
    if form == "id":
        return PersonalKind.ID_CARD
    if form == "phone":
        return PersonalKind.PHONE
    if form == "card":
        digits = re.sub("[^0-9]", "", match.group())
        is_card = len(digits) <= 19 and has_luhn_checksum(digits)
        return PersonalKind.BANK_CARD if is_card else PersonalKind.NUMBER
    if form == "local" and _PHONE_LEAD.search(lead):
        return PersonalKind.PHONE
    return PersonalKind.NUMBER if _ACCOUNT_LEAD.search(lead) else None
