"""What citizens are told of how their personal data are used, and agree to: each text ever shown.

A text that is changed gets a new version; the old one stays, for it is what was agreed to.
Personal Information Protection Law 个人信息保护法, articles 13, 14, 17 and 29.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Consent:
    """A text under its version."""

    version: str
    purpose: str
    basis: str
    retention: str
    rights: str


CURRENT = Consent(
    version="2026-11",
    purpose="受理、核实、办理您反映的事情并告知结果；姓名、电话加密保存，不对外公开，"
    "只有受理您的留言并需要回访的工作人员看得到，承办单位看到的是遮盖后的文字。",
    basis="您的同意（个人信息保护法第十三条第一款第一项）；不同意的，不影响您以来信、来访等方式反映。",
    retention="自办结起保存到规定的期限，期满删除或者去除个人信息。",
    rights="您可以不留姓名和电话，可以凭回执查询、补充，也可以向受理的工作室要求更正、删除或者撤回同意。",
)
CONSENTS: Mapping[str, Consent] = MappingProxyType({CURRENT.version: CURRENT})
MAX_VERSION_CHARS = 20
