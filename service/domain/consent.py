"""What citizens are told of how their personal data are used, and agree to: each text ever shown.

A text that is changed gets a new version; the old one stays, for it is what was agreed to.
Personal Information Protection Law 个人信息保护法, articles 13, 14, 17 and 29.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from service.domain.retention import KEPT_ALWAYS, PERIODS


@dataclass(frozen=True, slots=True)
class Consent:
    """A text under its version."""

    version: str
    purpose: str
    basis: str
    retention: str
    rights: str


# The text before it told how long messages are kept here.
_FIRST = Consent(
    version="2026-11",
    purpose="受理、核实、办理您反映的事情并告知结果；姓名、电话加密保存，不对外公开，"
    "只有受理您的留言并需要回访的工作人员看得到，承办单位看到的是遮盖后的文字。",
    basis="您的同意（个人信息保护法第十三条第一款第一项）；不同意的，不影响您以来信、来访等方式反映。",
    retention="自办结起保存到规定的期限，期满删除或者去除个人信息。",
    rights="您可以不留姓名和电话，可以凭回执查询、补充，也可以向受理的工作室要求更正、删除或者撤回同意。",
)
_VERSION = "2026-12"


def consent_for(message_years: int) -> Consent:
    """The text that is shown where messages are kept so many years; its version tells them too."""
    if message_years == KEPT_ALWAYS:
        kept = "没有规定保存期限，一直保存，直到您要求删除。"
        return replace(_FIRST, version=_VERSION, retention=kept)
    kept = f"自办结起保存 {message_years} 年，期满删除。"
    return replace(_FIRST, version=f"{_VERSION}/{message_years}", retention=kept)


CONSENTS: Mapping[str, Consent] = MappingProxyType(
    {_FIRST.version: _FIRST}
    | {
        each.version: each
        for each in map(consent_for, (KEPT_ALWAYS, *range(1, PERIODS["message_years"].most + 1)))
    }
)
MAX_VERSION_CHARS = 20
