"""社情民意素材: drafts whose every sentence bears the number of what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from service.digest.materials import Material, Sentence
from service.digest.outline.blocks import (
    Block,
    Column,
    ColumnKind,
    Paragraph,
    Quote,
    Row,
    Subheading,
    Table,
)
from service.digest.outline.words import PERIOD_WORDS, chinese_number
from service.digest.report import Digest

_COUNTED = "基本情况"
_IDS_SHOWN = 8
_PLACES = 3


@dataclass(frozen=True, slots=True)
class _Note:
    """What one sentence of a draft rests on."""

    number: int
    place: int
    part: str
    material: Material
    sentence: Sentence


def material_blocks(digest: Digest) -> tuple[Block, ...]:
    """The drafts; the annex tells what each of their sentences rests on."""
    if not digest.materials:
        return (Paragraph("没有可成稿的社情民意素材。"),)
    opening = "以下素材引文均为来信原句，方括号内依据编号见附件。"
    notes = _notes(digest)
    told = [
        block
        for place, material in enumerate(digest.materials, start=1)
        for block in _tell(material, place, [note for note in notes if note.place == place])
    ]
    return (Paragraph(opening), *told)


def _notes(digest: Digest) -> list[_Note]:
    """All sentences of the drafts, numbered throughout."""
    told = [
        (place, part, material, sentence)
        for place, material in enumerate(digest.materials, start=1)
        for part, held in (
            (_COUNTED, (Sentence(_counted(material, digest), _ids_of(material)),)),
            ("来信反映", map(_quoted, material.examples)),
            ("来信诉求与建议", map(_quoted, material.wishes)),
        )
        for sentence in held
    ]
    return [_Note(number, *one) for number, one in enumerate(told, start=1)]


def _ids_of(material: Material) -> tuple[int, ...]:
    return material.hot.tally.messages.message_ids


def _tell(material: Material, place: int, notes: list[_Note]) -> list[Block]:
    """One draft: a heading, and a paragraph for each of its parts."""
    parts = {note.part: "" for note in notes}
    for note in notes:
        parts[note.part] += f"{note.sentence.text}［{note.number}］"
    return [
        Subheading(f"（{chinese_number(place)}）{material.hot.shown_title}"),
        *(Quote(f"{part}：{text}") for part, text in parts.items()),
    ]


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


def evidence_table(digest: Digest) -> Table:
    """What each sentence of the drafts rests on."""
    columns = (
        Column("编号", ColumnKind.INTEGER, 4),
        Column("素材", ColumnKind.LABEL, 5),
        Column("部分", ColumnKind.LABEL, 11),
        Column("依据的留言", ColumnKind.TEXT, 32),
    )
    rows = tuple(
        Row(
            (note.number, f"（{chinese_number(note.place)}）", note.part, _ids(note.sentence)),
            note.sentence.message_ids,
            note.material.hot.matter_ids,
        )
        for note in _notes(digest)
    )
    return Table("社情民意素材的依据", columns, rows, len(rows))


def _ids(sentence: Sentence) -> str:
    shown = "、".join(str(each) for each in sentence.message_ids[:_IDS_SHOWN])
    count = len(sentence.message_ids)
    return f"编号{shown}" + (f"等{count}条" if count > _IDS_SHOWN else "")
