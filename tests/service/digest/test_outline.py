from datetime import date, datetime, timedelta

import pytest

from service.digest import build_digest, parse_period
from service.digest.outline import Paragraph, Table, outline
from service.digest.outline.words import against_previous, chinese_number, percent
from service.domain.deadline import SHANGHAI
from service.domain.relation import Relation
from tests.service.digest.makers import NAMES, WEEK, a_digest, a_matter, a_message, some_facts


def paragraphs(digest: object) -> str:
    return "\n".join(
        block.text
        for section in outline(digest).sections  # type: ignore[arg-type]
        for block in section.blocks
        if not isinstance(block, Table)
    )


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四")]
)
def test_numbers_are_written_as_headings_write_them(number: int, written: str) -> None:
    assert chinese_number(number) == written


def test_small_numbers_get_no_percentage() -> None:
    assert against_previous(6, 3, "上周") == "较上周增加3条"
    assert against_previous(15, 20, "上周") == "较上周减少5条（下降25%）"
    assert against_previous(3, 3, "上周") == "与上周持平"
    assert percent(1, 3) == "33.3%"


def test_an_empty_week_reads_as_one() -> None:
    digest = build_digest(WEEK, some_facts(known_since=None), NAMES)
    told = paragraphs(digest)
    assert "本周没有收到群众留言。" in told
    assert "期末没有逾期未办结事项" in told
    assert "本周没有两人以上共同反映的事项。" in told
    assert not [table for section in outline(digest).sections for table in section.tables]


def test_the_overview_tells_messages_people_copies_and_matters() -> None:
    digest = a_digest(
        a_message(1, matter_id=1, sender_key=1),
        a_message(2, matter_id=1, sender_key=1, relation=Relation.COPY),
        matters=(a_matter(1),),
    )
    first = outline(digest).sections[0].blocks[0]
    assert first == Paragraph(
        "本周共收到群众留言2条，来信人1人，其中重复件1条。留言涉及事项1件，其中新立1件。"
    )


def test_a_running_month_says_that_it_is_not_compared() -> None:
    facts = some_facts((a_message(1),), cut_at=datetime(2019, 7, 20, 12, tzinfo=SHANGHAI))
    told = paragraphs(build_digest(parse_period("2019-07"), facts, NAMES))
    assert "本期尚未结束，数据不全，不与以前各期比较。" in told


def test_a_short_history_says_since_when_there_is_one() -> None:
    facts = some_facts((a_message(1),), known_since=date(2019, 7, 1))
    told = paragraphs(build_digest(WEEK, facts, NAMES))
    assert "与上周持平" not in told
    assert "留言数量较上周增加1条；系统自2019年7月1日起有留言" in told


def test_long_tables_are_cut_in_documents_and_the_rest_counted_together() -> None:
    messages = [
        a_message(100 * place + k, place=f"{place}村", sender_key=k)
        for place in range(20)
        for k in range(1, 3)
    ]
    table = next(
        table
        for table in outline(a_digest(*messages)).sections[4].tables
        if table.caption == "按地点统计"
    )
    assert len(table.rows) == 20
    assert len(table.document_rows) == 11
    assert table.document_rows[-1].cells[:4] == ("其余10项（见电子表）", 20, 0.5, 2)
    shown = sum(int(row.cells[1] or 0) for row in table.document_rows)
    assert shown == table.closing_rows[0].cells[1] == 40


def test_a_table_without_a_row_for_the_rest_says_where_it_is() -> None:
    late = [
        a_matter(n, due_at=a_matter(n).opened_at + timedelta(hours=1), department=f"第{n}局")
        for n in range(1, 9)
    ]
    table = outline(a_digest(matters=tuple(late))).sections[3].tables[0]
    assert (len(table.rows), len(table.document_rows)) == (8, 5)
    assert table.note == "注：共8项，全部见电子表“逾期未办结事项”。"


def test_a_new_matter_is_called_new_and_an_old_one_compared() -> None:
    old = a_matter(2, opened_at=a_matter(2).opened_at - timedelta(days=40))
    messages = [a_message(10 * n + k, matter_id=n) for n in (1, 2) for k in range(2)]
    told = paragraphs(a_digest(*messages, matters=(a_matter(1), old)))
    assert "均在7月8日，系本周新立" in told
    assert "均在7月8日，上周没有来信" in told


def test_sections_name_the_department_without_a_name() -> None:
    late = a_matter(1, department="", due_at=a_matter(1).opened_at + timedelta(hours=1))
    tables = outline(a_digest(matters=(late,))).sections[3].tables
    assert tables[0].rows[0].cells[2] == "未确定"


def test_the_committees_are_told_only_where_there_are_several() -> None:
    one = outline(a_digest(a_message(1, committee="C1")))
    two = outline(a_digest(a_message(1, committee="C1"), a_message(2, committee="C2")))
    captions = [[table.caption for table in told.sheets] for told in (one, two)]
    assert ["按政协组织统计" in names for names in captions] == [False, True]
