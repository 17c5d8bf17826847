"""社情民意素材: drafts whose every sentence bears the number of what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from service.digest.materials import CRITERIA_ZH, Material, Sentence
from service.digest.outline.blocks import (
    Block,
    Column,
    ColumnKind,
    Paragraph,
    Row,
    Subheading,
    Table,
)
from service.digest.outline.words import PERIOD_WORDS, chinese_number
from service.digest.report import Digest

_IDS_SHOWN = 8
_PLACES = 3


@dataclass(frozen=True, slots=True)
class _Note:
    """What one sentence of a draft rests on."""

    number: int
    part: str
    material: Material
    sentence: Sentence


def material_blocks(digest: Digest) -> tuple[Block, ...]:
    """The drafts, then a table of what each of their sentences rests on."""
    if not digest.materials:
        return (Paragraph("没有可成稿的社情民意素材。"),)
    opening = (
        f"以下素材供撰写社情民意信息参考。{CRITERIA_ZH}。方括号内为依据编号，引文均为来信原句。"
    )
    notes: list[_Note] = []
    told: list[Block] = []
    for place, material in enumerate(digest.materials, start=1):
        told += _tell(material, place, digest, notes)
    return (Paragraph(opening), *told, _table(notes))


def _tell(material: Material, place: int, digest: Digest, notes: list[_Note]) -> list[Block]:
    """One draft; what its sentences rest on is added to ``notes``."""

    def numbered(part: str, sentence: Sentence) -> str:
        notes.append(_Note(len(notes) + 1, part, material, sentence))
        return f"{sentence.text}［{len(notes)}］"

    counted = Sentence(_counted(material, digest), material.hot.tally.messages.message_ids)
    blocks: list[Block] = [
        Subheading(f"（{chinese_number(place)}）{material.hot.shown_title}"),
        Paragraph(f"基本情况：{numbered('基本情况', counted)}"),
    ]
    for heading, held in (("来信反映", material.examples), ("来信诉求与建议", material.wishes)):
        if held:
            lines = [numbered(heading, _quoted(sentence)) for sentence in held]
            blocks.append(Paragraph(f"{heading}：{''.join(lines)}"))
    return blocks


def _quoted(sentence: Sentence) -> Sentence:
    return Sentence(f"“{sentence.text}”", sentence.message_ids)


def _counted(material: Material, digest: Digest) -> str:
    """The sentence that only counts."""
    hot, words = material.hot, PERIOD_WORDS[digest.period.kind]
    places = ""
    if hot.places:
        rest = f"等{len(hot.places)}处" if len(hot.places) > _PLACES else ""
        places = f"，涉及{'、'.join(hot.places[:_PLACES])}{rest}"
    departments = f"，承办单位为{'、'.join(material.departments)}" if material.departments else ""
    return (
        f"{words.this}{hot.tally.people.value}人来信{hot.tally.messages.value}条反映此事，"
        f"分布在{hot.days.value}天{places}{departments}。"
    )


def _table(notes: list[_Note]) -> Table:
    columns = (
        Column("编号", ColumnKind.INTEGER, 4),
        Column("素材", ColumnKind.TEXT, 18),
        Column("部分", ColumnKind.LABEL, 10),
        Column("依据的留言", ColumnKind.TEXT, 20),
    )
    rows = tuple(
        Row(
            (note.number, note.material.hot.shown_title, note.part, _ids(note.sentence)),
            note.sentence.message_ids,
            note.material.hot.matter_ids,
        )
        for note in notes
    )
    return Table("社情民意素材的依据", columns, rows, len(rows))


def _ids(sentence: Sentence) -> str:
    shown = "、".join(str(each) for each in sentence.message_ids[:_IDS_SHOWN])
    count = len(sentence.message_ids)
    return f"编号{shown}" + (f"等{count}条" if count > _IDS_SHOWN else "")
