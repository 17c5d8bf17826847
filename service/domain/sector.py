"""界别: the sectors that members belong to, the national ones or a committee's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_BETWEEN = re.compile("[;；、,，]")

# Those of the national committee since 2023.
NATIONAL_SECTORS = (
    *("中国共产党", "民革", "民盟", "民建", "民进", "农工党", "致公党", "九三学社", "台盟"),
    *("无党派人士", "共青团和青联", "总工会", "妇联", "工商联", "科协", "台联", "侨联"),
    *("文化艺术界", "科学技术界", "社会科学界", "经济界", "农业界", "教育界", "体育界"),
    *("新闻出版界", "医药卫生界", "对外友好界", "社会福利和社会保障界", "少数民族界", "宗教界"),
    *("环境资源界", "特邀香港人士", "特邀澳门人士", "特别邀请人士"),
)
# Two that became one in 2023; many local committees still keep them apart.
FORMER_SECTORS = ("共青团", "青联")


@dataclass(frozen=True, slots=True)
class Sector:
    """界别: one of a committee's own list, which takes the place of the national one."""

    committee: str
    name: str


def split_sectors(written: str) -> tuple[str, ...]:
    """The names in a cell that may hold several, e.g. ``农业界;工商联``."""
    return tuple(name.strip() for name in _BETWEEN.split(written) if name.strip())


class SectorLists:
    """Which sectors each committee knows.

    Parameters
    ----------
    sectors
        The committees' own lists.
    parents
        The code of the committee above each; where a committee has no list the next one's
        above holds, at last the national one.
    """

    def __init__(self, sectors: Iterable[Sector], parents: Mapping[str, str]) -> None:
        self._parents = parents
        self._own: dict[str, set[str]] = {}
        for sector in sectors:
            self._own.setdefault(sector.committee, set()).add(sector.name)

    def known(self, committee: str) -> frozenset[str]:
        """The names that members and studios of a committee may bear."""
        passed: set[str] = set()
        while committee and committee not in passed:
            if committee in self._own:
                return frozenset(self._own[committee])
            passed.add(committee)
            committee = self._parents.get(committee, "")
        return frozenset((*NATIONAL_SECTORS, *FORMER_SECTORS))
