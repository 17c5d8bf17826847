"""Sectors 界别 and the level-1 topics that people of a sector know from their own work.

A sector that brings no subject of its own (a party, invited persons) stands for none, and so
does one that only a committee's own list names.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.domain.sector import split_sectors

SECTOR_TOPICS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "民革": ("政法",),
        "民盟": ("教育文体",),
        "民建": ("经济管理",),
        "民进": ("教育文体",),
        "农工党": ("卫生计生",),
        "致公党": ("党务政务",),
        "九三学社": ("科技与信息产业",),
        "台盟": ("党务政务",),
        "共青团": ("党务政务", "教育文体"),
        "青联": ("党务政务", "教育文体"),
        "共青团和青联": ("党务政务", "教育文体"),
        "总工会": ("劳动和社会保障",),
        "妇联": ("党务政务", "民政"),
        "工商联": ("商贸旅游", "经济管理"),
        "科协": ("科技与信息产业",),
        "台联": ("党务政务",),
        "侨联": ("党务政务",),
        "文化艺术界": ("教育文体", "商贸旅游"),
        "科学技术界": ("科技与信息产业",),
        "社会科学界": ("党务政务", "政法"),
        "经济界": ("经济管理", "商贸旅游"),
        "农业界": ("农村农业",),
        "教育界": ("教育文体",),
        "体育界": ("教育文体",),
        "新闻出版界": ("党务政务", "教育文体"),
        "医药卫生界": ("卫生计生",),
        "对外友好界": ("党务政务",),
        "社会福利和社会保障界": ("民政", "劳动和社会保障"),
        "少数民族界": ("党务政务",),
        "宗教界": ("党务政务",),
        "环境资源界": ("环境保护", "国土资源"),
    }
)


def sector_topics(sector: str) -> tuple[str, ...]:
    """The level-1 topics of a sector, or of several written with 「;」 between them."""
    return tuple(topic for name in split_sectors(sector) for topic in SECTOR_TOPICS.get(name, ()))
