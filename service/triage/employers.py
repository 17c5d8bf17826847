"""The names people use for a member's employer."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LEGAL_FORM = re.compile("(?:集团)?(?:有限责任公司|股份有限公司|有限公司|公司)(?=工会$|$)|工会$")
_RETIRED = re.compile("^(?:退休|离休|无$|自由职业)")
_DIVISION = re.compile("(?:省|市|区|县|镇|乡|街道)$")
# 2 characters of a firm's own and 2 of its trade, or more.
_LEAST = 4
_TRADE = re.compile("(?:服务|工程|建设|科技|技术|商贸|贸易|实业|发展|管理|咨询|开发|投资)$")
# A name of the least length that begins with one of these is every place's and nobody's own.
_COMMON = re.compile(
    "人民|中心|城市|城乡|城关|农业|农村|农机|林业|水利|交通|公路|运输|建筑|建设|园林|市政|公共|环境|生态"
    "|文化|文物|体育|教育|教师|实验|职业|技术|成人|第.|卫生|医疗|中医|妇幼|疾控|社会|福利|养老|老年|残疾"
    "|国有|国家|集体|供销|粮食|烟草|邮政|电信|移动|联通|电力|供电|供水|供热|供气|自来|污水|燃气|石油"
    "|人寿|财产|工商|建行|农信|信用|商业|民政|司法|公证|法律|律师|会计|审计|旅游|国际|新华|东方|综合"
)
_SYNONYMS = (("村民委员会", ("村委会", "村委")), ("居民委员会", ("居委会", "居委")))


def employer_names(
    employers: Iterable[str], place_names: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """For each employer the spellings that mean it, its own first; none for a retired person.

    Besides the full name: without the places in front (``place_names``, with or without
    their 县, 镇 …), without the legal form and the general words of trade at the end, with
    村委会 for 村民委员会. What is left of a name must have four characters, and of four the first
    two must not be a word that many bear. To pass over somebody for a namesake costs little, to
    let a party judge its own case much.
    """
    fronts = _fronts(place_names)
    return {employer: tuple(dict.fromkeys(_spellings(employer, fronts))) for employer in employers}


def _fronts(place_names: Iterable[str]) -> frozenset[str]:
    names = set(place_names)
    return frozenset(names | {_DIVISION.sub("", name) for name in names if len(name) > 2})


def _spellings(employer: str, fronts: frozenset[str]) -> Iterable[str]:
    if _RETIRED.match(employer):
        return
    yield employer
    local = _without_places(employer, fronts)
    firm = _LEGAL_FORM.sub("", local)
    for name in (local, _LEGAL_FORM.sub("", employer), firm, _TRADE.sub("", firm)):
        if _tells_apart(name):
            yield name
            yield from _synonymous(name)


def _tells_apart(name: str) -> bool:
    return len(name) > _LEAST or (len(name) == _LEAST and not _COMMON.match(name))


def _synonymous(name: str) -> Iterable[str]:
    for long, shorts in _SYNONYMS:
        if name.endswith(long):
            yield from (name.removesuffix(long) + short for short in shorts)


def _without_places(name: str, fronts: frozenset[str]) -> str:
    """The name without the longest place in front, and so on."""
    for length in range(min(len(name), 12), 1, -1):
        if name[:length] in fronts:
            return _without_places(name[length:], fronts)
    return name
