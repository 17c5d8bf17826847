"""模型运行 in words and one table."""

from __future__ import annotations

from service.digest.health import Drift, HealthOfPeriod
from service.digest.outline.blocks import Block, Column, ColumnKind, Paragraph, Row, Table
from service.digest.outline.words import PERIOD_WORDS, listed, percent
from service.digest.report import Digest
from service.digest.texts import fit

_NO_MODEL = "（未记录）"


def health_blocks(digest: Digest) -> tuple[Block, ...]:
    """What the model did alone, what people corrected, whether it drifts."""
    words, health = PERIOD_WORDS[digest.period.kind], digest.health
    if not health.versions and not any(one.opened.value for one in health.periods):
        return (Paragraph(f"{words.this}没有由模型判断的留言。"),)
    sentences = (
        _versions(digest),
        _alone(health.periods[0], words.this),
        _corrected(health.periods[0], words.this),
        *(_drift(one, words.base) for one in health.drifts),
    )
    return (*(Paragraph(text) for text in sentences if text), _table(digest))


def _versions(digest: Digest) -> str:
    used = digest.health.versions
    named = [f"{fit(one.version) or _NO_MODEL}（{one.messages.value}条）" for one in used]
    return f"判断留言所用模型：{listed(named)}。" if named else ""


def _alone(now: HealthOfPeriod, this: str) -> str:
    if not now.opened.value:
        return ""
    alone = now.alone.value
    told = f"未经人工复核直接交办的{alone}件，占{percent(alone, now.opened.value)}"
    return f"{this}新立事项{now.opened.value}件，{told}。"


def _corrected(now: HealthOfPeriod, this: str) -> str:
    if not now.checked.value:
        return f"{this}没有人工核对过的判断。"
    wrong = [
        f"{one.head.label_zh}{one.corrected.value}条" for one in now.heads if one.corrected.value
    ]
    found = f"改正{listed(wrong)}" if wrong else "均与模型的判断一致"
    return f"{this}人工核对{now.checked.value}条，{found}。"


def _drift(drift: Drift, base: str) -> str:
    if drift.index is None or drift.limit is None:
        return f"{drift.name}：留言太少，不判断是否漂移。"
    said = "有明显漂移，请抽查近期判断" if drift.is_shift else "没有明显漂移"
    index = f"稳定性指数为{drift.index:.3f}（界限{drift.limit:.3f}）"
    return f"{drift.name}与{base}相比的{index}，{said}。"


def _table(digest: Digest) -> Table:
    heads = digest.health.periods[0].heads
    columns = (
        Column("周期", ColumnKind.TEXT, 7),
        Column("新立", ColumnKind.INTEGER, 3),
        Column("直接交办", ColumnKind.PERCENT, 4),
        Column("核对", ColumnKind.INTEGER, 3),
        *(Column(f"改{one.head.label_zh}", ColumnKind.INTEGER, 4) for one in heads),
    )
    rows = tuple(_row(one) for one in digest.health.periods)
    return Table("模型运行情况", columns, rows, len(rows))


def _row(one: HealthOfPeriod) -> Row:
    opened = one.opened.value
    cells = (
        one.period.label_zh,
        opened,
        one.alone.value / opened if opened else None,
        one.checked.value,
        *(each.corrected.value for each in one.heads),
    )
    return Row(cells, one.checked.message_ids, one.opened.matter_ids)
