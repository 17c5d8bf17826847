"""Personal data: what kinds there are, and a find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from classifier.spans import Span


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
