"""Edits: what becomes of a text that is sent again, by hand or by a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from random import Random

import opencc

Edit = Callable[[str, Random], str]

BOILERPLATE = "以上情况句句属实，恳请上级领导百忙之中过问此事，尽早派员实地核查并书面答复，不胜感激"
_TYPED = "的一是了不在有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会"
_SAME_SOUND = """
    的得地 在再 做作坐座 是事市式示试视世 有又友右 他她它 以已一衣医依 公工功
    路录陆鹿 水睡税 电店垫殿 小晓校笑 村存 区去趣 主住注助 人仁任认 房防方
    业夜叶 没每美 里理力立利历 时十石实食识 知只支之枝 同通铜童 收手首守
    费飞肥 政正证整 府付负妇 部不步布 门们闷 到道倒 期其起气汽 车扯 站占战
    园员元原 安按岸 全权泉 居局具据 民名明 请情清轻 建见件间 设社射 长常场
    交叫教 学雪 老劳 师施失 生声省 处除楚 问文闻 题提体 解姐节界 决绝
    希西息习 望王忘 领零 导岛 关官管 心新信 办半伴 经精京 天添田 家加价
    多朵夺 少烧 钱前欠 开凯 发法罚 现先线限 修秀 坏怀 噪早造 音因阴
    物务五无
"""
_SOUNDS_LIKE = {
    letter: "".join(other for other in group if other != letter)
    for group in _SAME_SOUND.split()
    for letter in group
}
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_TRADITIONAL = opencc.OpenCC("s2t")


def _letters(text: str, random: Random, *, rate: float, kind: str) -> str:
    """Insert, delete or substitute a share of a text's characters."""
    edited = []
    for letter in text:
        if random.random() >= rate:
            edited.append(letter)
            continue
        is_typed = random.random() < 0.5
        other = random.choice(_TYPED) if is_typed else chr(random.randrange(0x4E00, 0x9FA6))
        edited.append({"inserted": letter + other, "deleted": "", "substituted": other}[kind])
    return "".join(edited)


def _shuffled(text: str, random: Random) -> str:
    clauses = re.split(r"(?<=[，。！？；])", text)
    random.shuffle(clauses)
    return "".join(clauses)


def _padded(text: str, random: Random) -> str:
    return f"尊敬的领导：{text}{BOILERPLATE}。"


def _traditional(text: str, random: Random) -> str:
    return str(_TRADITIONAL.convert(text))


def _full_width(text: str, random: Random) -> str:
    return text.translate(_FULL_WIDTH)


def _misspelt(text: str, random: Random, *, rate: float) -> str:
    """Write a share of the characters as others that sound the same, where these are known."""
    return "".join(
        random.choice(_SOUNDS_LIKE[letter])
        if letter in _SOUNDS_LIKE and random.random() < rate
        else letter
        for letter in text
    )


EDITS: Mapping[str, Edit] = {
    **{
        f"{kind}_{percent}": partial(_letters, rate=percent / 100, kind=kind)
        for kind in ("inserted", "deleted", "substituted")
        for percent in (5, 10, 20)
    },
    "shuffled": _shuffled,
    "boilerplate": _padded,
    "traditional": _traditional,
    "full_width": _full_width,
    "homophones": partial(_misspelt, rate=0.3),
}
