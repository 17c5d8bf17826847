"""模型运行 in words and one table."""

from __future__ import annotations

from collections.abc import Sequence

from service.digest.health import Drift, HealthOfPeriod
from service.digest.outline.blocks import Block, Column, ColumnKind, Paragraph, Row, Table
from service.digest.outline.words import PERIOD_WORDS, listed, percent
from service.digest.report import Digest
from service.digest.texts import fit

_CAPTION = "模型运行情况"
_NO_MODEL = "（未记录）"


def health_blocks(digest: Digest) -> tuple[Block, ...]:
    """What the model did alone, what people corrected, whether it drifts."""
    words, health = PERIOD_WORDS[digest.period.kind], digest.health
    if not health_table(digest).rows:
        return (Paragraph(f"{words.this}没有由模型判断的留言。"),)
    sentences = (
        _alone(health.periods[0], words.this),
        _corrected(health.periods[0], words.this),
        _drifted(health.drifts, words.base),
    )
    told = "".join(sentences)
    return (Paragraph(f"{told}各期情况和所用模型见电子表。"),)


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


def _drifted(drifts: Sequence[Drift], base: str) -> str:
    """What drifts, by its index; in one sentence what does not."""
    shifted = "".join(
        f"{one.name}与{base}相比有明显漂移（稳定性指数{one.index:.3f}，界限{one.limit:.3f}），"
        "请抽查近期判断。"
        for one in drifts
        if one.is_shift
    )
    steady = "和".join(one.name for one in drifts if one.index is not None and not one.is_shift)
    unknown = "和".join(one.name for one in drifts if one.index is None)
    return (
        shifted
        + (f"{steady}与{base}相比没有明显漂移。" if steady else "")
        + (f"留言太少，不判断{unknown}是否漂移。" if unknown else "")
    )


def health_table(digest: Digest) -> Table:
    """How the model did in the period and in those before; empty where it judged nothing."""
    health = digest.health
    columns = (
        Column("周期", ColumnKind.TEXT, 7),
        Column("新立", ColumnKind.INTEGER, 3),
        Column("直接交办", ColumnKind.PERCENT, 4),
        Column("核对", ColumnKind.INTEGER, 3),
        *(
            Column(f"改{one.head.label_zh}", ColumnKind.INTEGER, 4)
            for one in health.periods[0].heads
        ),
    )
    has_judged = health.versions or any(one.opened.value for one in health.periods)
    rows = tuple(_row(one) for one in health.periods) if has_judged else ()
    return Table(_CAPTION, columns, rows, len(rows))


def models_table(digest: Digest) -> Table:
    """The models that judged the messages, by their versions."""
    columns = (Column("模型", ColumnKind.TEXT, 8), Column("留言", ColumnKind.INTEGER, 2))
    rows = tuple(
        Row((fit(one.version) or _NO_MODEL, one.messages.value), one.messages.message_ids)
        for one in digest.health.versions
    )
    return Table("判断留言所用的模型", columns, rows, len(rows))


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
