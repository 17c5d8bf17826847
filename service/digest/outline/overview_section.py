"""总体情况 in words and one table."""

from __future__ import annotations

from service.digest.counts import Dimension
from service.digest.outline.blocks import (
    Block,
    Chart,
    ChartKind,
    Column,
    ColumnKind,
    Paragraph,
    Row,
    Table,
)
from service.digest.outline.words import (
    PERIOD_WORDS,
    against_previous,
    judged,
    listed,
    percent,
)
from service.digest.overview import Overview, PeriodFigures, Total
from service.digest.report import Digest

_MOST = 3
_MOST_NAMED = (
    (Dimension.TOPIC_L1, "反映较多的主题是"),
    (Dimension.PLACE, "来信较多的地点是"),
    (Dimension.DEPARTMENT, "涉及较多的承办单位是"),
)


def overview_blocks(digest: Digest) -> tuple[Block, ...]:
    """Received, handled, compared, most named; the totals of five periods."""
    sentences = (received(digest), handled(digest) + compared(digest), most_named(digest))
    paragraphs = tuple(Paragraph(text) for text in sentences if text)
    has_any = any(total.messages for total in digest.overview.totals)
    if not has_any:
        return paragraphs
    return (*paragraphs, *_earlier_blocks(digest), totals_table(digest))


def _earlier_blocks(digest: Digest) -> tuple[Block, ...]:
    """The earlier periods that this one is held against."""
    earlier = digest.overview.earlier
    if not earlier:
        return ()
    return (earlier_table(digest),)


def earlier_table(digest: Digest) -> Table:
    """This period and the earlier ones, a row each; why one cannot be compared is told below."""
    columns = (
        Column("周期", ColumnKind.TEXT, 6),
        Column("留言", ColumnKind.INTEGER, 3),
        Column("来信人", ColumnKind.INTEGER, 4),
        Column("重复件", ColumnKind.INTEGER, 4),
        Column("事项", ColumnKind.INTEGER, 3),
        Column("新立", ColumnKind.INTEGER, 3),
        Column("办结", ColumnKind.INTEGER, 3),
        Column("按期率", ColumnKind.PERCENT, 4),
        Column("满意率", ColumnKind.PERCENT, 4),
        Column("可比", ColumnKind.LABEL, 3),
    )
    overview, this = digest.overview, PERIOD_WORDS[digest.period.kind].this
    rows = (
        _figures_row(this, overview, ""),
        *(
            _figures_row(one.label_zh, one.figures, "否" if one.obstacle else "是")
            for one in overview.earlier
        ),
    )
    told = "；".join(
        f"与{one.label_zh}不可比：{one.obstacle}" for one in overview.earlier if one.obstacle
    )
    remark = f"{told}。" if told else ""
    return Table("环比和同比", columns, rows, len(rows), remark=remark)


def _figures_row(name: str, figures: PeriodFigures | None, comparable: str) -> Row:
    if figures is None:
        return Row((name, *([None] * 8), comparable))
    counted = figures.tally
    cells = (
        name,
        counted.messages.value,
        counted.people.value,
        counted.copies.value,
        figures.matters.value,
        figures.opened.value,
        figures.closed.value,
        _share_of(figures.in_time.value, figures.closed.value),
        _share_of(figures.satisfied.value, figures.rated.value),
        comparable,
    )
    touched = {*figures.matters.matter_ids, *figures.opened.matter_ids, *figures.closed.matter_ids}
    return Row(cells, counted.messages.message_ids, tuple(sorted(touched)))


def _share_of(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def received(digest: Digest) -> str:
    """How many messages of how many people came, about how many matters."""
    words, overview = PERIOD_WORDS[digest.period.kind], digest.overview
    counted = overview.tally
    if not counted.messages.value:
        return f"{words.this}没有收到群众留言。"
    copies = f"，其中重复件{counted.copies.value}条" if counted.copies.value else ""
    opened = f"，其中新立{overview.opened.value}件" if overview.opened.value else ""
    return (
        f"{words.this}共收到群众留言{counted.messages.value}条，来信人{counted.people.value}人"
        f"{copies}。留言涉及事项{overview.matters.value}件{opened}。{_marked(overview)}"
    )


def _marked(overview: Overview) -> str:
    """The urgent messages and those that wait for a person, where there are any."""
    parts = []
    if overview.urgent.value:
        parts.append(f"紧急留言{overview.urgent.value}条")
    if overview.to_review.value:
        parts.append(f"待人工复核{overview.to_review.value}条")
    return f"{'，'.join(parts)}。" if parts else ""


def handled(digest: Digest) -> str:
    """What was closed, how much of it in time, what is overdue."""
    words, overview = PERIOD_WORDS[digest.period.kind], digest.overview
    closed, late = overview.closed.value, len(digest.overdue.matters)
    done = f"{words.this}没有办结事项"
    if closed:
        in_time = overview.in_time.value
        rate = percent(in_time, closed)
        done = f"{words.this}办结事项{closed}件，其中按期办结{in_time}件，按期办结率{rate}"
    overdue = f"逾期未办结事项{late}件" if late else "没有逾期未办结事项"
    return f"{done}；期末{overdue}。{_rated(overview)}"


def _rated(overview: Overview) -> str:
    """What senders said of answers, where any did."""
    if not overview.rated.value:
        return ""
    share = percent(overview.satisfied.value, overview.rated.value)
    return (
        f"收到对答复的评价{overview.rated.value}条，其中满意和基本满意"
        f"{overview.satisfied.value}条，满意率{share}。"
    )


def compared(digest: Digest) -> str:
    """The number of messages against the periods before, or why it can't be compared."""
    words, comparison = PERIOD_WORDS[digest.period.kind], digest.overview.comparison
    if digest.cut_at < digest.period.end_at or comparison.previous is None:
        return f"{digest.obstacle}。"
    change = against_previous(comparison.value, comparison.previous, words.last)
    return f"留言数量{change}；{judged(comparison, words) or digest.obstacle}。"


def most_named(digest: Digest) -> str:
    """The topics, places and departments of most messages, unknown ones left out."""
    clauses = []
    for dimension, opening in _MOST_NAMED:
        named = [
            f"{row.name}{row.tally.messages.value}条"
            for row in digest.table(dimension).rows
            if row.key and row.tally.messages.value
        ][:_MOST]
        if named:
            clauses.append(opening + listed(named))
    return f"{'；'.join(clauses)}。" if clauses else ""


def totals_table(digest: Digest) -> Table:
    """Messages, people and copies of the period and the four before."""
    columns = (
        Column("周期", ColumnKind.TEXT, 6),
        Column("起止日期", ColumnKind.TEXT, 10),
        Column("留言（条）", ColumnKind.INTEGER, 4),
        Column("来信人（人）", ColumnKind.INTEGER, 4),
        Column("重复件（条）", ColumnKind.INTEGER, 4),
    )
    rows = tuple(_total_row(total, digest) for total in digest.overview.totals)
    chart = Chart(ChartKind.LINE, 0, (2, 3), is_drawn=True, tells_all=True)
    return Table("近五期留言数量", columns, rows, len(rows), chart=chart)


def _total_row(total: Total, digest: Digest) -> Row:
    """One period; only the messages of the digest's own are at hand to be named."""
    period = total.period
    ids = digest.overview.tally.messages.message_ids if period == digest.period else ()
    cells = (period.label_zh, period.range_zh, total.messages, total.people, total.copies)
    return Row(cells, ids)
